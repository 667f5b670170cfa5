using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Functions.Channels.Meta;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.WhatsApp;

/// <summary><c>GET /api/channels/whatsapp</c>: Meta asks whether this address is ours.</summary>
public sealed class WhatsAppHandshake(WhatsAppSettings settings)
{
    [Function(nameof(WhatsAppHandshake))]
    [Access(Caller.Anyone)]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = WhatsAppWebhook.Route)] HttpRequest request) =>
        MetaWebhook.Handshake(request, settings.VerifyToken);
}
