using System.Text;
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

namespace Serverless940.Functions.Channels.WhatsApp;

/// <summary>
/// <c>POST /api/channels/whatsapp</c>: verified on the bytes as they came, then read, then put on the bus in one send;
/// answered when that is durable. A bus that is down is 503, and Meta comes again.
/// </summary>
public sealed partial class WhatsAppWebhook(
    WhatsAppSettings settings, Conversations conversations, BusSender bus, TimeProvider time, ILogger<WhatsAppWebhook> logger)
{
    public const string Route = "api/channels/whatsapp";

    // Meta's own limit of a post.
    private const int LargestBody = 3 * 1024 * 1024;

    private readonly byte[] _secret = Encoding.UTF8.GetBytes(settings.AppSecret);

    [Function(nameof(WhatsAppWebhook))]
    [Access(Caller.Signature)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await RequestBody.ReadAsync(request, LargestBody, cancellationToken) is not { } body)
        {
            return request.Problem("tooLarge");
        }

        if (request.Headers[MetaSignature.Header] is not [var signature] || !MetaSignature.Verify(_secret, body, signature))
        {
            LogUnsigned();
            return request.Problem("unauthorized");
        }

        WhatsAppUpdates updates;
        try
        {
            updates = WhatsAppPayload.Read(body, settings.PhoneNumberId, time.GetUtcNow());
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
            .. conversations.Inbound(Channel.WhatsApp, updates.Events),
            .. updates.Statuses.Select(status => Conversations.Receipt(status, status.ProviderId!)),
        ];
        await bus.SendAsync(messages, cancellationToken);
        return Results.Ok();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A WhatsApp post without a valid signature was refused")]
    private partial void LogUnsigned();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages of a WhatsApp post lack sender or id and were left out")]
    private partial void LogMalformed(int count);
}
