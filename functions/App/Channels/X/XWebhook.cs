using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.X;

/// <summary><c>POST /api/channels/x</c>: direct messages to our account, and posts that mention it.</summary>
public sealed class XWebhook(XSettings settings, ChannelDoor door)
{
    public const string Route = "api/channels/x";

    private const int LargestBody = 3 * 1024 * 1024;

    [Function(nameof(XWebhook))]
    [Access(Caller.Signature)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return door.TakeAsync(
            request, Channel.X, LargestBody, body => IsGenuine(request, body), (body, now) => XPayload.Read(body, settings.AccountId, now), cancellationToken);
    }

    private bool IsGenuine(HttpRequest request, byte[] body) =>
        Proves(settings.ConsumerSecret, request, XSignature.Header, body)
        || (settings.ClientSecret is { } client && Proves(client, request, XSignature.ClientHeader, body));

    private static bool Proves(CheckSecret secret, HttpRequest request, string header, byte[] body) =>
        request.Headers[header] is [var signature] && secret.Keys.Any(key => XSignature.Verify(key, body, signature));
}
