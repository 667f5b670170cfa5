using System.Globalization;
using System.Text;

namespace Serverless940.Core.Text;

/// <summary>Digits as people write them: Arabic-Indic, Persian, Devanagari, Bengali and every other decimal script.</summary>
public static class Digits
{
    /// <summary>The text with every decimal digit of any script as 0 to 9; nothing else changes.</summary>
    public static string ToWestern(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
            {
                builder.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            }
            else
            {
                builder.Append(rune.ToString());
            }
        }

        return builder.ToString();
    }
}
