using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Http;

namespace Serverless940.Functions.Reports;

/// <summary>A file of a multipart request, still to be read.</summary>
public delegate Task<string?> FileSink(Stream content, CancellationToken cancellationToken);

/// <summary>Reads intake requests: JSON, or a multipart form with a <c>report</c> part followed by files.</summary>
public static class IntakeReader
{
    /// <summary>Bytes of a JSON body, inline files included.</summary>
    public const int MaxJsonBytes = 4 * 1024 * 1024;

    /// <summary>Bytes of the <c>report</c> part.</summary>
    private const int MaxReportPartBytes = 64 * 1024;

    /// <summary>The multipart reader of a request, or <see langword="null"/> when it is no form.</summary>
    public static MultipartReader? Multipart(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= 200 } boundary
                ? new MultipartReader(boundary, request.Body) { BodyLengthLimit = null, HeadersCountLimit = 16, HeadersLengthLimit = 16 * 1024 }
                : null;
    }

    /// <summary>A JSON body, or why it is none of ours.</summary>
    public static async Task<(IntakeRequest? Request, byte[] Bytes, BodyRefusal? Problem)> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return (null, [], new BodyRefusal("unsupportedMediaType"));
        }

        var bytes = await RequestBody.ReadAsync(request, MaxJsonBytes, cancellationToken);
        return bytes is null ? (null, [], new BodyRefusal("tooLarge")) : Parse(bytes);
    }

    /// <summary>The <c>report</c> part, which comes first.</summary>
    public static async Task<(IntakeRequest? Request, byte[] Bytes, BodyRefusal? Problem)> ReadReportPartAsync(MultipartReader reader, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var section = await reader.ReadNextSectionAsync(cancellationToken);
        if (section is null || Name(section) != "report")
        {
            return (null, [], new BodyRefusal("invalidRequest"));
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        for (int read; (read = await section.Body.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            await buffer.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
            if (buffer.Length > MaxReportPartBytes)
            {
                return (null, [], new BodyRefusal("tooLarge"));
            }
        }

        return Parse(buffer.ToArray());
    }

    public static string? Name(MultipartSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
            ? HeaderUtilities.RemoveQuotes(disposition.Name).Value
            : null;
    }

    /// <summary>
    /// The body's identity: the same request written with other spaces or member order is the same.
    /// </summary>
    public static string CanonicalHash(IntakeRequest request)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(request, IntakeJson.Default.IntakeRequest);
        return Convert.ToHexStringLower(SHA256.HashData(json));
    }

    private static (IntakeRequest?, byte[], BodyRefusal?) Parse(byte[] bytes)
    {
        try
        {
            var request = JsonSerializer.Deserialize(bytes, IntakeJson.Default.IntakeRequest);
            return request is null ? (null, bytes, new BodyRefusal("invalidJson")) : (request, bytes, null);
        }
        catch (JsonException exception)
        {
            return (null, bytes, BodyRefusal.Of(exception));
        }
    }
}
