using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Serverless940.Local.Simulators;

/// <summary>What every simulator needs to read and write.</summary>
internal static class Wire
{
    /// <summary>Arabic stays readable, in files and answers; everything is served as JSON, never as HTML.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    internal static IResult Ok(object value, int status = StatusCodes.Status200OK) => Results.Json(value, Json, statusCode: status);

    /// <summary>Phones are compared by their digits: a plus in a query arrives as a blank, and providers leave it out.</summary>
    internal static string Digits(string? phone) => string.Concat((phone ?? "").Where(char.IsAsciiDigit));

    internal static bool SameSecret(string? expected, string? given) =>
        !string.IsNullOrEmpty(expected)
        && given is not null
        && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(expected)), SHA256.HashData(Encoding.UTF8.GetBytes(given)));

    /// <summary>The token behind <paramref name="scheme"/> in the Authorization header, or <see langword="null"/>.</summary>
    internal static string? Authorization(HttpRequest request, string scheme)
    {
        var value = request.Headers.Authorization.ToString();
        return value.StartsWith(scheme + " ", StringComparison.OrdinalIgnoreCase) ? value[(scheme.Length + 1)..].Trim() : null;
    }

    internal static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        return buffer.ToArray();
    }

    internal static string UnixSeconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
