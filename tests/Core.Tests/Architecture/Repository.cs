using Serverless940.Core.Tests.Policies;

namespace Serverless940.Core.Tests.Architecture;

/// <summary>The sources as they lie in the repository.</summary>
internal static class Repository
{
    private static readonly string[] s_kinds = [".cs", ".json", ".js", ".html", ".css", ".csproj"];

    public static string Root { get; } = Path.GetFullPath(Path.Combine(ExamplePolicy.PoliciesFolder, "..", "..", ".."));

    /// <summary>Path below <paramref name="folder"/>, with forward slashes, and text of each source file.</summary>
    public static IEnumerable<(string Path, string Text)> Sources(string folder)
    {
        var root = Path.Combine(Root, folder);
        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(path => (Full: path, Path: Path.GetRelativePath(root, path).Replace('\\', '/')))
            .Where(file => s_kinds.Contains(Path.GetExtension(file.Path)) && !Made(file.Path))
            .Select(file => (file.Path, File.ReadAllText(file.Full)));
    }

    private static bool Made(string path) =>
        path.Split('/').Any(part => part is "bin" or "obj" or "node_modules") || path.EndsWith(".lock.json", StringComparison.Ordinal);
}
