using System.Net;
using Serverless940.Core.Messages;
using Serverless940.Functions.Channels.Meta;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.Messenger;

/// <summary>Files of Messenger: signed addresses on Meta's delivery network, which run out and want no token.</summary>
public sealed class MessengerMedia(IHttpClientFactory http, MessengerSettings settings) : IMediaSource
{
    public Channel Channel => Channel.Messenger;

    public async Task<MediaContent?> OpenAsync(string mediaId, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(mediaId, UriKind.Absolute, out var address) || !MayBeAsked(address, settings.GraphBaseUri))
        {
            throw new PermanentFailureException("the media address is not one of Meta's hosts");
        }

        var client = http.CreateClient(GraphApi.HttpName);
        // An address that ran out is refused as 403.
        return await HttpFailures.ContentAsync(
            await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken),
            status => status is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.Forbidden, cancellationToken);
    }

    /// <summary>Whether an address is on Meta's delivery network, or on the host that the Graph interface is configured at.</summary>
    public static bool MayBeAsked(Uri address, Uri graphBase) => MediaHosts.Allow(address, graphBase, ".fbcdn.net", ".fbsbx.com");
}
