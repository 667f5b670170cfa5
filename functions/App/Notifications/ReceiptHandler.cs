using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Projections;
using Serverless940.Functions.Platform.Telemetry;

namespace Serverless940.Functions.Notifications;

/// <summary>
/// Applies a provider's receipt; a finished notification never moves back. One read, one write; the projections hear of it
/// before the write, because after it a second delivery would find nothing to do.
/// </summary>
public sealed class ReceiptHandler(NotificationStore store, IEnumerable<INotificationProjection> projections, TimeProvider time)
{
    public async Task HandleAsync(DeliveryReport report, string inboxKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (NotificationStore.ReadTag(report.Tag) is not (var number, var key)
            || await store.FindAsync(number, key, cancellationToken) is not { } row
            || !Advances(row.State, report.State))
        {
            return;
        }

        var moved = new NotificationMoved(number, key, report.Medium, row.At, row.State, report.State);
        await Task.WhenAll(projections.Select(projection => projection.ApplyAsync(moved, cancellationToken)));
        if (!await store.SettleAsync(number, key, row.ETag, report.State, report.ProviderId, report.Detail, time.GetUtcNow(), cancellationToken))
        {
            throw new TransientFailureException("the row changed meanwhile");
        }

        ChannelMetrics.Sent(report.Medium, report.State.ToString().ToLowerInvariant());
    }

    /// <summary>Ranks rise; failed is final unless a later delivered comes.</summary>
    public static bool Advances(DeliveryState from, DeliveryState to) => (from, to) switch
    {
        (DeliveryState.Failed, DeliveryState.Delivered or DeliveryState.Read) => true,
        (DeliveryState.Failed or DeliveryState.Suppressed or DeliveryState.Read, _) => false,
        (DeliveryState.Delivered, DeliveryState.Failed) => false,
        _ => to > from,
    };
}
