using Microsoft.Extensions.Logging;
using Serverless940.Core.Messages;
using Serverless940.Core.Notifications;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Outbound;
using Serverless940.Functions.Platform.Telemetry;

namespace Serverless940.Functions.Notifications;

/// <summary>
/// Sends one notification at most once, as far as the provider allows: the row says <c>sending</c> before the call and is
/// settled after it. When the process dies in between, nobody knows; then it is held until a receipt has spoken or the
/// hold is over. What remains: a text that was accepted, whose answer was lost, and whose receipt takes longer than the
/// hold, goes out twice.
/// Operations: row 1, provider 1, row 1; to an unproven phone a query and a write before.
/// </summary>
public sealed partial class NotificationHandler(
    NotificationStore store, UnprovenLimit limit, IEnumerable<IOutboundSender> senders, TimeProvider time, ILogger<NotificationHandler> logger)
{
    /// <summary>How long a notification whose fate is unknown waits for its receipt.</summary>
    public static TimeSpan HoldInDoubt { get; } = TimeSpan.FromMinutes(10);

    public async Task HandleAsync(SendNotification notification, string inboxKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        var now = time.GetUtcNow();
        var tag = NotificationStore.Tag(notification);
        // Before the row: what fails here has certainly not been sent, and must not be held in doubt.
        var allowed = notification is not { Proven: false, Medium: Medium.Sms or Medium.Voice } || await limit.TakeAsync(notification.To, tag, now, cancellationToken);
        var (row, taken) = await store.BeginAsync(notification, now, cancellationToken);
        if (!taken)
        {
            if (row.State != DeliveryState.Sending)
            {
                return;
            }

            if (now - row.At < HoldInDoubt)
            {
                throw new TransientFailureException("held: whether it was sent is not known yet") { IsBrief = false, OverAt = row.At + HoldInDoubt };
            }

            if (await store.RetakeAsync(notification, row, now, cancellationToken) is not { } again)
            {
                throw new TransientFailureException("another attempt was faster");
            }

            row = again;
        }

        if (!allowed)
        {
            LogSuppressed(notification.Number, notification.Key);
            await SettleAsync(notification, row, DeliveryState.Suppressed, null, "unproven phone has had its day's texts", cancellationToken);
            return;
        }

        await SendAsync(notification, row, tag, cancellationToken);
    }

    private async Task SendAsync(SendNotification notification, NotificationRow row, string tag, CancellationToken cancellationToken)
    {
        var sender = senders.FirstOrDefault(candidate => candidate.Medium == notification.Medium)
            ?? throw new PermanentFailureException("no way to send by " + notification.Medium);
        var text = MessageCatalogue.Default.Render(notification.Template, notification.Language, notification.Values);
        var outcome = await sender.SendAsync(notification, text, tag, cancellationToken);
        ChannelMetrics.Sent(notification.Medium, outcome.Name);
        switch (outcome)
        {
            case SendOutcome.Accepted accepted:
                await SettleAsync(notification, row, DeliveryState.Sent, accepted.ProviderId, null, cancellationToken);
                break;
            case SendOutcome.Refused refused:
                LogRefused(notification.Number, notification.Key, refused.Reason);
                await SettleAsync(notification, row, DeliveryState.Failed, null, refused.Reason, cancellationToken);
                break;
            case SendOutcome.TryLater later:
                await SettleAsync(notification, row, null, null, later.Reason, cancellationToken);
                throw new TransientFailureException(later.Reason) { IsBrief = false, OverAt = later.At is null ? row.At + HoldInDoubt : null, NotBefore = later.At };
        }
    }

    // A receipt that came before the provider's answer was written knows more than the answer; it is left as it is.
    private Task<bool> SettleAsync(
        SendNotification notification, NotificationRow row, DeliveryState? state, string? providerId, string? detail, CancellationToken cancellationToken) =>
        store.SettleAsync(
            notification.Number, NotificationStore.RowKey(notification), row.ETag, state, providerId, detail, time.GetUtcNow(), cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Report {Number}: {Recipient} not sent, an unproven phone has had its day's texts")]
    private partial void LogSuppressed(string number, string recipient);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Report {Number}: {Recipient} refused by the provider: {Reason}")]
    private partial void LogRefused(string number, string recipient, string reason);
}
