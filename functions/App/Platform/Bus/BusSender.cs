using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Serverless940.Functions.Platform.Bus;

/// <summary>Sends to the bus. One sender a queue for the life of the app; a send is done when the broker has it for good.</summary>
public sealed class BusSender(ServiceBusClient client)
{
    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new(StringComparer.Ordinal);

    /// <summary>One operation.</summary>
    public Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return To(message.Queue).SendMessageAsync(message.ToServiceBusMessage(), cancellationToken);
    }

    /// <summary>One operation for each queue, or for each 256 KB to one queue, in the order given.</summary>
    public async Task SendAsync(IReadOnlyCollection<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        foreach (var group in messages.GroupBy(message => message.Queue, StringComparer.Ordinal))
        {
            await SendBatchesAsync(To(group.Key), [.. group], cancellationToken);
        }
    }

    /// <summary>One operation.</summary>
    public Task ScheduleAsync(string queue, ServiceBusMessage message, DateTimeOffset due, CancellationToken cancellationToken) =>
        To(queue).ScheduleMessageAsync(message, due, cancellationToken);

    private static async Task SendBatchesAsync(ServiceBusSender sender, List<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 1)
        {
            await sender.SendMessageAsync(messages[0].ToServiceBusMessage(), cancellationToken);
            return;
        }

        var batch = await sender.CreateMessageBatchAsync(cancellationToken);
        try
        {
            foreach (var message in messages)
            {
                var wire = message.ToServiceBusMessage();
                if (batch.TryAddMessage(wire))
                {
                    continue;
                }

                await sender.SendMessagesAsync(batch, cancellationToken);
                batch.Dispose();
                batch = await sender.CreateMessageBatchAsync(cancellationToken);
                if (!batch.TryAddMessage(wire))
                {
                    await sender.SendMessageAsync(wire, cancellationToken);
                }
            }

            if (batch.Count > 0)
            {
                await sender.SendMessagesAsync(batch, cancellationToken);
            }
        }
        finally
        {
            batch.Dispose();
        }
    }

    private ServiceBusSender To(string queue) => _senders.GetOrAdd(queue, client.CreateSender);
}
