using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;

namespace Serverless940.Functions.Channels;

public sealed class HandleInbound(MessagePump pump, InboundHandler handler)
{
    [Function(nameof(HandleInbound))]
    public Task RunAsync(
        [ServiceBusTrigger(Names.Queues.Inbound, Connection = Names.BusConnection, IsSessionsEnabled = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        ServiceBusSessionMessageActions session,
        CancellationToken cancellationToken) =>
        pump.RunAsync<InboundEvents>(Names.Queues.Inbound, message, actions, session, handler.HandleAsync, cancellationToken);
}
