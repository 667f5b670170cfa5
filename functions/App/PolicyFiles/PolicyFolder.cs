using Serverless940.Core.Policies;

namespace Serverless940.Functions.Policies;

/// <summary>Reads the policy of a folder: all its <c>*.json</c> except schemas (<c>*.schema.json</c>).</summary>
public static class PolicyFolder
{
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static async Task<PolicyResult> ReadAsync(string directory, CancellationToken cancellationToken)
    {
        var files = new List<PolicyFile>();
        foreach (var path in Paths(directory))
        {
            files.Add(new PolicyFile(Path.GetFileName(path), await File.ReadAllBytesAsync(path, cancellationToken)));
        }

        return PolicyReader.Read(files);
    }

    /// <summary>The same where nothing can be awaited yet: at start-up, before there is a host.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static PolicyResult Read(string directory) =>
        PolicyReader.Read(Paths(directory).ConvertAll(path => new PolicyFile(Path.GetFileName(path), File.ReadAllBytes(path))));

    // Windows matches "*.json" against "x.json5" too, so the ending is checked again.
    private static List<string> Paths(string directory) =>
        Directory.EnumerateFiles(directory, "*.json")
            .Where(path => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
                && !path.EndsWith(".schema.json", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .ToList();
}
