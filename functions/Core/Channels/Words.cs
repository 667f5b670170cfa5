using System.Globalization;
using System.Text;
using Serverless940.Core.Text;

namespace Serverless940.Core.Channels;

/// <summary>A citizen's words in the forms they are kept and compared in.</summary>
internal static class Words
{
    private const char FirstIndic = '\u0900';

    /// <summary>The text without control characters and direction marks; <see langword="null"/> when nothing is left.</summary>
    public static string? Clean(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // Half pairs become U+FFFD here, which nobody needs to keep.
            if (rune.Value is '\n' or '\t'
                || !(Rune.IsControl(rune) || rune.Value is 0xFFFD or 0xFEFF or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)))
            {
                builder.Append(rune.ToString());
            }
        }

        var kept = builder.ToString().Trim();
        return kept.Length == 0 ? null : PlainText.WithoutPiles(kept).Normalize(NormalizationForm.FormC);
    }

    /// <summary>Words without diacritics and marks, small, with one form of alef, ya and ta marbuta.</summary>
    public static IReadOnlyList<string> Fold(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var character in text.Normalize(NormalizationForm.FormKD))
        {
            if (char.IsLetterOrDigit(character))
            {
                word.Append(character switch
                {
                    'أ' or 'إ' or 'آ' or 'ٱ' => 'ا',
                    'ى' or 'ی' => 'ي',
                    'ة' or 'ہ' or 'ھ' => 'ه',
                    'ک' => 'ك',
                    'ı' => 'i',
                    _ => char.ToLowerInvariant(character),
                });
            }
            else if (character >= FirstIndic && CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            {
                // Vowels of these scripts are marks: without them other words would remain.
                word.Append(character);
            }
            else if (character is not ('\u0640' or '\'' or '\u2019')
                && CharUnicodeInfo.GetUnicodeCategory(character) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format))
            {
                Take();
            }
        }

        Take();
        return words;

        void Take()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

    /// <summary>Whether somebody said something: three letters at least, of any script.</summary>
    public static bool SaysSomething(string? text) => text is not null && text.EnumerateRunes().Where(Rune.IsLetter).Take(3).Count() == 3;

    /// <summary>At most so many UTF-16 units, never half a pair.</summary>
    public static string Clip(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
