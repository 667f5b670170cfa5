using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Communication.Pipeline;

/// <summary>
/// Signs a request as Azure Communication Services asks: method, path with query, date, host with a port that is not the
/// scheme's own, and the hash of the very bytes that are sent.
/// </summary>
internal sealed class HmacAuthenticationPolicy(AzureKeyCredential credential) : HttpPipelinePolicy
{
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        using var body = new MemoryStream();
        message.Request.Content?.WriteTo(body, message.CancellationToken);
        Sign(message.Request, body);
        ProcessNext(message, pipeline);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        using var body = new MemoryStream();
        if (message.Request.Content is { } content)
        {
            await content.WriteToAsync(body, message.CancellationToken).ConfigureAwait(false);
        }

        Sign(message.Request, body);
        await ProcessNextAsync(message, pipeline).ConfigureAwait(false);
    }

    internal static string ContentHash(ReadOnlySpan<byte> body) => Convert.ToBase64String(SHA256.HashData(body));

    internal static string Signature(string key, string text) =>
        Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(text)));

    internal static string Authorization(string key, string method, Uri uri, string date, string contentHash) =>
        "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature="
        + Signature(key, $"{method}\n{uri.PathAndQuery}\n{date};{uri.Authority};{contentHash}");

    private void Sign(Request request, MemoryStream body)
    {
        var hash = ContentHash(body.GetBuffer().AsSpan(0, (int)body.Length));
        var date = DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture);
        request.Headers.SetValue("x-ms-content-sha256", hash);
        request.Headers.SetValue("Date", date);
        request.Headers.SetValue("x-ms-date", date);
        request.Headers.SetValue("Authorization", Authorization(credential.Key, request.Method.Method, request.Uri.ToUri(), date, hash));
    }
}
