using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Serverless940.Core.Reports;

/// <summary>
/// What a citizen holds to see one report: the first half of the source hash and an HMAC-SHA256 over number and hash.
/// It can be checked without reading anything, even before the report is stored, and it tells two sources that
/// were given the same number apart.
/// </summary>
public static class ReportToken
{
    private const int Half = 16;

    /// <summary>Base64url, 43 characters.</summary>
    public static string Create(ReadOnlySpan<byte> key, string number, string sourceHash)
    {
        Span<byte> token = stackalloc byte[Half * 2];
        Convert.FromHexString(sourceHash.AsSpan(0, Half * 2)).CopyTo(token);
        Sign(key, number, token[..Half], token[Half..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>The first 32 hex digits of the source hash when the token is genuine for the number; else <see langword="null"/>.</summary>
    public static string? Verify(ReadOnlySpan<byte> key, string number, string? token)
    {
        Span<byte> bytes = stackalloc byte[Half * 2];
        if (token is not { Length: 43 } || !Base64Url.IsValid(token)
            || !Base64Url.TryDecodeFromChars(token, bytes, out var written) || written != bytes.Length)
        {
            return null;
        }

        Span<byte> expected = stackalloc byte[Half];
        Sign(key, number, bytes[..Half], expected);
        return CryptographicOperations.FixedTimeEquals(expected, bytes[Half..]) ? Convert.ToHexStringLower(bytes[..Half]) : null;
    }

    /// <summary>The eleven characters of the report's short link, 64 bits that only the key's holder can compute.</summary>
    public static string ShortCode(ReadOnlySpan<byte> key, string number, string sourceHash)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"short-link\n{number}\n{sourceHash}"), mac);
        return Base64Url.EncodeToString(mac[..8]);
    }

    /// <summary>The eleven characters of a follower's link: 64 bits that only the key's holder can compute.</summary>
    /// <param name="follower">The follower's keyed hash.</param>
    public static string FollowerCode(ReadOnlySpan<byte> key, string number, string follower)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"follower-link\n{number}\n{follower}"), mac);
        return Base64Url.EncodeToString(mac[..8]);
    }

    private static void Sign(ReadOnlySpan<byte> key, string number, ReadOnlySpan<byte> hash, Span<byte> destination)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"report-token\n{number}\n{Convert.ToHexStringLower(hash)}"), mac);
        mac[..Half].CopyTo(destination);
    }
}
