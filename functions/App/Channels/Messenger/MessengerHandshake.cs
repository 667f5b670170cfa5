using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Functions.Channels.Meta;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.Messenger;

/// <summary><c>GET /api/channels/messenger</c>: Meta asks whether this address is ours.</summary>
public sealed class MessengerHandshake(MessengerSettings settings)
{
    [Function(nameof(MessengerHandshake))]
    [Access(Caller.Anyone)]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = MessengerWebhook.Route)] HttpRequest request) =>
        MetaWebhook.Handshake(request, settings.VerifyToken);
}
