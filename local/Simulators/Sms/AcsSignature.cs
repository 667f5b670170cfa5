using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Serverless940.Local.Simulators.Sms;

/// <summary>Checks a request as Azure Communication Services does: body hash, date within five minutes, HMAC.</summary>
internal static class AcsSignature
{
    private const string Scheme = "HMAC-SHA256";
    private const string SignedHeaders = "SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=";

    internal static bool IsValid(HttpRequest request, ReadOnlySpan<byte> body, string accessKey)
    {
        var parameter = Wire.Authorization(request, Scheme);
        var date = request.Headers["x-ms-date"].ToString();
        var hash = request.Headers["x-ms-content-sha256"].ToString();
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return parameter is not null
            && parameter.StartsWith(SignedHeaders, StringComparison.Ordinal)
            && DateTimeOffset.TryParseExact(date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            && (DateTimeOffset.UtcNow - at).Duration() < TimeSpan.FromMinutes(5)
            && Same(SHA256.HashData(body), hash)
            && Same(Sign(accessKey, request.Method, target, date, request.Host.Value ?? "", hash), parameter[SignedHeaders.Length..]);
    }

    internal static byte[] Sign(string accessKey, string method, string pathAndQuery, string date, string host, string contentHash) =>
        HMACSHA256.HashData(
            Convert.FromBase64String(accessKey), Encoding.UTF8.GetBytes($"{method}\n{pathAndQuery}\n{date};{host};{contentHash}"));

    private static bool Same(byte[] expected, string base64)
    {
        Span<byte> given = stackalloc byte[expected.Length];
        return Convert.TryFromBase64String(base64, given, out var written)
            && written == expected.Length
            && CryptographicOperations.FixedTimeEquals(expected, given);
    }
}
