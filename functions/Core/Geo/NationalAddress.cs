using System.Diagnostics.CodeAnalysis;

namespace Serverless940.Core.Geo;

/// <summary>
/// The National Address short code (العنوان الوطني المختصر): four letters and four digits, e.g. <c>RAAA2919</c>.
/// </summary>
public static class NationalAddress
{
    /// <summary>
    /// Reads a short code as people write it: small letters, spaces and hyphens between, digits in Arabic or Persian
    /// script, full-width forms, direction marks of a copied text. The answer is upper case with western digits.
    /// </summary>
    public static bool TryNormalize(string? written, [NotNullWhen(true)] out string? code)
    {
        code = null;
        if (written is null || written.Length > 64)
        {
            return false;
        }

        Span<char> kept = stackalloc char[8];
        var count = 0;
        foreach (var character in written)
        {
            if (char.IsWhiteSpace(character) || character is '-' or '\u2010' or '\u2011' or '\u2013'
                || char.GetUnicodeCategory(character) == System.Globalization.UnicodeCategory.Format)
            {
                continue;
            }

            if (count == kept.Length)
            {
                return false;
            }

            var plain = character switch
            {
                >= '\uFF01' and <= '\uFF5E' => (char)(character - 0xFEE0),
                >= '\u0660' and <= '\u0669' => (char)('0' + (character - '\u0660')),
                >= '\u06F0' and <= '\u06F9' => (char)('0' + (character - '\u06F0')),
                _ => character,
            };
            if (count < 4 ? !char.IsAsciiLetter(plain) : !char.IsAsciiDigit(plain))
            {
                return false;
            }

            kept[count++] = char.ToUpperInvariant(plain);
        }

        if (count != kept.Length)
        {
            return false;
        }

        code = new string(kept);
        return true;
    }
}
