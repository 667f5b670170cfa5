using System.Buffers;
using System.Security.Cryptography;

namespace Serverless940.Core.Channels;

/// <summary>
/// Meta's proof that a post is its own (WhatsApp, Messenger): HMAC-SHA256 of the raw body under the app secret. Only the
/// bytes as they came will do: Meta writes Arabic letters as escapes, and the same JSON written anew is another text.
/// </summary>
public static class MetaSignature
{
    public const string Header = "X-Hub-Signature-256";

    private const string Prefix = "sha256=";

    /// <summary>Whether the header is the body's signature. Never throws; without a secret nothing is genuine.</summary>
    /// <param name="secret">The app secret's bytes.</param>
    /// <param name="header">The header's one value: <c>sha256=</c> and 64 hex digits of either case.</param>
    public static bool Verify(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> body, string? header)
    {
        if (secret.IsEmpty || header is null || header.Length != Prefix.Length + (2 * HMACSHA256.HashSizeInBytes)
            || !header.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(header.AsSpan(Prefix.Length), given, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        Span<byte> own = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, body, own);
        return CryptographicOperations.FixedTimeEquals(own, given);
    }
}
