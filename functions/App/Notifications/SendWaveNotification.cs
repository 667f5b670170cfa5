using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;

namespace Serverless940.Functions.Notifications;

public sealed class SendWaveNotification(MessagePump pump, WaveHandler handler)
{
    [Function(nameof(SendWaveNotification))]
    public Task RunAsync(
        [ServiceBusTrigger(Names.Queues.WaveNotifications, Connection = Names.BusConnection, IsSessionsEnabled = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        ServiceBusSessionMessageActions session,
        CancellationToken cancellationToken) =>
        pump.RunAsync<SendNotification>(Names.Queues.WaveNotifications, message, actions, session, handler.HandleAsync, cancellationToken);
}
