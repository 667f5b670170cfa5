using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.WhatsApp;

/// <summary><c>GET /api/channels/whatsapp</c>: Meta asks whether this address is ours, and wants its challenge back.</summary>
public sealed class WhatsAppHandshake(WhatsAppSettings settings)
{
    [Function(nameof(WhatsAppHandshake))]
    [Access(Caller.Anyone)]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = WhatsAppWebhook.Route)] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = request.Query;
        return query["hub.mode"] is ["subscribe"]
            && SharedSecret.Matches(settings.VerifyToken, query["hub.verify_token"])
            && query["hub.challenge"] is [{ Length: > 0 and <= 100 } challenge] && challenge.All(char.IsAsciiLetterOrDigit)
                ? Results.Text(challenge, "text/plain")
                : request.Problem("forbidden");
    }
}
