using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Functions.Channels.Meta;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.Messenger;

/// <summary><c>POST /api/channels/messenger</c>: what citizens write to our page, and on it.</summary>
public sealed class MessengerWebhook(MessengerSettings settings, ChannelDoor door)
{
    public const string Route = "api/channels/messenger";

    [Function(nameof(MessengerWebhook))]
    [Access(Caller.Signature)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken) =>
        MetaWebhook.TakeAsync(
            door, request, Channel.Messenger, settings.AppSecret, (body, now) => MessengerPayload.Read(body, settings.PageId, now), cancellationToken);
}
