using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Core.Text;

namespace Serverless940.Core.Channels;

/// <summary>What a whole message is for, when it is no content.</summary>
internal enum Intent
{
    None,
    Greeting,
    Thanks,
    Help,
    Person,
    Restart,
    Status,
    DoNotKnow,
}

/// <summary>
/// Recognises the few messages that steer the dialogue. Only a message that says nothing else counts: «مرحبا، عمود مكسور»
/// is a report.
/// </summary>
internal static partial class Intents
{
    private static readonly FrozenSet<string> s_greetings = Set("greeting");

    private static readonly FrozenSet<string> s_thanks = Set("thanks");

    private static readonly (string Heading, Intent Intent)[] s_headings =
    [
        ("help", Intent.Help), ("person", Intent.Person), ("restart", Intent.Restart), ("status", Intent.Status), ("doNotKnow", Intent.DoNotKnow),
    ];

    private static readonly FrozenDictionary<string, FrozenDictionary<string, Intent>> s_phrases = Languages.All.ToFrozenDictionary(
        language => language.Code, language => Phrases(heading => Understood.Of(language.Code, heading)), StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Intent> s_anyPhrases = Phrases(Understood.InAll);

    private static readonly FrozenDictionary<string, string> s_languages = Languages.All
        .SelectMany(language => Understood.Of(language.Code, "names").Select(name => (Name: name, language.Code)))
        .DistinctBy(pair => pair.Name, StringComparer.Ordinal)
        .ToFrozenDictionary(pair => pair.Name, pair => pair.Code, StringComparer.Ordinal);

    // «الشارع» is any street; «شارع الخليج» is one.
    private static readonly FrozenSet<string> s_whereabouts = Set("where");

    private static readonly FrozenDictionary<string, ReportKind> s_kinds = Enum.GetValues<ReportKind>()
        .SelectMany(kind => Understood.InAll(kind.ToString().ToLowerInvariant()).Select(word => (Word: word, Kind: kind)))
        .DistinctBy(pair => pair.Word, StringComparer.Ordinal)
        .ToFrozenDictionary(pair => pair.Word, pair => pair.Kind, StringComparer.Ordinal);

    /// <param name="language">That of the conversation: what its own words mean goes before what they mean elsewhere.</param>
    public static Intent Of(string text, string? language)
    {
        var words = Words.Fold(text);
        if (words.Count is 0 or > 8)
        {
            return Intent.None;
        }

        var phrase = string.Join(' ', words);
        return MeansInOwn(phrase, language) is { } own ? own
            : s_anyPhrases.TryGetValue(phrase, out var intent) ? intent
            : words.All(s_greetings.Contains) ? Intent.Greeting
            : words.All(word => s_thanks.Contains(word) || s_greetings.Contains(word)) ? Intent.Thanks
            : Intent.None;
    }

    /// <summary>The language that a message asks for by its name, in any language. «Hindi» is Filipino for no, where Filipino is spoken.</summary>
    public static string? LanguageAsked(string text, string? language)
    {
        var phrase = Understood.Fold(text);
        return MeansInOwn(phrase, language) is null ? s_languages.GetValueOrDefault(phrase) : null;
    }

    private static Intent? MeansInOwn(string phrase, string? language) =>
        language is not null && s_phrases.TryGetValue(language, out var own) && own.TryGetValue(phrase, out var intent) ? intent : null;

    /// <summary>The kind that the first word names, as in «استفسار: متى يفتح السوق؟».</summary>
    public static ReportKind KindOf(string text) =>
        Words.Fold(text) is [var first, ..] && s_kinds.TryGetValue(first, out var kind) ? kind : ReportKind.Report;

    /// <summary>Fourteen digits in a short message, in groups or not, whether or not their check digit holds.</summary>
    public static string? NumberIn(string text) =>
        text.Length <= 80 && Number().Match(Digits.ToWestern(text)) is { Success: true } match && Words.Fold(text).Count(word => !char.IsDigit(word[0])) <= 4
            ? string.Concat(match.Value.Where(char.IsAsciiDigit))
            : null;

    /// <summary>Whether words say where something is: a street, a district, what it is beside of.</summary>
    public static bool PointsSomewhere(string text) => Words.Fold(text).Any(s_whereabouts.Contains);

    [GeneratedRegex(@"(?<![\d.,])\d(?:[ -]?\d){13}(?![\d.,])")]
    private static partial Regex Number();

    private static FrozenSet<string> Set(string heading) => Understood.InAll(heading).ToFrozenSet(StringComparer.Ordinal);

    private static FrozenDictionary<string, Intent> Phrases(Func<string, IEnumerable<string>> under) => s_headings
        .SelectMany(row => under(row.Heading).Select(text => (Text: text, row.Intent)))
        .DistinctBy(pair => pair.Text, StringComparer.Ordinal)
        .ToFrozenDictionary(pair => pair.Text, pair => pair.Intent, StringComparer.Ordinal);
}
