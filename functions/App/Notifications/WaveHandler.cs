using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Bus;

namespace Serverless940.Functions.Notifications;

/// <summary>
/// Sends what comes in waves. Each SMS takes its turn once: what is due soon goes out, the rest waits on the bus until then,
/// and nothing is tried in between.
/// Operations beside those of sending: row 1, turn 2; for a text that waits row 1 and a scheduled copy more.
/// </summary>
public sealed class WaveHandler(NotificationHandler handler, NotificationStore store, WavePace pace, TimeProvider time)
{
    /// <summary>A turn that is no further away is taken at once: a handful of escalations is no wave.</summary>
    public static TimeSpan Soon { get; } = TimeSpan.FromSeconds(10);

    public async Task HandleAsync(SendNotification notification, string inboxKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        // A row says that the turn was taken, and whatever became of it since.
        if (notification.Medium == Medium.Sms
            && await store.FindAsync(notification.Number, NotificationStore.RowKey(notification), cancellationToken) is null)
        {
            var now = time.GetUtcNow();
            var turn = await pace.TakeTurnAsync(now, cancellationToken);
            if (turn > now + Soon && await store.WaitAsync(notification, now, cancellationToken))
            {
                throw new TransientFailureException("waits for its turn") { IsBrief = false, NotBefore = turn };
            }
        }

        await handler.HandleAsync(notification, inboxKey, cancellationToken);
    }
}
