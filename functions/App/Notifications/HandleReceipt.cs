using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;

namespace Serverless940.Functions.Notifications;

public sealed class HandleReceipt(MessagePump pump, ReceiptHandler handler)
{
    [Function(nameof(HandleReceipt))]
    public Task RunAsync(
        [ServiceBusTrigger(Names.Queues.Receipts, Connection = Names.BusConnection, IsSessionsEnabled = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        ServiceBusSessionMessageActions session,
        CancellationToken cancellationToken) =>
        pump.RunAsync<DeliveryReport>(Names.Queues.Receipts, message, actions, session, handler.HandleAsync, cancellationToken);
}
