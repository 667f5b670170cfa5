using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Telemetry;

namespace Serverless940.Functions.Channels;

/// <summary>
/// What every webhook does: the body read once as bytes, proven on these bytes, only then parsed, put on the bus in one
/// send to each queue, and answered when that is durable. A bus that is down is 503, and the provider comes again.
/// </summary>
public sealed partial class ChannelDoor(Conversations conversations, BusSender bus, TimeProvider time, ILogger<ChannelDoor> logger)
{
    /// <param name="largest">Bytes of a body; a larger one is not read.</param>
    /// <param name="isGenuine">Whether the bytes come from the provider.</param>
    /// <param name="read">Parses them; <see cref="JsonException"/> for what is no JSON.</param>
    public async Task<IResult> TakeAsync(
        HttpRequest request, Channel channel, int largest, Func<byte[], bool> isGenuine, Func<byte[], DateTimeOffset, ChannelUpdates> read,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(isGenuine);
        ArgumentNullException.ThrowIfNull(read);
        if (await RequestBody.ReadAsync(request, largest, cancellationToken) is not { } body)
        {
            return Refuse(request, channel, "tooLarge");
        }

        if (!isGenuine(body))
        {
            return Refuse(request, channel, "unauthorized");
        }

        ChannelUpdates updates;
        try
        {
            updates = read(body, time.GetUtcNow());
        }
        catch (JsonException)
        {
            return Refuse(request, channel, "invalidJson");
        }

        await PublishAsync(channel, updates, cancellationToken);
        return Results.Ok();
    }

    /// <summary>The answer to a post that is not taken, counted with its reason.</summary>
    public IResult Refuse(HttpRequest request, Channel channel, string reason)
    {
        LogRefused(channel, reason);
        ChannelMetrics.Refused(channel, reason);
        return request.Problem(reason);
    }

    /// <summary>One send to each queue that has something to do.</summary>
    public async Task PublishAsync(Channel channel, ChannelUpdates updates, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(updates);
        if (updates.Malformed > 0)
        {
            LogMalformed(updates.Malformed, channel);
        }

        List<OutgoingMessage> messages =
        [
            .. conversations.Inbound(channel, updates.Events),
            .. updates.Receipts.Select(receipt => Conversations.Receipt(receipt.Report, receipt.EventId)),
        ];
        await bus.SendAsync(messages, cancellationToken);
        ChannelMetrics.Received(channel, "accepted", updates.Events.Count);
        ChannelMetrics.Received(channel, "malformed", updates.Malformed);
        ChannelMetrics.Sent(channel, "delivered", updates.Delivered);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A post to the webhook of {Channel} was refused: {Reason}")]
    private partial void LogRefused(Channel channel, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} events of a post of {Channel} lack what nothing can do without and were left out")]
    private partial void LogMalformed(int count, Channel channel);
}
