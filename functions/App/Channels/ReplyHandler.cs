using Microsoft.Extensions.Logging;
using Serverless940.Core.Messages;
using Serverless940.Core.Notifications;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Outbound;
using Serverless940.Functions.Platform.Telemetry;

namespace Serverless940.Functions.Channels;

/// <summary>
/// Sends an answer once, as far as the provider allows: its row says <c>sending</c> before the call and is settled after
/// it, by the provider's answer or its receipt. When the process dies in between, the answer is held until a receipt has
/// spoken or the hold is over; an answer that was accepted, and whose receipt takes longer than that, goes out twice.
/// Operations: row 1, provider 1, row 1; a receipt: row 2.
/// </summary>
public sealed partial class ReplyHandler(ReplyStore store, IEnumerable<IReplySender> senders, TimeProvider time, ILogger<ReplyHandler> logger)
{
    /// <summary>How long an answer whose fate is unknown waits for its receipt.</summary>
    public static TimeSpan HoldInDoubt { get; } = TimeSpan.FromMinutes(10);

    public Task HandleAsync(BusMessage message, string inboxKey, CancellationToken cancellationToken) => message switch
    {
        SendReply reply => SendOnceAsync(reply, cancellationToken),
        DeliveryReport report => ReceiveAsync(report, cancellationToken),
        _ => throw new UnreadableMessageException("it is no answer and no receipt of one"),
    };

    private async Task SendOnceAsync(SendReply reply, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (row, taken) = await store.BeginAsync(reply, now, cancellationToken);
        if (!taken)
        {
            if (row is { State: not (null or DeliveryState.Sending) })
            {
                return;
            }

            if (row is null or { State: DeliveryState.Sending } && now - row?.At < HoldInDoubt)
            {
                throw new TransientFailureException("held: whether it was sent is not known yet") { IsBrief = false, OverAt = row?.At + HoldInDoubt };
            }

            row = row is null ? null : await store.SetAsync(reply.Address.Conversation, reply.Id, row.ETag, DeliveryState.Sending, null, now, cancellationToken);
        }

        if (row is null)
        {
            throw new TransientFailureException("another attempt was faster");
        }

        await SendAsync(reply, row, cancellationToken);
    }

    private async Task SendAsync(SendReply reply, ReplyRow row, CancellationToken cancellationToken)
    {
        var sender = senders.FirstOrDefault(candidate => candidate.Channel == reply.Address.Channel)
            ?? throw new PermanentFailureException("no way to answer on " + reply.Address.Channel);
        var language = reply.Address.Language;
        var text = MessageCatalogue.Default.Render(reply.Template, language, reply.Values);
        var buttons = reply.Buttons.Select(button => new ReplyChoice(button.Id, MessageCatalogue.Default.Find(button.Template, language).Text)).ToList();
        var tag = Conversations.TagPrefix + reply.Address.Conversation + "|" + reply.Id;
        var outcome = await sender.SendAsync(new ReplyText(reply.Address.To, text, reply.AskLocation, buttons, tag), cancellationToken);
        ChannelMetrics.Sent(reply.Address.Channel, outcome.Name);
        switch (outcome)
        {
            case SendOutcome.Accepted:
                await SettleAsync(reply, row, DeliveryState.Sent, null, cancellationToken);
                break;
            case SendOutcome.Refused refused:
                LogRefused(reply.Template, refused.Reason);
                await SettleAsync(reply, row, DeliveryState.Failed, refused.Reason, cancellationToken);
                break;
            case SendOutcome.TryLater later:
                await SettleAsync(reply, row, null, later.Reason, cancellationToken);
                throw new TransientFailureException(later.Reason);
        }
    }

    // A receipt that was faster than the provider's answer knows more; it is left as it is.
    private Task<ReplyRow?> SettleAsync(SendReply reply, ReplyRow row, DeliveryState? state, string? detail, CancellationToken cancellationToken) =>
        store.SetAsync(reply.Address.Conversation, reply.Id, row.ETag, state, detail, time.GetUtcNow(), cancellationToken);

    private async Task ReceiveAsync(DeliveryReport report, CancellationToken cancellationToken)
    {
        if (report.Tag?.Split('|') is not [_, { Length: > 0 and < 100 } conversation, { Length: > 0 and < 100 } id]
            || conversation.Concat(id).Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter != '-')
            || await store.FindAsync(conversation, id, cancellationToken) is not { } row
            || !Advances(row.State, report.State))
        {
            return;
        }

        if (await store.SetAsync(conversation, id, row.ETag, report.State, report.Detail, time.GetUtcNow(), cancellationToken) is null)
        {
            throw new TransientFailureException("the row changed meanwhile");
        }

        ChannelMetrics.Sent(report.Medium, report.State.ToString().ToLowerInvariant());
    }

    // Ranks rise; failed is final unless a later delivered comes.
    private static bool Advances(DeliveryState? from, DeliveryState to) => (from, to) switch
    {
        (null, _) => true,
        (DeliveryState.Failed, _) => to is DeliveryState.Delivered or DeliveryState.Read,
        (DeliveryState.Delivered or DeliveryState.Read, DeliveryState.Failed) => false,
        _ => to > from,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Answer {Template} refused by the provider: {Reason}")]
    private partial void LogRefused(string template, string reason);
}
