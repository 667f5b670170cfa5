using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Serverless940.Core.Channels;

/// <summary>
/// X's proof that a post is its own, and our proof to X that the address is ours: both are HMAC-SHA256 under the very
/// same secret. So whoever asks us for the second could have the first made for a post of his own. We answer only to what
/// can be no post, and take as a post only what can be no such question.
/// </summary>
public static class XSignature
{
    public const string Header = "x-twitter-webhooks-signature";

    /// <summary>The second header, under the secret of an app's OAuth 2.0 client, which some apps are sent.</summary>
    public const string ClientHeader = "x-twitter-webhooks-signature-oauth2";

    /// <summary>Longest token of a challenge that is answered.</summary>
    public const int LongestToken = 128;

    private const string Prefix = "sha256=";

    private static readonly int s_encodedLength = Base64.GetMaxEncodedToUtf8Length(HMACSHA256.HashSizeInBytes);

    /// <summary>Whether the header is the body's signature and the body an object. Never throws; without a secret nothing is genuine.</summary>
    /// <param name="header">The header's one value: <c>sha256=</c> and base64.</param>
    public static bool Verify(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> body, string? header)
    {
        if (secret.IsEmpty || body.IsEmpty || body[0] != (byte)'{' || header is null
            || header.Length != Prefix.Length + s_encodedLength || !header.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!Convert.TryFromBase64Chars(header.AsSpan(Prefix.Length), given, out var written) || written != given.Length)
        {
            return false;
        }

        Span<byte> own = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, body, own);
        return CryptographicOperations.FixedTimeEquals(own, given);
    }

    /// <summary>The answer to a challenge; <see langword="null"/> for a token that could be more than a token.</summary>
    public static string? Answer(ReadOnlySpan<byte> secret, string? token) =>
        secret.IsEmpty || token is not { Length: > 0 and <= LongestToken } || !token.All(IsTokenLetter)
            ? null
            : Prefix + Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(token)));

    private static bool IsTokenLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '+' or '/' or '=';
}
