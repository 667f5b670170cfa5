using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Serverless940.Core.Routing;

/// <summary>A word of a place given in words, in the forms that names are compared in.</summary>
/// <param name="Full">Folded: no diacritics, one form of alef, ya and ta marbuta; with its Arabic article.</param>
/// <param name="Bare">The same without the article.</param>
/// <param name="Attached">Without a one-letter preposition written onto it («بسيهات» → «سيهات»), else the same as <paramref name="Bare"/>.</param>
/// <param name="Starts">Whether it begins a part between commas or lines.</param>
/// <param name="Ends">Whether it ends one.</param>
internal readonly record struct PlaceWord(string Full, string Bare, string Attached, bool Starts, bool Ends);

/// <summary>Cuts the words of a place, as people write them in Arabic and Latin script.</summary>
internal static class PlaceWords
{
    /// <summary>More than any address has; the rest of a long text is not read.</summary>
    private const int MaxCharacters = 500;

    private static readonly FrozenSet<string> s_noise = FrozenSet.Create(
        StringComparer.Ordinal,
        "بلديه", "محافظه", "مدينه", "امانه", "منطقه", "في", "municipality", "governorate", "city", "amana", "of", "in", "the", "town");

    // Letters of the sun assimilate the article when transliterated: ash-Shati, an-Nur.
    private static readonly FrozenSet<string> s_latinArticles = FrozenSet.Create(
        StringComparer.Ordinal, "al", "ad", "adh", "an", "ar", "as", "ash", "at", "ath", "az", "el");

    public static List<PlaceWord> Cut(string? text)
    {
        var words = new List<PlaceWord>();
        if (string.IsNullOrEmpty(text))
        {
            return words;
        }

        var word = new StringBuilder();
        var starts = true;
        void Take(bool ends)
        {
            if (word.Length > 0)
            {
                var folded = word.ToString();
                word.Clear();
                if (!s_noise.Contains(folded) && !s_latinArticles.Contains(folded))
                {
                    words.Add(Forms(folded, starts));
                    starts = false;
                }
            }

            if (ends)
            {
                if (words.Count > 0)
                {
                    words[^1] = words[^1] with { Ends = true };
                }

                starts = true;
            }
        }

        // Half a surrogate pair cannot be normalized.
        var start = text.Length > MaxCharacters ? text[..MaxCharacters] : text;
        var whole = start.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')
            ? string.Concat(start.EnumerateRunes().Select(rune => rune.ToString()))
            : start;
        foreach (var character in whole.Normalize(NormalizationForm.FormKD))
        {
            if (Fold(character) is { } letter)
            {
                word.Append(letter);
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(character) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format or UnicodeCategory.EnclosingMark)
                && character is not ('\u0640' or '\'' or '\u2019' or '`'))
            {
                Take(character is '،' or ',' or '؛' or ';' or '\n' or '\r' or '/' or '|' or '.' or '(' or ')' or '–' or '—');
            }
        }

        Take(ends: true);
        return words;
    }

    private static PlaceWord Forms(string folded, bool starts)
    {
        // «وبالدمام», «بالدمام», «للدمام»: the article behind a preposition.
        var full = folded;
        if (full.Length > 4 && full[0] is 'و' or 'ف' && HasArticle(full.AsSpan(1)))
        {
            full = full[1..];
        }

        if (full.Length > 4 && full[0] is 'ب' or 'ك' && full.AsSpan(1).StartsWith("ال", StringComparison.Ordinal))
        {
            full = full[1..];
        }
        else if (full.Length > 4 && full.StartsWith("لل", StringComparison.Ordinal))
        {
            full = "ال" + full[2..];
        }

        var bare = full.Length > 3 && full.StartsWith("ال", StringComparison.Ordinal) ? full[2..] : full;
        var attached = bare.Length > 3 && bare.Length == full.Length && bare[0] is 'ب' or 'ل' or 'و' ? bare[1..] : bare;
        return new PlaceWord(full, bare, attached, starts, false);
    }

    private static bool HasArticle(ReadOnlySpan<char> word) =>
        word.StartsWith("ال", StringComparison.Ordinal) || word.StartsWith("بال", StringComparison.Ordinal) || word.StartsWith("لل", StringComparison.Ordinal);

    /// <summary>The letter that stands for it, or <see langword="null"/> for what is none.</summary>
    private static char? Fold(char character) => character switch
    {
        'أ' or 'إ' or 'آ' or 'ٱ' => 'ا',
        'ى' or 'ی' => 'ي',
        'ة' or 'ہ' or 'ه' => 'ه',
        'ؤ' => 'و',
        'ئ' => 'ي',
        'ک' => 'ك',
        'ء' => null,
        '\u0640' => null,
        _ when char.IsLetterOrDigit(character) => char.ToLowerInvariant(character),
        _ => null,
    };
}
