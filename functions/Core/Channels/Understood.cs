using System.Collections.Frozen;
using System.Text.Json;
using Serverless940.Core.Text;

namespace Serverless940.Core.Channels;

/// <summary>
/// The words of each language that the dialogue understands, from the resource files beside this class. All are folded.
/// </summary>
internal static class Understood
{
    private static readonly FrozenDictionary<string, FrozenDictionary<string, FrozenSet<string>>> s_files = Languages.All.ToFrozenDictionary(
        language => language.Code, language => Load(language.Code), StringComparer.Ordinal);

    /// <summary>The phrases under a heading in one language.</summary>
    public static FrozenSet<string> Of(string language, string heading) => s_files[language][heading];

    /// <summary>The phrases under a heading, whatever their language.</summary>
    public static IEnumerable<string> InAll(string heading) => s_files.Values.SelectMany(file => file[heading]);

    /// <summary>Every word that a file holds; the names of languages aside, which are written in many.</summary>
    public static IEnumerable<string> WordsOf(string language) => s_files[language]
        .Where(heading => heading.Key != "names")
        .SelectMany(heading => heading.Value.SelectMany(phrase => phrase.Split(' ')));

    public static string Fold(string text) => string.Join(' ', Words.Fold(text));

    private static FrozenDictionary<string, FrozenSet<string>> Load(string language)
    {
        var name = $"Serverless940.Core.Channels.Understood.{language}.json";
        using var stream = typeof(Understood).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException("There is no " + name);
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.EnumerateObject().ToFrozenDictionary(
            heading => heading.Name,
            heading => heading.Value.EnumerateArray().Select(phrase => Fold(phrase.GetString()!)).ToFrozenSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }
}
