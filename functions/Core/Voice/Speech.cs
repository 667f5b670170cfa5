using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Serverless940.Core.Voice;

/// <summary>A voice of the provider with the language code that belongs to it.</summary>
public sealed record SpokenVoice(string Name, string Language);

/// <summary>How each language is said: by a voice, by recorded files, or by files where there are some and a voice for the rest.</summary>
/// <param name="Voices">Voice by language.</param>
/// <param name="Recorded">Languages whose prompts are recorded.</param>
/// <param name="Recordings">Where the files lie: <c>{address}{language}/{name}.mp3</c>.</param>
public sealed record Speech(FrozenDictionary<string, SpokenVoice> Voices, FrozenSet<string> Recorded, Uri? Recordings)
{
    private const string Google = "Google.ar-XA-";

    /// <summary>
    /// Voices that exist, with the one language that each speaks; a pair that does not fit is silent at the provider. Note
    /// that ar-SA is a language to listen to, none to speak.
    /// </summary>
    private static readonly FrozenDictionary<string, string> s_known = new Dictionary<string, string>
    {
        ["Polly.Zeina"] = "arb",
        ["Polly.Hala-Neural"] = "ar-AE",
        ["Polly.Zayd-Neural"] = "ar-AE",
        [Google + "Standard-A"] = "ar-XA",
        [Google + "Standard-B"] = "ar-XA",
        [Google + "Standard-C"] = "ar-XA",
        [Google + "Standard-D"] = "ar-XA",
        [Google + "Wavenet-A"] = "ar-XA",
        [Google + "Wavenet-B"] = "ar-XA",
        [Google + "Wavenet-C"] = "ar-XA",
        [Google + "Wavenet-D"] = "ar-XA",
        ["Polly.Joanna"] = "en-US",
        ["Polly.Joanna-Neural"] = "en-US",
        ["Polly.Matthew"] = "en-US",
        ["Polly.Matthew-Neural"] = "en-US",
        ["Polly.Amy"] = "en-GB",
        ["Polly.Amy-Neural"] = "en-GB",
        ["Polly.Brian"] = "en-GB",
        ["Polly.Aditi"] = "hi-IN",
        ["Polly.Celine"] = "fr-FR",
        ["Polly.Lea"] = "fr-FR",
        ["Polly.Filiz"] = "tr-TR",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyCollection<KeyValuePair<string, string>> Known => s_known;

    /// <summary>Languages that can be said: there are prompts, and a voice or files for them. In the order of their keys.</summary>
    public IReadOnlyList<string> Languages =>
        [.. PromptCatalogue.Default.Languages.Where(language => Voices.ContainsKey(language) || Recorded.Contains(language))];

    /// <summary>Reads <c>ar=Polly.Zeina:arb;en=Polly.Joanna:en-US</c>.</summary>
    /// <param name="problem">What does not fit.</param>
    public static FrozenDictionary<string, SpokenVoice>? TryRead(string text, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        problem = null;
        var voices = new Dictionary<string, SpokenVoice>(StringComparer.Ordinal);
        foreach (var entry in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (language, voice, code) = entry.Split('=', ':') is [var one, var two, var three] ? (one, two, three) : (entry, "", "");
            if (!s_known.TryGetValue(voice, out var spoken) || spoken != code || code.Split('-')[0] is var primary && primary != language && (primary, language) != ("arb", "ar"))
            {
                problem = $"holds '{entry}', which is no language with a voice and the code that it speaks";
                return null;
            }

            voices[language] = new SpokenVoice(voice, code);
        }

        return voices.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
