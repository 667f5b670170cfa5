using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels;

/// <summary>Compares what a provider says with what we agreed on, in constant time whatever the lengths.</summary>
internal static class SharedSecret
{
    /// <summary>Whether exactly one value was given, and it is a secret that counts now.</summary>
    public static bool Matches(CheckSecret secret, StringValues given) =>
        Matches(secret.Current, given) | (secret.Previous is { } previous && Matches(previous, given));

    /// <summary>Whether exactly one value was given, and it is the secret. Without a secret nothing is.</summary>
    public static bool Matches(string secret, StringValues given)
    {
        if (secret.Length == 0 || given.Count != 1 || given[0] is not { Length: > 0 and <= 1024 } value)
        {
            return false;
        }

        Span<byte> own = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> other = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(secret), own);
        SHA256.HashData(Encoding.UTF8.GetBytes(value), other);
        return CryptographicOperations.FixedTimeEquals(own, other);
    }
}
