using System.Globalization;
using System.Text;

namespace Serverless940.Core.Text;

/// <summary>Text that strangers wrote and others will see.</summary>
public static class PlainText
{
    // Unicode's own bound (UAX #15, stream-safe text); no word of any language comes near.
    private const int MostMarks = 30;

    /// <summary>
    /// The text without control characters, direction overrides and what is no character at all, trimmed and composed
    /// (NFC); line ends and tabs stay. <see langword="null"/> when nothing is left.
    /// </summary>
    public static string? Clean(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || !IsDropped(rune))
            {
                kept.Append(rune.ToString());
            }
        }

        var cleaned = kept.ToString().Trim();
        return cleaned.Length == 0 ? null : WithoutPiles(cleaned).Normalize(NormalizationForm.FormC);
    }

    /// <summary>
    /// The text without the combining marks that are piled up beyond thirty on one letter. Normalising sorts the marks of a
    /// letter one by one: a few hundred thousand of them would keep a processor busy for minutes.
    /// </summary>
    public static string WithoutPiles(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder? kept = null;
        var (at, marks) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.Utf16SequenceLength;
            marks = IsMark(rune) ? marks + 1 : 0;
            if (marks > MostMarks)
            {
                kept ??= new StringBuilder(text, 0, at, text.Length);
            }
            else
            {
                kept?.Append(text, at, length);
            }

            at += length;
        }

        return kept?.ToString() ?? text;
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    // Half a surrogate pair comes as U+FFFD; it and the noncharacters cannot be normalised or stored.
    private static bool IsDropped(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control
        || rune.Value is (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069) or 0xfeff or 0xfffd or (>= 0xfdd0 and <= 0xfdef)
        || (rune.Value & 0xfffe) == 0xfffe;
}
