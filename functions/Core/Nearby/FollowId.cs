using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Serverless940.Core.Reports;

namespace Serverless940.Core.Nearby;

/// <summary>
/// What stands for a stranger's report: its number and an end, encrypted and sealed (AES-256-GCM), so that nothing has to
/// be stored and nobody reads the number from it. The nonce is made of what is sealed (a synthetic one, as in RFC 5297),
/// so the same number and end make the same id, and no two others ever meet in one nonce.
/// </summary>
public static class FollowId
{
    /// <summary>Characters of an id.</summary>
    public const int Length = 54;

    /// <summary>How long after it was shown a suggestion can be followed.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromDays(2);

    private const int Nonce = 12;
    private const int Plain = 12;
    private const int Tag = 16;

    /// <param name="key">The links' signing key.</param>
    public static string Create(ReadOnlySpan<byte> key, string number, DateTimeOffset now)
    {
        if (!ReportNumber.IsValid(number))
        {
            throw new ArgumentException("Not the number of a report.", nameof(number));
        }

        Span<byte> plain = stackalloc byte[Plain];
        BinaryPrimitives.WriteInt64BigEndian(plain, long.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture));
        BinaryPrimitives.WriteUInt32BigEndian(plain[8..], checked((uint)((now + Life).ToUnixTimeSeconds() / 60)));
        Span<byte> id = stackalloc byte[Nonce + Plain + Tag];
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Derive(key, "follow-id nonce"), plain, mac);
        mac[..Nonce].CopyTo(id);
        using var aes = new AesGcm(Derive(key, "follow-id seal"), Tag);
        aes.Encrypt(id[..Nonce], plain, id.Slice(Nonce, Plain), id[(Nonce + Plain)..]);
        return Base64Url.EncodeToString(id);
    }

    /// <summary>The number that an id stands for.</summary>
    /// <returns>No number when it is not one of ours; with <c>Over</c> when its time is over.</returns>
    public static (string? Number, bool Over) Read(ReadOnlySpan<byte> key, string? id, DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[Nonce + Plain + Tag];
        if (id is not { Length: Length } || !Base64Url.IsValid(id)
            || !Base64Url.TryDecodeFromChars(id, bytes, out var written) || written != bytes.Length)
        {
            return (null, false);
        }

        Span<byte> plain = stackalloc byte[Plain];
        try
        {
            using var aes = new AesGcm(Derive(key, "follow-id seal"), Tag);
            aes.Decrypt(bytes[..Nonce], bytes.Slice(Nonce, Plain), bytes[(Nonce + Plain)..], plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return (null, false);
        }

        var end = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(plain[8..]) * 60L);
        var number = BinaryPrimitives.ReadInt64BigEndian(plain).ToString(new string('0', ReportNumber.Length), CultureInfo.InvariantCulture);
        return end < now ? (null, true) : ReportNumber.IsValid(number) ? (number, false) : (null, false);
    }

    private static byte[] Derive(ReadOnlySpan<byte> key, string purpose)
    {
        var derived = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, [], Encoding.ASCII.GetBytes(purpose));
        return derived;
    }
}
