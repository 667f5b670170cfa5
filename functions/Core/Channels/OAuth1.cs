using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Serverless940.Core.Channels;

/// <summary>The keys under which we act as our own account.</summary>
public sealed record OAuth1Keys(string ConsumerKey, string ConsumerSecret, string Token, string TokenSecret);

/// <summary>OAuth 1.0a (RFC 5849) with HMAC-SHA1, as X wants it: keys that do not run out, so that nothing has to be renewed.</summary>
public static class OAuth1
{
    /// <summary>The value of the Authorization header. A JSON body takes no part in it.</summary>
    /// <param name="address">With its query, which does.</param>
    /// <param name="nonce">Never the same twice.</param>
    /// <param name="form">Fields of a form body, which take part too.</param>
    public static string Authorization(
        string method, Uri address, OAuth1Keys keys, string nonce, DateTimeOffset now, IEnumerable<KeyValuePair<string, string>>? form = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(keys);
        List<KeyValuePair<string, string>> own =
        [
            new("oauth_consumer_key", keys.ConsumerKey),
            new("oauth_nonce", nonce),
            new("oauth_signature_method", "HMAC-SHA1"),
            new("oauth_timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            new("oauth_token", keys.Token),
            new("oauth_version", "1.0"),
        ];
        var all = own.Concat(Query(address)).Concat(form ?? [])
            .Select(pair => (Name: Uri.EscapeDataString(pair.Key), Value: Uri.EscapeDataString(pair.Value)))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal);
        var text = string.Join('&', all.Select(pair => pair.Name + "=" + pair.Value));
        var whole = $"{method.ToUpperInvariant()}&{Uri.EscapeDataString(address.GetLeftPart(UriPartial.Path))}&{Uri.EscapeDataString(text)}";
        var key = $"{Uri.EscapeDataString(keys.ConsumerSecret)}&{Uri.EscapeDataString(keys.TokenSecret)}";
#pragma warning disable CA5350 // the provider's algorithm; a MAC, which SHA-1's collisions do not break
        own.Add(new("oauth_signature", Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(whole)))));
#pragma warning restore CA5350
        return "OAuth " + string.Join(", ", own.Select(pair => $"{pair.Key}=\"{Uri.EscapeDataString(pair.Value)}\""));
    }

    private static IEnumerable<KeyValuePair<string, string>> Query(Uri address) =>
        address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair =>
        {
            var parts = pair.Split('=', 2);
            return new KeyValuePair<string, string>(Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : string.Empty);
        });
}
