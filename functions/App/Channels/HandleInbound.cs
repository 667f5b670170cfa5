using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Functions.Channels.Voice;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;

namespace Serverless940.Functions.Channels;

public sealed class HandleInbound(MessagePump pump, InboundHandler handler, CallHandler calls)
{
    [Function(nameof(HandleInbound))]
    public Task RunAsync(
        [ServiceBusTrigger(Names.Queues.Inbound, Connection = Names.BusConnection, IsSessionsEnabled = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        ServiceBusSessionMessageActions session,
        CancellationToken cancellationToken) =>
        pump.RunAsync<BusMessage>(Names.Queues.Inbound, message, actions, session, HandleAsync, cancellationToken);

    private Task HandleAsync(BusMessage message, string inboxKey, CancellationToken cancellationToken) => message switch
    {
        InboundEvents events => handler.HandleAsync(events, inboxKey, cancellationToken),
        CallSaid said => calls.HandleAsync(said, inboxKey, cancellationToken),
        _ => throw new UnreadableMessageException("it is nothing that a citizen said"),
    };
}
