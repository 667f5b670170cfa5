using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;

namespace Serverless940.Functions.Reports;

public sealed class HandleReportCommand(MessagePump pump, ReportCommandHandler handler)
{
    [Function(nameof(HandleReportCommand))]
    public Task RunAsync(
        [ServiceBusTrigger(Names.Queues.Commands, Connection = Names.BusConnection, IsSessionsEnabled = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        ServiceBusSessionMessageActions session,
        CancellationToken cancellationToken) =>
        pump.RunAsync<ReportCommand>(Names.Queues.Commands, message, actions, session, handler.HandleAsync, cancellationToken);
}
