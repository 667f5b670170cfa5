using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;

namespace Serverless940.Functions.Notifications;

public sealed class SendStaffNotification(MessagePump pump, NotificationHandler handler)
{
    [Function(nameof(SendStaffNotification))]
    public Task RunAsync(
        [ServiceBusTrigger(Names.Queues.StaffNotifications, Connection = Names.BusConnection, IsSessionsEnabled = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        ServiceBusSessionMessageActions session,
        CancellationToken cancellationToken) =>
        pump.RunAsync<SendNotification>(Names.Queues.StaffNotifications, message, actions, session, handler.HandleAsync, cancellationToken);
}
