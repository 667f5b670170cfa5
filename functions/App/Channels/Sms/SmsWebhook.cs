using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.Sms;

/// <summary>
/// <c>POST</c> and <c>OPTIONS /api/channels/sms</c>: Event Grid's deliveries about SMS, and the handshakes of both its
/// schemas. Deliveries are not signed, so nothing is looked at before the secret. 400 sends a delivery to Event Grid's dead
/// letters, so only what can never be read gets it; our own trouble is 503.
/// </summary>
public sealed partial class SmsWebhook(
    EventGridSettings settings, SmsSettings sms, Conversations conversations, BusSender bus, TimeProvider time, ILogger<SmsWebhook> logger)
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
            LogStranger();
            return request.Problem("unauthorized");
        }

        if (HttpMethods.IsOptions(request.Method))
        {
            return Handshake(request);
        }

        if (await RequestBody.ReadAsync(request, LargestBody, cancellationToken) is not { } body)
        {
            return request.Problem("tooLarge");
        }

        EventGridUpdates updates;
        try
        {
            updates = EventGridPayload.Read(body, sms.From, time.GetUtcNow());
        }
        catch (JsonException)
        {
            return request.Problem("invalidJson");
        }

        if (updates.Malformed > 0)
        {
            LogMalformed(updates.Malformed);
        }

        List<OutgoingMessage> messages =
        [
            .. conversations.Inbound(Channel.Sms, updates.Events),
            .. updates.Receipts.Select(receipt => Conversations.Receipt(receipt.Report, receipt.EventId)),
        ];
        await bus.SendAsync(messages, cancellationToken);
        return updates.ValidationCode is { } code ? Results.Json(new Dictionary<string, string> { ["validationResponse"] = code }) : Results.Ok();
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "A delivery about SMS without the secret was refused")]
    private partial void LogStranger();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} events of a delivery about SMS lack id or data and were left out")]
    private partial void LogMalformed(int count);
}
