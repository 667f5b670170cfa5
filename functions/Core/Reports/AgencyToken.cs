using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Serverless940.Core.Reports;

/// <summary>What an agency was asked.</summary>
/// <param name="Referral">Sequence of the event that asked; the core takes one answer to it.</param>
/// <param name="Expires">From when the link opens nothing any more; to the minute.</param>
public sealed record AgencyQuestion(string Number, string Agency, int Referral, DateTimeOffset Expires);

/// <summary>
/// What an agency holds to answer one question without an account: the question and half of an HMAC-SHA256 over it.
/// Nothing is stored; that it serves once is the core's doing.
/// </summary>
public static class AgencyToken
{
    /// <summary>Longer than any token of ours.</summary>
    public const int MaxLength = 256;

    private const int Mac = 16;

    /// <summary>How long after its time an agency may still answer: late is better than never.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromDays(30);

    public static string Create(ReadOnlySpan<byte> key, AgencyQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var payload = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{question.Number}\n{question.Agency}\n{question.Referral}\n{question.Expires.ToUnixTimeSeconds() / 60}"));
        return Base64Url.EncodeToString([.. payload, .. Sign(key, payload)]);
    }

    /// <summary>The question of a genuine token, and whether its time is over; <see langword="null"/> for any other.</summary>
    public static (AgencyQuestion Question, bool Over)? Read(ReadOnlySpan<byte> key, string? token, DateTimeOffset now)
    {
        if (token is not { Length: > 0 and <= MaxLength } || !Base64Url.IsValid(token))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= Mac || !CryptographicOperations.FixedTimeEquals(Sign(key, bytes.AsSpan(..^Mac)), bytes.AsSpan(^Mac..)))
        {
            return null;
        }

        // Ours from here on, so its form is known.
        var parts = Encoding.UTF8.GetString(bytes.AsSpan(..^Mac)).Split('\n');
        var expires = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture) * 60);
        return (new AgencyQuestion(parts[0], parts[1], int.Parse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture), expires), expires <= now);
    }

    private static byte[] Sign(ReadOnlySpan<byte> key, ReadOnlySpan<byte> payload) =>
        HMACSHA256.HashData(key, [.. "agency-answer\n"u8, .. payload])[..Mac];
}
