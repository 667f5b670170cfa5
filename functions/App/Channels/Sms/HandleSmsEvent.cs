using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;

namespace Serverless940.Functions.Channels.Sms;

/// <summary>Takes SMS events from the queue into which Event Grid delivers them by its own identity: no public door, no handshake.</summary>
public sealed class HandleSmsEvent(MessagePump pump, SmsEvents events)
{
    [Function(nameof(HandleSmsEvent))]
    public Task RunAsync(
        [ServiceBusTrigger(Names.Queues.SmsEvents, Connection = Names.BusConnection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return pump.RunAsync(Names.Queues.SmsEvents, message, actions, null, _ => PublishAsync(message.Body, cancellationToken), cancellationToken);
    }

    private async Task PublishAsync(BinaryData body, CancellationToken cancellationToken)
    {
        try
        {
            await events.PublishAsync(body.ToMemory(), cancellationToken);
        }
        catch (JsonException exception)
        {
            throw new UnreadableMessageException("it is no JSON", exception);
        }
    }
}
