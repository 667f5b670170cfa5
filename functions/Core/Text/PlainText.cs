using System.Globalization;
using System.Text;

namespace Serverless940.Core.Text;

/// <summary>Text that strangers wrote and others will see.</summary>
public static class PlainText
{
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
        return cleaned.Length == 0 ? null : cleaned.Normalize(NormalizationForm.FormC);
    }

    // Half a surrogate pair comes as U+FFFD; it and the noncharacters cannot be normalised or stored.
    private static bool IsDropped(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control
        || rune.Value is (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069) or 0xfeff or 0xfffd or (>= 0xfdd0 and <= 0xfdef)
        || (rune.Value & 0xfffe) == 0xfffe;
}
