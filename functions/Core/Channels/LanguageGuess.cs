using System.Collections.Frozen;
using System.Text;
using Serverless940.Core.Text;

namespace Serverless940.Core.Channels;

/// <summary>
/// Which of our languages somebody writes: the script decides; among languages of one script, the little words that each
/// sentence needs, and letters that only some of them have. Pure.
/// </summary>
public static class LanguageGuess
{
    private const int LittleWord = 2;

    // Where nothing tells two languages of a script apart, its first one is meant.
    private static readonly FrozenDictionary<Script, Language[]> s_ofScript = Languages.All
        .GroupBy(language => language.Script).ToFrozenDictionary(group => group.Key, group => group.ToArray());

    private static readonly FrozenDictionary<string, FrozenSet<string>> s_common = Languages.All
        .ToFrozenDictionary(language => language.Code, language => Understood.Of(language.Code, "common"), StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, FrozenSet<string>> s_words = Languages.All
        .ToFrozenDictionary(language => language.Code, language => Understood.WordsOf(language.Code).ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> s_letters = new Dictionary<string, string>
    {
        ["ar"] = "ةيكأإؤ",
        ["ur"] = "ٹڈڑںےہھپچگکی",
        ["fa"] = "پچژگکی",
        ["fr"] = "éèêàùœîôûëçÉÀÇ",
        ["tr"] = "ğşıİöüçĞŞÖÜÇ",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The language of a text, or <see langword="null"/> when it has fewer than two letters of our scripts.</summary>
    /// <param name="text">As it was written.</param>
    /// <param name="before">The language so far: it stays where the text could be of it.</param>
    public static string? Of(string text, string? before = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (ScriptOf(text) is not { } script)
        {
            return null;
        }

        var candidates = s_ofScript[script];
        if (candidates.Length == 1)
        {
            return candidates[0].Code;
        }

        var words = Words.Fold(text);
        var scores = candidates.Select(language => (language.Code, Score: Score(language.Code, words, text))).ToList();
        var best = scores.Max(pair => pair.Score);
        var likely = scores.Where(pair => pair.Score == best).Select(pair => pair.Code).ToList();
        return before is not null && likely.Contains(before) ? before : likely[0];
    }

    private static int Score(string language, IReadOnlyList<string> words, string text) =>
        words.Sum(word => s_common[language].Contains(word) ? LittleWord : s_words[language].Contains(word) ? 1 : 0)
        + (s_letters.TryGetValue(language, out var letters) ? text.Count(letter => letters.Contains(letter, StringComparison.Ordinal)) : 0);

    private static Script? ScriptOf(string text)
    {
        Span<int> counts = stackalloc int[6];
        foreach (var letter in text.EnumerateRunes())
        {
            if (Rune.IsLetter(letter) && ScriptOf(letter.Value) is { } script)
            {
                counts[(int)script]++;
            }
        }

        var most = 0;
        for (var script = 1; script < counts.Length; script++)
        {
            most = counts[script] > counts[most] ? script : most;
        }

        return counts[most] < 2 ? null : (Script)most;
    }

    private static Script? ScriptOf(int letter) => letter switch
    {
        < 0x0250 or (>= 0x1E00 and <= 0x1EFF) => Script.Latin,
        (>= 0x0600 and <= 0x06FF) or (>= 0x0750 and <= 0x077F) or (>= 0xFB50 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC) => Script.Arabic,
        >= 0x0900 and <= 0x097F => Script.Devanagari,
        >= 0x0980 and <= 0x09FF => Script.Bengali,
        >= 0x0D00 and <= 0x0D7F => Script.Malayalam,
        >= 0x1200 and <= 0x139F => Script.Ethiopic,
        _ => null,
    };
}
