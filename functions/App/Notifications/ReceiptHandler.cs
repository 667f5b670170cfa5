using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Telemetry;

namespace Serverless940.Functions.Notifications;

/// <summary>Applies a provider's receipt; a finished notification never moves back. One read, one write.</summary>
public sealed class ReceiptHandler(NotificationStore store, TimeProvider time)
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
