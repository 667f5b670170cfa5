using System.Security.Cryptography;
using System.Text;

namespace Serverless940.Local.Simulators.Voice;

/// <summary>Signs as TwiML providers do: the address, then every field by its name, HMAC-SHA1, base64.</summary>
internal static class VoiceSigner
{
    internal static string Sign(string token, string address, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var text = address + string.Concat(fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => field.Key + field.Value));
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(text)));
    }
}
