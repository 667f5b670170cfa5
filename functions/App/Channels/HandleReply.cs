using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;

namespace Serverless940.Functions.Channels;

public sealed class HandleReply(MessagePump pump, ReplyHandler handler)
{
    [Function(nameof(HandleReply))]
    public Task RunAsync(
        [ServiceBusTrigger(Names.Queues.Replies, Connection = Names.BusConnection, IsSessionsEnabled = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        ServiceBusSessionMessageActions session,
        CancellationToken cancellationToken) =>
        pump.RunAsync<BusMessage>(Names.Queues.Replies, message, actions, session, handler.HandleAsync, cancellationToken);
}
