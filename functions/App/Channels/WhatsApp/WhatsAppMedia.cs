using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.WhatsApp;

/// <summary>
/// Files of WhatsApp messages: the Graph interface names an address that lives five minutes, and both want the token. The
/// token goes to Meta's hosts only, and never along a redirect.
/// </summary>
public sealed class WhatsAppMedia(IHttpClientFactory http, WhatsAppSettings settings) : IMediaSource
{
    private const int LongestAnswer = 64 * 1024;

    public Channel Channel => Channel.WhatsApp;

    public async Task<MediaContent?> OpenAsync(string mediaId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mediaId);
        if (await FindAsync(mediaId, cancellationToken) is not { } address)
        {
            return null;
        }

        if (!MayBeAsked(address, settings.GraphBaseUri))
        {
            throw new PermanentFailureException("the media address is not one of Meta's hosts");
        }

        var response = await GetAsync(address, cancellationToken);
        try
        {
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                response.Dispose();
                return null;
            }

            ThrowUnlessDone(response);
            return new MediaContent(response, await response.Content.ReadAsStreamAsync(cancellationToken));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Whether the token may go there: Meta's hosts over TLS, or the very host that the Graph interface is configured at.</summary>
    public static bool MayBeAsked(Uri address, Uri graph)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(graph);
        return address.UserInfo.Length == 0
            && ((address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort && address.IdnHost is "graph.facebook.com" or "lookaside.fbsbx.com")
                || (address.Scheme == graph.Scheme && address.Port == graph.Port && string.Equals(address.IdnHost, graph.IdnHost, StringComparison.OrdinalIgnoreCase)));
    }

    private async Task<Uri?> FindAsync(string mediaId, CancellationToken cancellationToken)
    {
        var address = new Uri(settings.GraphBaseUri, $"{WhatsAppClient.Version}{Uri.EscapeDataString(mediaId)}?phone_number_id={Uri.EscapeDataString(settings.PhoneNumberId)}");
        using var response = await GetAsync(address, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }

        if (response.StatusCode is HttpStatusCode.BadRequest)
        {
            // An expired token is said as 400 as well; it is ours to mend.
            return (await WhatsAppClient.ReadAsync(response, cancellationToken)).Error == 190
                ? throw new TransientFailureException("the access token is refused")
                : null;
        }

        ThrowUnlessDone(response);
        var buffer = new byte[LongestAnswer];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(buffer.AsMemory(0, length));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("url", out var url)
                && url.ValueKind == JsonValueKind.String && Uri.TryCreate(url.GetString(), UriKind.Absolute, out var found) ? found : null;
        }
        catch (JsonException exception)
        {
            throw new TransientFailureException("the media answer is no JSON", exception);
        }
    }

    private async Task<HttpResponseMessage> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.AccessToken);
        var client = http.CreateClient(WhatsAppClient.HttpName);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private static void ThrowUnlessDone(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var reason = string.Create(CultureInfo.InvariantCulture, $"http {(int)response.StatusCode}");
        // 401 and 403 are a token to be mended; everything else that is not the service's trouble stays as it is.
        throw (int)response.StatusCode is 401 or 403 or 408 or 429 or >= 500
            ? new TransientFailureException(reason)
            : new PermanentFailureException("media: " + reason);
    }
}
