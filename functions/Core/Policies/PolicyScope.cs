using System.Globalization;
using System.Text.RegularExpressions;
using Serverless940.Core.Text;

namespace Serverless940.Core.Policies;

/// <summary>
/// One object of the policy being read: gives typed members, and says what is missing, unknown or of the wrong type.
/// A wrong value yields a harmless stand-in, so that reading goes on and all errors are told at once; the policy is
/// not built then.
/// </summary>
internal sealed partial class PolicyScope
{
    private readonly PolicyErrors _errors;
    private readonly List<string> _known = [];

    public PolicyScope(PolicyNode node, PolicyErrors errors)
    {
        (Node, _errors) = (node, errors);
        IsObject = Is(node, NodeKind.Object);
    }

    public PolicyNode Node { get; }

    public bool IsObject { get; }

    public PolicyErrors Errors => _errors;

    public void Error(string member, string reason) => _errors.Add(Node.Member(member) ?? Node, reason);

    /// <summary>Reports members that nobody asked for. Call it last.</summary>
    public void Done()
    {
        foreach (var (name, value) in Node.Members)
        {
            if (!_known.Contains(name))
            {
                _errors.Add(value, $"unknown member '{name}'; known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
            }
        }
    }

    public PolicyNode? Optional(string name, NodeKind kind)
    {
        _known.Add(name);
        var value = Node.Member(name);
        return value is not null && Is(value, kind) ? value : null;
    }

    public PolicyNode? Required(string name, NodeKind kind)
    {
        var value = Optional(name, kind);
        if (IsObject && Node.Member(name) is null)
        {
            _errors.Add(Node, $"the member '{name}' is missing");
        }

        return value;
    }

    /// <summary>A text without blank ends, by pattern.</summary>
    /// <param name="form">What it should look like, for the message.</param>
    public string Text(string name, Regex pattern, string form) =>
        Matching(Required(name, NodeKind.Text), pattern, form) ?? "";

    public string? TextOrNull(string name, Regex pattern, string form) =>
        Matching(Optional(name, NodeKind.Text), pattern, form);

    public string Id(string name) => Text(name, IdPattern(), "small letters, digits and single hyphens");

    public string? IdOrNull(string name) => TextOrNull(name, IdPattern(), "small letters, digits and single hyphens");

    public bool Flag(string name) => Required(name, NodeKind.Boolean) is { Flag: true };

    public bool FlagOrFalse(string name) => Optional(name, NodeKind.Boolean) is { Flag: true };

    public int Whole(string name, int min, int max) => (int)WholeLong(name, min, max);

    public long WholeLong(string name, long min, long max) => Whole(Required(name, NodeKind.Number), min, max) ?? min;

    public int? WholeOrNull(string name, int min, int max) => (int?)Whole(Optional(name, NodeKind.Number), min, max);

    /// <summary>A number above <paramref name="above"/> and at most <paramref name="max"/>.</summary>
    public double Number(string name, double above, double max)
    {
        var node = Required(name, NodeKind.Number);
        if (node is not null && !(node.Number > above && node.Number <= max))
        {
            _errors.Add(node, Invariant($"'{name}' is {node.Number}; it must be above {above} and at most {max}"));
            return max;
        }

        return node?.Number ?? max;
    }

    /// <summary>
    /// A length of time above zero. Working time is written in hours and minutes: how long a working day is depends on
    /// the calendar, so P1D would mean something else to everybody.
    /// </summary>
    public TimeSpan Duration(string name, bool days, TimeSpan max) =>
        Duration(Required(name, NodeKind.Text), days, max) ?? TimeSpan.FromHours(1);

    public TimeSpan? DurationOrNull(string name, bool days, TimeSpan max) => Duration(Optional(name, NodeKind.Text), days, max);

    public LocalizedText Words(string name, int maxLength = 200)
    {
        var node = Required(name, NodeKind.Object);
        return node is null ? s_noWords : Words(node, maxLength);
    }

    public LocalizedText Words(PolicyNode node, int maxLength = 200)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (language, value) in node.Members)
        {
            if (!LanguagePattern().IsMatch(language))
            {
                _errors.Add(value, $"'{language}' is not a language: write its two or three small letters (ar, en, ur, fil)");
            }
            else if (Is(value, NodeKind.Text))
            {
                if (!NotBlankPattern().IsMatch(value.Text) || value.Text.Length > maxLength)
                {
                    _errors.Add(value, Invariant($"the text must not be blank, begin or end with a space, or be longer than {maxLength} characters"));
                }

                found[language] = value.Text;
            }
        }

        if (!found.TryGetValue("ar", out var arabic))
        {
            if (node.Member("ar") is null)
            {
                _errors.Add(node, "the Arabic text ('ar') is missing");
            }

            return s_noWords;
        }

        if (!ArabicPattern().IsMatch(arabic))
        {
            _errors.Add(node.Member("ar")!, "the Arabic text holds no Arabic letter");
        }

        return new LocalizedText(found);
    }

    /// <summary>One of a closed list of words.</summary>
    public T Choice<T>(string name, IReadOnlyDictionary<string, T> choices)
    {
        var node = Required(name, NodeKind.Text);
        return node is null ? choices.Values.First() : Choice(node, choices);
    }

    public T Choice<T>(PolicyNode node, IReadOnlyDictionary<string, T> choices)
    {
        if (!Is(node, NodeKind.Text))
        {
            return choices.Values.First();
        }

        if (choices.TryGetValue(node.Text, out var value))
        {
            return value;
        }

        _errors.Add(node, $"'{node.Text}' is none of: {string.Join(", ", choices.Keys)}");
        return choices.Values.First();
    }

    /// <summary>The objects of a list; an item that is none is reported and left out.</summary>
    /// <param name="needed">Whether the list must be there and hold something.</param>
    public IEnumerable<PolicyScope> Each(string name, bool needed)
    {
        var list = needed ? Required(name, NodeKind.Array) : Optional(name, NodeKind.Array);
        if (needed && list is { Items.Count: 0 })
        {
            _errors.Add(list, $"'{name}' is empty");
        }

        foreach (var item in list?.Items ?? [])
        {
            var scope = new PolicyScope(item, _errors);
            if (scope.IsObject)
            {
                yield return scope;
            }
        }
    }

    public bool Is(PolicyNode node, NodeKind kind)
    {
        if (node.Kind == kind)
        {
            return true;
        }

        _errors.Add(node, $"this is {PolicyNode.Describe(node.Kind)} and must be {PolicyNode.Describe(kind)}");
        return false;
    }

    public static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private string? Matching(PolicyNode? node, Regex pattern, string form)
    {
        if (node is null || pattern.IsMatch(node.Text))
        {
            return node?.Text;
        }

        _errors.Add(node, $"'{node.Text}' must be {form}");
        return null;
    }

    private long? Whole(PolicyNode? node, long min, long max)
    {
        if (node is null)
        {
            return null;
        }

        if (node.Number >= min && node.Number <= max && Math.Floor(node.Number) == node.Number)
        {
            return (long)node.Number;
        }

        _errors.Add(node, Invariant($"{node.Number} must be a whole number from {min} to {max}"));
        return min;
    }

    private TimeSpan? Duration(PolicyNode? node, bool days, TimeSpan max)
    {
        if (node is null)
        {
            return null;
        }

        var match = (days ? DurationPattern() : WorkingDurationPattern()).Match(node.Text);
        if (!match.Success)
        {
            _errors.Add(node, !days && DurationPattern().IsMatch(node.Text)
                ? $"'{node.Text}' counts days, but working time is counted in hours and minutes (a day of seven hours is PT7H)"
                : $"'{node.Text}' must be an ISO 8601 length of time such as {(days ? "P14D or PT36H" : "PT30M or PT14H")}");
            return null;
        }

        var value = Part(match, "d", TimeSpan.TicksPerDay) + Part(match, "h", TimeSpan.TicksPerHour)
            + Part(match, "m", TimeSpan.TicksPerMinute) + Part(match, "s", TimeSpan.TicksPerSecond);
        if (value <= 0 || value > max.Ticks)
        {
            _errors.Add(node, Invariant($"'{node.Text}' must be longer than zero and at most {max.TotalHours} hours"));
            return null;
        }

        return new TimeSpan((long)value);
    }

    private static double Part(Match match, string group, long ticks) =>
        match.Groups[group] is { Success: true } part ? double.Parse(part.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) * ticks : 0;

    private static readonly LocalizedText s_noWords = new("؟", "?");

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();

    [GeneratedRegex("^[a-z]{2,3}\\z", RegexOptions.CultureInvariant)]
    public static partial Regex LanguagePattern();

    [GeneratedRegex("^\\S(.*\\S)?\\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    public static partial Regex NotBlankPattern();

    [GeneratedRegex("[\u0620-\u064A]", RegexOptions.CultureInvariant)]
    private static partial Regex ArabicPattern();

    [GeneratedRegex("^P(?=[0-9]|T[0-9])((?<d>[0-9]{1,4})D)?(T(?=[0-9])((?<h>[0-9]{1,5})H)?((?<m>[0-9]{1,6})M)?((?<s>[0-9]{1,7})S)?)?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex DurationPattern();

    [GeneratedRegex("^PT(?=[0-9])((?<h>[0-9]{1,5})H)?((?<m>[0-9]{1,6})M)?((?<s>[0-9]{1,7})S)?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex WorkingDurationPattern();
}
