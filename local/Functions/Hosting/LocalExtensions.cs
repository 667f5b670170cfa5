using System.Reflection;

namespace Serverless940.Local.Functions;

/// <summary>Finds what joins the host: assemblies beside the app marked with <see cref="LocalExtensionAttribute"/>.</summary>
internal static class LocalExtensions
{
    public static IReadOnlyList<ILocalExtension> Find(string folder)
    {
        var extensions = new List<ILocalExtension>();
        foreach (var file in Directory.EnumerateFiles(folder, "Serverless940.Local.*.dll").Order(StringComparer.Ordinal))
        {
            var assembly = Assembly.Load(new AssemblyName(Path.GetFileNameWithoutExtension(file)));
            foreach (var mark in assembly.GetCustomAttributes<LocalExtensionAttribute>())
            {
                extensions.Add((ILocalExtension)Activator.CreateInstance(mark.Extension)!);
            }
        }

        return extensions;
    }
}
