using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Serverless940.Core.Reports;

/// <summary>
/// A report's number (رقم البلاغ): the year's two digits, eleven digits derived from the source identity, and a Damm
/// check digit. Digits only, so that it can be keyed into a phone; one wrong or swapped key is always noticed.
/// </summary>
public static class ReportNumber
{
    /// <summary>Digits of a number.</summary>
    public const int Length = 14;

    // H. M. Damm's totally anti-symmetric quasigroup of order 10 (2004).
    private static ReadOnlySpan<byte> Quasigroup =>
    [
        0, 3, 1, 7, 5, 9, 8, 6, 4, 2,
        7, 0, 9, 2, 1, 5, 4, 8, 6, 3,
        4, 2, 0, 6, 8, 7, 1, 3, 5, 9,
        1, 7, 5, 0, 9, 8, 3, 4, 2, 6,
        6, 1, 2, 3, 0, 4, 5, 9, 7, 8,
        3, 6, 7, 4, 2, 0, 9, 5, 8, 1,
        5, 8, 6, 9, 7, 2, 0, 1, 3, 4,
        8, 9, 4, 5, 3, 6, 2, 0, 1, 7,
        9, 4, 3, 8, 6, 1, 7, 2, 0, 5,
        2, 5, 8, 1, 4, 3, 6, 7, 9, 0,
    ];

    /// <summary>Lower-case hex SHA-256 of a source identity, its parts kept apart so that none can pose as two.</summary>
    public static string SourceHash(params ReadOnlySpan<string> identity)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in identity)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BitConverter.TryWriteBytes(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The number of a source in a year.</summary>
    /// <param name="sourceHash">Hex SHA-256 of the source identity.</param>
    /// <param name="year">Gregorian year of receipt.</param>
    /// <param name="attempt">0, or the n-th of the deterministic series when earlier ones were taken by other sources.</param>
    public static string Derive(string sourceHash, int year, int attempt = 0)
    {
        ArgumentNullException.ThrowIfNull(sourceHash);
        ArgumentOutOfRangeException.ThrowIfNegative(attempt);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{sourceHash}/{attempt}")), digest);
        var eleven = BitConverter.ToUInt64(digest) % 100_000_000_000UL;
        var body = string.Create(CultureInfo.InvariantCulture, $"{year % 100:00}{eleven:00000000000}");
        return body + (char)('0' + Damm(body));
    }

    /// <summary>Whether these are fourteen digits whose check digit holds.</summary>
    public static bool IsValid(string? number) =>
        number is { Length: Length } && !number.AsSpan().ContainsAnyExceptInRange('0', '9') && Damm(number) == 0;

    private static int Damm(ReadOnlySpan<char> digits)
    {
        var interim = 0;
        foreach (var digit in digits)
        {
            interim = Quasigroup[(interim * 10) + (digit - '0')];
        }

        return interim;
    }
}
