using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.Sms;

/// <summary>
/// Puts what Event Grid says of SMS on its way, whichever door it came by. Ids come from the events, so that a delivery that
/// is repeated, or comes by both doors, counts once. Operations: one send a queue.
/// </summary>
public sealed class SmsEvents(SmsSettings sms, ChannelDoor door, TimeProvider time)
{
    /// <returns>The code of a new subscription's handshake, if the delivery was one.</returns>
    /// <exception cref="System.Text.Json.JsonException">The body is not JSON.</exception>
    public async Task<string?> PublishAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var updates = EventGridPayload.Read(body, sms.From, time.GetUtcNow());
        await door.PublishAsync(Channel.Sms, new ChannelUpdates(updates.Events, updates.Receipts, updates.Malformed), cancellationToken);
        return updates.ValidationCode;
    }
}
