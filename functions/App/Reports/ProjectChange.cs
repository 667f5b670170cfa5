using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Projections;

namespace Serverless940.Functions.Reports;

/// <summary>Brings every projection up to date with one change, and tells who acts on it; if one fails, all see the change again.</summary>
public sealed class ProjectChange(MessagePump pump, IEnumerable<IReportProjection> projections, IEnumerable<IChangeListener> listeners)
{
    [Function(nameof(ProjectChange))]
    public Task RunAsync(
        [ServiceBusTrigger(Names.Queues.Changes, Connection = Names.BusConnection, IsSessionsEnabled = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        ServiceBusSessionMessageActions session,
        CancellationToken cancellationToken) =>
        pump.RunAsync<ReportChanged>(Names.Queues.Changes, message, actions, session, ProjectAsync, cancellationToken);

    private Task ProjectAsync(ReportChanged changed, string inboxKey, CancellationToken cancellationToken) =>
        Task.WhenAll([
            .. projections.Select(projection => projection.ApplyAsync(changed, cancellationToken)),
            .. listeners.Select(listener => listener.HearAsync(changed, cancellationToken)),
        ]);
}
