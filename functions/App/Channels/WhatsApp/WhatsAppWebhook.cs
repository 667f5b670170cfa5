using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Functions.Channels.Meta;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.WhatsApp;

/// <summary><c>POST /api/channels/whatsapp</c>: what citizens write on WhatsApp, and what became of what we sent.</summary>
public sealed class WhatsAppWebhook(WhatsAppSettings settings, ChannelDoor door)
{
    public const string Route = "api/channels/whatsapp";

    [Function(nameof(WhatsAppWebhook))]
    [Access(Caller.Signature)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken) =>
        MetaWebhook.TakeAsync(door, request, Channel.WhatsApp, settings.AppSecret, Read, cancellationToken);

    private ChannelUpdates Read(byte[] body, DateTimeOffset now)
    {
        var updates = WhatsAppPayload.Read(body, settings.PhoneNumberId, now);
        return new ChannelUpdates(
            updates.Events, [.. updates.Statuses.Select(status => new EventReceipt(status.ProviderId!, status))], updates.Malformed);
    }
}
