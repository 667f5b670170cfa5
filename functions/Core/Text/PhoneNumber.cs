using System.Text.RegularExpressions;

namespace Serverless940.Core.Text;

/// <summary>Phone numbers (رقم الجوال) as people type them, made E.164 (ITU-T), with Saudi Arabia as the home country.</summary>
public static partial class PhoneNumber
{
    /// <summary>
    /// The E.164 form of what was typed (05…, 5…, 9665…, 009665…, +9665…, landlines 01…, foreign +…, digits of any
    /// script, with spaces, dashes and brackets), or <see langword="null"/> when no such number can exist.
    /// </summary>
    public static string? TryNormalize(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed) || typed.Length > 40)
        {
            return null;
        }

        var digits = Separators().Replace(Digits.ToWestern(typed), string.Empty);
        var international = digits.StartsWith('+') ? digits[1..] : digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..] : null;
        if (international is null)
        {
            international = digits.StartsWith("966", StringComparison.Ordinal) && digits.Length >= 11 ? digits
                : "966" + (digits.StartsWith('0') ? digits[1..] : digits);
        }

        if (international.StartsWith("9660", StringComparison.Ordinal))
        {
            international = "966" + international[4..];
        }

        if (international.StartsWith("966", StringComparison.Ordinal))
        {
            return SaudiMobile().IsMatch(international) || SaudiLandline().IsMatch(international) ? "+" + international : null;
        }

        return Foreign().IsMatch(international) ? "+" + international : null;
    }

    /// <summary>Whether an E.164 number can take an SMS: a Saudi landline cannot.</summary>
    public static bool CanReceiveSms(string e164) =>
        e164 is not null && !(e164.StartsWith("+966", StringComparison.Ordinal) && !e164.StartsWith("+9665", StringComparison.Ordinal));

    [GeneratedRegex(@"[\s\-()./\u061c\u2010-\u2015\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")]
    private static partial Regex Separators();

    [GeneratedRegex(@"^966(?:579[01]\d{5}|5(?:[013-689]\d|7[0-8])\d{6})$", RegexOptions.ECMAScript)]
    private static partial Regex SaudiMobile();

    [GeneratedRegex(@"^9661[1-7]\d{7}$", RegexOptions.ECMAScript)]
    private static partial Regex SaudiLandline();

    [GeneratedRegex(@"^[1-9]\d{7,14}$", RegexOptions.ECMAScript)]
    private static partial Regex Foreign();
}
