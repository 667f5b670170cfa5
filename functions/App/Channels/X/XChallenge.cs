using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Channels;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.X;

/// <summary>
/// <c>GET /api/channels/x?crc_token=</c>: X asks again and again whether this address is ours. Anybody can ask, and the
/// answer is made with the key that signs X's posts: see <see cref="XSignature"/>.
/// </summary>
public sealed class XChallenge(XSettings settings)
{
    [Function(nameof(XChallenge))]
    [Access(Caller.AnyoneLimited)]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = XWebhook.Route)] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Query["crc_token"] is [var token] && XSignature.Answer(Encoding.UTF8.GetBytes(settings.ConsumerSecret.Current), token) is { } answer
            ? Results.Json(new Dictionary<string, string> { ["response_token"] = answer })
            : request.Problem("forbidden");
    }
}
