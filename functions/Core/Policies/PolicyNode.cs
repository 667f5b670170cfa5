using System.Globalization;
using System.Text;

namespace Serverless940.Core.Policies;

internal enum NodeKind
{
    Object,
    Array,
    Text,
    Number,
    Boolean,
    Null,
}

/// <summary>A JSON value that remembers where it stood. The system's own document model forgets lines.</summary>
internal sealed class PolicyNode(PolicySource source, long offset, NodeKind kind, PolicyNode? parent, string segment)
{
    public PolicySource Source { get; } = source;

    public long Offset { get; } = offset;

    public NodeKind Kind { get; } = kind;

    /// <summary>Members in order of the file; an object only.</summary>
    public List<KeyValuePair<string, PolicyNode>> Members { get; } = kind == NodeKind.Object ? [] : s_noMembers;

    /// <summary>Items; an array only.</summary>
    public List<PolicyNode> Items { get; } = kind == NodeKind.Array ? [] : s_noItems;

    public string Text { get; init; } = "";

    public double Number { get; init; }

    public bool Flag { get; init; }

    public string Path
    {
        get
        {
            var parts = new Stack<string>();
            for (var node = this; node is not null; node = node.Parent)
            {
                parts.Push(node.Segment);
            }

            return string.Concat(parts);
        }
    }

    private PolicyNode? Parent { get; } = parent;

    private string Segment { get; } = segment;

    private static readonly List<KeyValuePair<string, PolicyNode>> s_noMembers = [];
    private static readonly List<PolicyNode> s_noItems = [];

    public PolicyNode? Member(string name)
    {
        foreach (var (key, value) in Members)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }

    public static string MemberSegment(string name) =>
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '-') ? "." + name : "['" + name + "']";

    public static string ItemSegment(int index) => string.Create(CultureInfo.InvariantCulture, $"[{index}]");

    /// <summary>Kind, in the words of JSON.</summary>
    public static string Describe(NodeKind kind) => kind switch
    {
        NodeKind.Object => "an object",
        NodeKind.Array => "an array",
        NodeKind.Text => "a string",
        NodeKind.Number => "a number",
        NodeKind.Boolean => "true or false",
        _ => "null",
    };
}

/// <summary>The text of one file, for turning byte offsets into lines and columns.</summary>
internal sealed class PolicySource(string name, ReadOnlyMemory<byte> utf8)
{
    private readonly List<int> _lineStarts = FindLines(utf8.Span);

    public string Name { get; } = name;

    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    public (int Line, int Column) At(long offset)
    {
        var at = (int)Math.Clamp(offset, 0, Utf8.Length);
        var index = _lineStarts.BinarySearch(at);
        var line = index >= 0 ? index : ~index - 1;
        var start = _lineStarts[line];
        return (line + 1, Encoding.UTF8.GetCharCount(Utf8.Span[start..at]) + 1);
    }

    private static List<int> FindLines(ReadOnlySpan<byte> utf8)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] == (byte)'\n')
            {
                starts.Add(i + 1);
            }
        }

        return starts;
    }
}

/// <summary>Collects errors up to the cap, each once per place and reason.</summary>
internal sealed class PolicyErrors
{
    private readonly HashSet<(string File, long Offset, string Reason)> _seen = [];
    private readonly List<PolicyError> _errors = [];

    public int Count { get; private set; }

    public void Add(PolicyNode node, string reason) => Add(node.Source, node.Offset, node.Path, reason);

    public void Add(PolicySource source, long offset, string path, string reason)
    {
        if (!_seen.Add((source.Name, offset, reason)))
        {
            return;
        }

        Count++;
        var (line, column) = source.At(offset);
        _errors.Add(new PolicyError(source.Name, line, column, path, reason));
    }

    public PolicyResult Result(Policy? policy)
    {
        var sorted = _errors
            .OrderBy(e => e.File, StringComparer.Ordinal).ThenBy(e => e.Line).ThenBy(e => e.Column)
            .Take(PolicyResult.MaxErrors).ToList();
        return new PolicyResult(Count == 0 ? policy : null, sorted, Count - sorted.Count);
    }
}
