using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Serverless940.Core.Text;

/// <summary>
/// One form for letters that people write in several ways: no diacritics and no tatweel, one alef, one ya, one ha, small
/// Latin letters without accents, western digits, Urdu and Gulf letters as their Arabic neighbours. A table, made once, so
/// that a letter costs one look.
/// </summary>
internal static class Folding
{
    /// <summary>Between two words.</summary>
    public const char Gap = '\0';

    /// <summary>Between two clauses.</summary>
    public const char Stop = '\u0001';

    /// <summary>No character of its own: a mark, a tatweel, a direction.</summary>
    public const char Nothing = '\u0002';

    /// <summary>More than one letter: a ligature.</summary>
    public const char Several = '\u0003';

    private const string Stops = ".!?؟،,;؛:\n\r()[]{}\"«»।॥۔…|–—/";

    private static readonly FrozenDictionary<char, char> s_letters = new Dictionary<char, char>
    {
        ['أ'] = 'ا', ['إ'] = 'ا', ['آ'] = 'ا', ['ٱ'] = 'ا', ['ى'] = 'ي', ['ی'] = 'ي', ['ې'] = 'ي', ['ے'] = 'ي', ['ئ'] = 'ي', ['ؤ'] = 'و',
        ['ة'] = 'ه', ['ہ'] = 'ه', ['ۃ'] = 'ه', ['ھ'] = 'ه', ['ە'] = 'ه', ['ک'] = 'ك', ['گ'] = 'ك', ['ڤ'] = 'ف', ['ٹ'] = 'ت',
        ['ڈ'] = 'د', ['ڑ'] = 'ر', ['ں'] = 'ن',
        // Heard alike in the dialects, and written for each other.
        ['ظ'] = 'ض',
    }.ToFrozenDictionary();

    private static readonly (char[] Letters, FrozenDictionary<char, string> Several) s_table = Table();

    public static char Of(char character) => s_table.Letters[character];

    /// <summary>The letters of a ligature.</summary>
    public static string LettersOf(char character) => s_table.Several[character];

    private static (char[] Letters, FrozenDictionary<char, string> Several) Table()
    {
        var letters = new char[char.MaxValue + 1];
        var several = new Dictionary<char, string>();
        for (var code = 0; code < letters.Length; code++)
        {
            letters[code] = Fold((char)code, several);
        }

        return (letters, several.ToFrozenDictionary());
    }

    private static char Fold(char character, Dictionary<char, string> several)
    {
        // Halves of pairs, and what is no character at all, cannot be taken apart.
        if (char.IsSurrogate(character) || character is '\ufffe' or '\uffff' or (>= '\ufdd0' and <= '\ufdef'))
        {
            return Gap;
        }

        if (Stops.Contains(character, StringComparison.Ordinal))
        {
            return Stop;
        }

        // Nothing there has parts that we would take apart.
        var whole = character is >= '\u2e80' and < '\ufb00' ? character.ToString() : character.ToString().Normalize(NormalizationForm.FormKD);
        var kept = new StringBuilder(whole.Length);
        var gap = false;
        foreach (var part in whole)
        {
            if (Part(part) is { } letter)
            {
                kept.Append(letter);
            }
            else
            {
                gap |= !Vanishes(part);
            }
        }

        switch (kept.Length)
        {
            case 0:
                return gap ? Gap : Nothing;
            case 1:
                return kept[0];
            default:
                several.Add(character, kept.ToString());
                return Several;
        }
    }

    private static char? Part(char part) => char.GetUnicodeCategory(part) switch
    {
        UnicodeCategory.DecimalDigitNumber => (char)('0' + (int)char.GetNumericValue(part)),
        UnicodeCategory.ModifierLetter => null,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => IsVowelSign(part) ? part : null,
        _ when !char.IsLetter(part) => null,
        _ => s_letters.GetValueOrDefault(part, char.ToLowerInvariant(part)),
    };

    private static bool Vanishes(char part) =>
        part is '\'' or '\u2019' or '`' || char.GetUnicodeCategory(part) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;

    // In the scripts of India and its neighbours the marks are the vowels; the dot below is left out as people leave it out.
    private static bool IsVowelSign(char part) => part is >= '\u0900' and <= '\u0dff' or >= '\u0e00' and <= '\u0eff' && part is not ('\u093c' or '\u09bc' or '\u0a3c');
}
