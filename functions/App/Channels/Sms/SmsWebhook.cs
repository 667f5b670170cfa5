using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.Sms;

/// <summary>
/// <c>POST</c> and <c>OPTIONS /api/channels/sms</c>: Event Grid's deliveries about SMS, and the handshakes of both its
/// schemas. Deliveries are not signed, so nothing is looked at before the secret. 400 sends a delivery to Event Grid's dead
/// letters, so only what can never be read gets it; our own trouble is 503.
/// </summary>
public sealed class SmsWebhook(EventGridSettings settings, SmsEvents events, ChannelDoor door)
{
    public const string SecretHeader = "X-Webhook-Secret";

    private const string Origin = "eventgrid.azure.net";
    private const int LargestBody = 1024 * 1024;

    [Function(nameof(SmsWebhook))]
    [Access(Caller.SharedSecret)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", "options", Route = "api/channels/sms")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!SharedSecret.Matches(settings.WebhookSecret, request.Headers[SecretHeader]))
        {
            return door.Refuse(request, Channel.Sms, "unauthorized");
        }

        if (HttpMethods.IsOptions(request.Method))
        {
            return Handshake(request);
        }

        if (await RequestBody.ReadAsync(request, LargestBody, cancellationToken) is not { } body)
        {
            return door.Refuse(request, Channel.Sms, "tooLarge");
        }

        try
        {
            return await events.PublishAsync(body, cancellationToken) is { } code
                ? Results.Json(new Dictionary<string, string> { ["validationResponse"] = code })
                : Results.Ok();
        }
        catch (JsonException)
        {
            return door.Refuse(request, Channel.Sms, "invalidJson");
        }
    }

    private static IResult Handshake(HttpRequest request)
    {
        if (request.Headers["WebHook-Request-Origin"] is not [Origin])
        {
            return request.Problem("forbidden");
        }

        request.HttpContext.Response.Headers["WebHook-Allowed-Origin"] = Origin;
        request.HttpContext.Response.Headers["WebHook-Allowed-Rate"] = "120";
        return Results.Ok();
    }
}
