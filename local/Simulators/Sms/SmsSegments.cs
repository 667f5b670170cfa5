namespace Serverless940.Local.Simulators.Sms;

/// <summary>Into how many parts a text is cut on its way to a phone (3GPP TS 23.038 and 23.040).</summary>
internal static class SmsSegments
{
    private const string Gsm7 =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
        + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string Extension = "^{}\\[~]|€\f";

    internal static int Count(string text)
    {
        var gsm = text.All(static c => Gsm7.Contains(c, StringComparison.Ordinal) || Extension.Contains(c, StringComparison.Ordinal));
        var (alone, joined) = gsm ? (160, 153) : (70, 67);
        var units = gsm ? text.Sum(Septets) : text.Length;
        if (units <= alone)
        {
            return 1;
        }

        // An escape pair or a surrogate pair is never cut in two.
        var (segments, used) = (1, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var pair = !gsm && char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            var size = gsm ? Septets(text[i]) : pair ? 2 : 1;
            (segments, used) = used + size > joined ? (segments + 1, size) : (segments, used + size);
            i += pair ? 1 : 0;
        }

        return segments;
    }

    private static int Septets(char c) => Extension.Contains(c, StringComparison.Ordinal) ? 2 : 1;
}
