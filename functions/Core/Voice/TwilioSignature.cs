using System.Security.Cryptography;
using System.Text;

namespace Serverless940.Core.Voice;

/// <summary>One field of a form, as it was posted.</summary>
public readonly record struct FormField(string Name, string Value);

/// <summary>
/// The signature of TwiML providers: base64 of HMAC-SHA1 over the address as the provider dialled it and every field,
/// name and value, names in ordinal order. Of fields of one name Twilio's own libraries sign each value once, sorted;
/// compatible providers sign them as they came: both are tried.
/// </summary>
public static class TwilioSignature
{
    public const string Header = "X-Twilio-Signature";

    /// <summary>The same under the name of a compatible provider.</summary>
    public const string CompatibleHeader = "X-SignalWire-Signature";

    /// <summary>Parameter of an address that carries the hash of a body that is no form.</summary>
    public const string BodyHash = "bodySHA256";

    /// <summary>Whether the signature holds for one of the ways in which the address may have been dialled. Constant in time.</summary>
    /// <param name="tokens">The account's token; while it is exchanged, the old one as well.</param>
    /// <param name="baseAddress">Scheme and host, and what else precedes the path, as configured with the provider.</param>
    /// <param name="pathAndQuery">As received, not decoded.</param>
    /// <param name="fields">Decoded fields in the order in which they came; none when the body is no form.</param>
    public static bool Holds(
        IReadOnlyList<string> tokens, string baseAddress, string pathAndQuery, IReadOnlyList<FormField> fields, string? signature)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(fields);
        Span<byte> given = stackalloc byte[SHA1.HashSizeInBytes];
        if (signature is not { Length: 28 } || !Convert.TryFromBase64String(signature, given, out var written) || written != given.Length)
        {
            return false;
        }

        var bodies = Bodies(fields);
        var holds = false;
        Span<byte> own = stackalloc byte[SHA1.HashSizeInBytes];
        foreach (var token in tokens.Where(token => token.Length > 0))
        {
            var key = Encoding.UTF8.GetBytes(token);
            foreach (var address in Addresses(baseAddress, pathAndQuery))
            {
                foreach (var body in bodies)
                {
                    HMACSHA1.HashData(key, Encoding.UTF8.GetBytes(address + body), own);
                    holds |= CryptographicOperations.FixedTimeEquals(own, given);
                }
            }
        }

        return holds;
    }

    /// <summary>Whether the hash in an address is the body's; an address without one says nothing about it.</summary>
    public static bool CoversBody(string? hash, ReadOnlySpan<byte> body)
    {
        Span<byte> own = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, own);
        return hash is { Length: 64 } && hash.All(char.IsAsciiHexDigit) && CryptographicOperations.FixedTimeEquals(own, Convert.FromHexString(hash));
    }

    /// <summary>With and without the port, percent codes in either case; the letters of the host are signed as they are.</summary>
    public static IReadOnlyList<string> Addresses(string baseAddress, string pathAndQuery)
    {
        ArgumentNullException.ThrowIfNull(baseAddress);
        ArgumentNullException.ThrowIfNull(pathAndQuery);
        var start = baseAddress.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = baseAddress.IndexOf('/', start);
        var (scheme, authority, prefix) = end < 0
            ? (baseAddress[..start], baseAddress[start..], string.Empty)
            : (baseAddress[..start], baseAddress[start..end], baseAddress[end..].TrimEnd('/'));
        var at = authority.LastIndexOf('@') + 1;
        var (user, host) = (authority[..at], authority[at..]);
        var colon = host.LastIndexOf(':');
        var bare = colon > host.LastIndexOf(']') ? host[..colon] : host;
        var standard = scheme.StartsWith("https", StringComparison.OrdinalIgnoreCase) ? ":443" : ":80";
        string[] hosts = [host, bare, bare + standard];
        string[] paths = [pathAndQuery, Codes(pathAndQuery, char.ToUpperInvariant), Codes(pathAndQuery, char.ToLowerInvariant)];
        return
        [
            .. hosts.SelectMany(one => paths.Select(path => scheme + user + one + prefix + path)).Distinct(StringComparer.Ordinal),
        ];
    }

    private static List<string> Bodies(IReadOnlyList<FormField> fields)
    {
        var byName = fields.GroupBy(field => field.Name, field => field.Value, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        string[] bodies =
        [
            string.Concat(byName.SelectMany(group => group.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(value => group.Key + value))),
            string.Concat(byName.SelectMany(group => group.Select(value => group.Key + value))),
        ];
        return [.. bodies.Distinct(StringComparer.Ordinal)];
    }

    private static string Codes(string text, Func<char, char> write) => string.Create(text.Length, (text, write), static (span, given) =>
    {
        for (var index = 0; index < span.Length; index++)
        {
            var isCode = (index > 0 && given.text[index - 1] == '%') || (index > 1 && given.text[index - 2] == '%');
            span[index] = isCode ? given.write(given.text[index]) : given.text[index];
        }
    });
}
