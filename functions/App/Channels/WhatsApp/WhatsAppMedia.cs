using System.Net;
using System.Text.Json;
using Serverless940.Core.Messages;
using Serverless940.Functions.Channels.Meta;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.WhatsApp;

/// <summary>
/// Files of WhatsApp messages: the Graph interface names an address that lives five minutes, and both want the token. The
/// token goes to Meta's hosts only, and never along a redirect.
/// </summary>
public sealed class WhatsAppMedia(GraphApi graph, WhatsAppSettings settings) : IMediaSource
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

        return await HttpFailures.ContentAsync(
            await graph.GetAsync(address, settings.AccessToken, cancellationToken), status => status == HttpStatusCode.NotFound, cancellationToken);
    }

    /// <summary>Whether the token may go there: Meta's hosts over TLS, or the very host that the Graph interface is configured at.</summary>
    public static bool MayBeAsked(Uri address, Uri graphBase) => MediaHosts.Allow(address, graphBase, "graph.facebook.com", "lookaside.fbsbx.com");

    private async Task<Uri?> FindAsync(string mediaId, CancellationToken cancellationToken)
    {
        var address = new Uri(settings.GraphBaseUri, $"{GraphApi.Version}{Uri.EscapeDataString(mediaId)}?phone_number_id={Uri.EscapeDataString(settings.PhoneNumberId)}");
        using var response = await graph.GetAsync(address, settings.AccessToken, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }

        if (response.StatusCode is HttpStatusCode.BadRequest)
        {
            // An expired token is said as 400 as well; it is ours to mend.
            return (await GraphApi.ReadAsync(response, cancellationToken)).Error == 190
                ? throw new TransientFailureException("the access token is refused")
                : null;
        }

        HttpFailures.ThrowUnlessDone(response);
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
}
