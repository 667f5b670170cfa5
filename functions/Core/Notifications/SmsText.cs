namespace Serverless940.Core.Notifications;

/// <summary>How an SMS is counted (3GPP TS 23.038 and 23.040): its units, and the segments that are paid for.</summary>
/// <param name="Unicode">Whether one letter outside of the GSM alphabet turned the whole text to UCS-2.</param>
/// <param name="Units">Septets, or UTF-16 units.</param>
/// <param name="Segments">160 or 70 units in one; 153 or 67 in each of several.</param>
public readonly record struct SmsLength(bool Unicode, int Units, int Segments)
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string Extended = "\f^{}\\[~]|€";

    public static SmsLength Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var septets = 0;
        foreach (var letter in text)
        {
            if (Basic.Contains(letter, StringComparison.Ordinal))
            {
                septets++;
            }
            else if (Extended.Contains(letter, StringComparison.Ordinal))
            {
                septets += 2;
            }
            else
            {
                return new SmsLength(true, text.Length, UnicodeSegments(text));
            }
        }

        return new SmsLength(false, septets, septets <= 160 ? 1 : GsmSegments(text));
    }

    // A pair that would straddle two segments moves whole into the next one, so segments are filled, not divided.
    private static int UnicodeSegments(string text)
    {
        if (text.Length <= 70)
        {
            return 1;
        }

        var (segments, used) = (1, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            (segments, used) = used + rune.Utf16SequenceLength > 67 ? (segments + 1, rune.Utf16SequenceLength) : (segments, used + rune.Utf16SequenceLength);
        }

        return segments;
    }

    private static int GsmSegments(string text)
    {
        var (segments, used) = (1, 0);
        foreach (var letter in text)
        {
            var cost = Extended.Contains(letter, StringComparison.Ordinal) ? 2 : 1;
            (segments, used) = used + cost > 153 ? (segments + 1, cost) : (segments, used + cost);
        }

        return segments;
    }
}
