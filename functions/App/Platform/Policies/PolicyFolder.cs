using Serverless940.Core.Policies;

namespace Serverless940.Functions.Platform.Policies;

/// <summary>Reads a policy from a folder of JSON files.</summary>
public static class PolicyFolder
{
    private const string Schema = "policy.schema.json";

    /// <summary>The policy, or everything that is wrong with it. A folder that is missing or empty is an error too.</summary>
    public static PolicyResult Read(string folder)
    {
        var directory = new DirectoryInfo(Resolve(folder));
        if (!directory.Exists)
        {
            return new PolicyResult(null, [new PolicyError(folder, 0, 0, string.Empty, "there is no such folder")], 0);
        }

        var files = directory.GetFiles("*.json", SearchOption.TopDirectoryOnly)
            .Where(file => !file.Name.Equals(Schema, StringComparison.OrdinalIgnoreCase))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => new PolicyFile(file.Name, File.ReadAllBytes(file.FullName)))
            .ToList();
        return files.Count == 0
            ? new PolicyResult(null, [new PolicyError(folder, 0, 0, string.Empty, "there is no JSON file in the folder")], 0)
            : PolicyReader.Read(files);
    }

    /// <summary><c>--check-policy DIR</c>: one line an error, or one line of what there is. Returns the exit code.</summary>
    public static int Check(string folder, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var result = Read(folder);
        foreach (var error in result.Errors)
        {
            output.WriteLine(error.ToString());
        }

        if (result.NotListed > 0)
        {
            output.WriteLine($"and {result.NotListed} more");
        }

        if (result.Policy is not { } policy)
        {
            return 1;
        }

        output.WriteLine(
            $"OK, version {policy.Version}: {policy.Municipalities.Count} municipalities, {policy.Departments.Count} departments, " +
            $"{policy.Teams.Count} teams, {policy.Categories.Count} categories, {policy.Ladders.Count} ladders, {policy.Calendars.Count} calendars, {policy.Agencies.Count} agencies");
        return 0;
    }

    // A relative folder lies beside the app, wherever it was started from; one that exists where it was started wins.
    private static string Resolve(string folder) =>
        Path.IsPathRooted(folder) || Directory.Exists(folder) ? folder : Path.Combine(AppContext.BaseDirectory, folder);
}
