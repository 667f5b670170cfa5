namespace Serverless940.EndToEnd.Tests.Harness;

/// <summary>Where the built app and the files of the repository lie.</summary>
internal static class AppFiles
{
    public const string Dll = "Serverless940.Functions.dll";

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The app's folder, of the configuration these tests were built in.</summary>
    public static string Folder { get; } = Path.Combine(Root, "functions", "App", "bin", Configuration(), "net10.0");

    /// <summary>The settings of a first run; a developer's own may hold real addresses.</summary>
    public static string SampleSettings { get; } = Path.Combine(Root, "local.settings.sample.json");

    public static string ExamplePolicy { get; } = Path.Combine(Folder, "policies", "eastern-province");

    public static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        }

        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    // …/bin/<configuration>/net10.0/
    private static string Configuration() => Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Serverless940.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("These tests run from inside the repository.");
    }
}
