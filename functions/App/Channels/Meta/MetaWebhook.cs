using Microsoft.AspNetCore.Http;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.Meta;

/// <summary>What WhatsApp and Messenger have in common: the handshake, and the signature under the app secret.</summary>
internal static class MetaWebhook
{
    // Meta's own limit of a post.
    private const int LargestBody = 3 * 1024 * 1024;

    /// <summary>Meta asks whether an address is ours, and wants its challenge back as bare text.</summary>
    public static IResult Handshake(HttpRequest request, string verifyToken)
    {
        var query = request.Query;
        return query["hub.mode"] is ["subscribe"]
            && SharedSecret.Matches(verifyToken, query["hub.verify_token"])
            && query["hub.challenge"] is [{ Length: > 0 and <= 100 } challenge] && challenge.All(char.IsAsciiLetterOrDigit)
                ? Results.Text(challenge, "text/plain")
                : request.Problem("forbidden");
    }

    public static Task<IResult> TakeAsync(
        ChannelDoor door, HttpRequest request, Channel channel, CheckSecret secret, Func<byte[], DateTimeOffset, ChannelUpdates> read,
        CancellationToken cancellationToken) =>
        door.TakeAsync(
            request, channel, LargestBody,
            body => request.Headers[MetaSignature.Header] is [var signature] && secret.Keys.Any(key => MetaSignature.Verify(key, body, signature)),
            read, cancellationToken);
}
