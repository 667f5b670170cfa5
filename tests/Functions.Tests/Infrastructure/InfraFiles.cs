using System.Text.RegularExpressions;

namespace Serverless940.Functions.Tests.Infrastructure;

/// <summary>The files that describe Azure, as text, and the few shapes in them that tests look for.</summary>
internal static partial class InfraFiles
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every Bicep file by its path below <c>infra</c>.</summary>
    public static IReadOnlyDictionary<string, string> Bicep { get; } = Read("*.bicep");

    public static IReadOnlyDictionary<string, string> Parameters { get; } = Read("*.bicepparam");

    public static string Text(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path]));

    /// <summary>The strings of <c>var name = [ 'a' 'b' ]</c>.</summary>
    public static IReadOnlyList<string> List(string file, string name) =>
        [.. Quoted().Matches(Block(file, $"var {name} = ", '[', ']')).Select(match => match.Groups[1].Value)];

    /// <summary>The keys of an object or object type, of its first level.</summary>
    public static IReadOnlyList<string> Keys(string file, string start) =>
        [.. Key().Matches(Block(file, start, '{', '}')).Select(match => match.Groups[1].Value)];

    /// <summary>What stands between the brackets that open after <paramref name="start"/>.</summary>
    public static string Block(string file, string start, char open, char close)
    {
        var text = Bicep.TryGetValue(file, out var bicep) ? bicep : Parameters[file];
        var at = text.IndexOf(start + open, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{file} has no '{start}{open}'");
        // Formatted text closes at the margin on which it opened.
        var end = text.IndexOf("\n" + close, at, StringComparison.Ordinal);
        Assert.True(end > at, $"'{start}' of {file} does not end at the margin");
        return text[(at + start.Length + 1)..(end + 1)];
    }

    private static Dictionary<string, string> Read(string pattern)
    {
        var folder = Path.Combine(Root, "infra");
        return Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText, StringComparer.Ordinal);
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Serverless940.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)) ?? throw new InvalidOperationException("no repository");
        }

        return folder;
    }

    [GeneratedRegex("^  '([^']+)'\r?$", RegexOptions.Multiline)]
    private static partial Regex Quoted();

    [GeneratedRegex("^  ([A-Za-z_][A-Za-z0-9_]*): ", RegexOptions.Multiline)]
    private static partial Regex Key();
}
