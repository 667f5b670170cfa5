using System.Text.Json.Nodes;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Tests.Policies;

/// <summary>The example policy of the Eastern Province, as it lies in the repository.</summary>
internal static class ExamplePolicy
{
    private static readonly Lazy<IReadOnlyList<PolicyFile>> s_files = new(() => Directory
        .EnumerateFiles(Path.Combine(PoliciesFolder, "eastern-province"), "*.json")
        .Order(StringComparer.Ordinal)
        .Select(path => new PolicyFile(Path.GetFileName(path), File.ReadAllBytes(path)))
        .ToList());

    private static readonly Lazy<Policy> s_policy = new(() =>
        PolicyReader.Read(Files) is { Policy: { } policy } ? policy : throw new InvalidOperationException("The example policy is refused."));

    public static IReadOnlyList<PolicyFile> Files => s_files.Value;

    public static Policy Policy => s_policy.Value;

    public static string PoliciesFolder => Path.Combine(Root(), "functions", "App", "policies");

    /// <summary>All files as one document, fresh for each caller to change.</summary>
    public static JsonObject AsOneDocument()
    {
        var all = new JsonObject { ["format"] = 1 };
        foreach (var file in Files)
        {
            foreach (var (name, value) in JsonNode.Parse(file.Utf8.Span)!.AsObject())
            {
                if (name is not ("$schema" or "format"))
                {
                    all[name] = value!.DeepClone();
                }
            }
        }

        return all;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Serverless940.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The repository's root was not found.");
        }

        return folder.FullName;
    }
}
