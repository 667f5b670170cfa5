using System.Net;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.X;

/// <summary>
/// Photos of X: those of posts are open to all; those of direct messages want our signature, which goes to X's own hosts
/// only and never along a redirect.
/// </summary>
public sealed class XMedia(IHttpClientFactory http, XSettings settings, XClient x) : IMediaSource
{
    private const string OpenHost = "pbs.twimg.com";

    public Channel Channel => Channel.X;

    public async Task<MediaContent?> OpenAsync(string mediaId, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(mediaId, UriKind.Absolute, out var address) || !MayBeAsked(address, settings.ApiBaseUri))
        {
            throw new PermanentFailureException("the media address is not one of X's hosts");
        }

        using var request = address.IdnHost == OpenHost ? new HttpRequestMessage(HttpMethod.Get, address) : x.Signed(HttpMethod.Get, address);
        var client = http.CreateClient(XClient.HttpName);
        return await HttpFailures.ContentAsync(
            await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken),
            status => status is HttpStatusCode.NotFound or HttpStatusCode.Gone, cancellationToken);
    }

    /// <summary>Whether an address is on one of X's hosts, or on the one that its interface is configured at.</summary>
    public static bool MayBeAsked(Uri address, Uri api) =>
        MediaHosts.Allow(address, api, OpenHost, "ton.twitter.com", "ton.x.com", "api.twitter.com", "api.x.com");
}
