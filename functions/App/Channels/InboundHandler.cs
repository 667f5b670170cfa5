using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Storage;
using Serverless940.Functions.Platform.Telemetry;

namespace Serverless940.Functions.Channels;

/// <summary>
/// Goes on with a conversation: loads it, asks the core, commits, publishes. An event is taken once: its message by the
/// inbox, itself by the ids that the conversation remembers.
/// Storage operations: hint and load, commit, outbox and hint removed; a send to each queue that has something to do. A
/// report that is sent on looks for similar ones: two queries at most.
/// </summary>
public sealed class InboundHandler(
    TableServiceClient tables, BusSender bus, Conversations conversations, SimilarInChat similar, Policy policy, TimeProvider time)
{
    private readonly PartitionStore _store = new(tables, bus, Names.Tables.Conversations);

    public async Task HandleAsync(InboundEvents message, string inboxKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var now = time.GetUtcNow();
        var key = conversations.Key(message.Channel, message.SenderKey);
        var loaded = await _store.OpenAsync(key, inboxKey, now, cancellationToken);
        await _store.PublishLeftoversAsync(loaded, cancellationToken);
        if (loaded.Done is not null)
        {
            ChannelMetrics.Received(message.Channel, "duplicate", message.Events.Count);
            await _store.ClearHintAsync(key, inboxKey, now, cancellationToken);
            return;
        }

        var before = loaded.State is null ? null : JsonSerializer.Deserialize(LongText.Get(loaded.State, "Json")!, DialogueJson.Compact.DialogueState);
        ChannelMetrics.Received(message.Channel, "duplicate", message.Events.Count(e => before?.Seen.Contains(e.EventId) == true));
        var result = await similar.AddAsync(message.Channel, Dialogue.Run(message.Channel, before, message.Events, policy, now), cancellationToken);
        var words = await similar.CommandsAsync(result, now, cancellationToken);
        var language = result.State.Language ?? policy.City.DefaultLanguage;
        ReplyAddress AddressOf(InboundEvent e) => new(message.Channel, key, e.AnswerTo ?? Sender(message, result.State), language);
        await _store.CommitAsync(
            loaded, [Row(loaded, result.State)], inboxKey, new InboxOutcome(InboxOutcome.Applied, null, null, now),
            [.. Outgoing(result, message.Events, AddressOf, now), .. words], now, cancellationToken);
    }

    // The report before its files: both go by the same queue in the end, in this order.
    private static IEnumerable<OutgoingMessage> Outgoing(
        DialogueResult result, IReadOnlyList<InboundEvent> events, Func<InboundEvent, ReplyAddress> addressOf, DateTimeOffset now)
    {
        var address = addressOf(events[^1]);
        foreach (var submission in result.Submissions)
        {
            yield return Submit(submission, result.State, address);
        }

        foreach (var file in result.Media)
        {
            yield return new OutgoingMessage(Names.Queues.Media, "fetch-" + file.AttachmentId, null, new FetchMedia(
                file.Number, file.AttachmentId, address.Channel, file.Media.Id, file.Media.Sha256, Actor.Citizen, file.At, address, file.SourceHash));
        }

        for (var index = 0; index < result.Replies.Count; index++)
        {
            var reply = result.Replies[index];
            var to = addressOf(events.First(e => e.EventId == reply.Event));
            // Where one answer is allowed, the last is it; a report's number comes before everything.
            if (ChannelAddress.TakesOne(to.To) && (result.Submissions.Count > 0 || result.Replies.Skip(index + 1).Any(later => later.Event == reply.Event)))
            {
                continue;
            }

            var id = ReportNumber.SourceHash(reply.Event, reply.Template, index.ToString(CultureInfo.InvariantCulture))[..24];
            yield return Conversations.Answer(new SendReply(id, to, reply.Template, reply.Values, reply.AskLocation, reply.Buttons ?? [], now));
        }
    }

    // Only where the channel's own address is a phone can the phone stand for it.
    private static string Sender(InboundEvents message, DialogueState state) =>
        message.Channel is Channel.WhatsApp or Channel.Sms ? state.Phone ?? message.SenderKey : message.SenderKey;

    private static OutgoingMessage Submit(Submission submission, DialogueState state, ReplyAddress address)
    {
        var id = "submit-" + submission.SourceHash;
        return new OutgoingMessage(Names.Queues.Commands, id, submission.Number, new SubmitReport
        {
            Number = submission.Number,
            CommandId = id,
            At = submission.At,
            Actor = Actor.Citizen,
            SourceHash = submission.SourceHash,
            Channel = address.Channel,
            Kind = submission.Kind,
            Text = submission.Text,
            Place = submission.Place,
            // Whoever writes from it has it: the provider vouches for the sender.
            Reporter = new Reporter(state.Phone, state.Phone is not null, state.Name, address.Language, address.To),
        });
    }

    private static TableTransactionAction Row(LoadedPartition loaded, DialogueState state)
    {
        var row = new TableEntity(loaded.Key, Keys.State);
        LongText.Set(row, "Json", JsonSerializer.Serialize(state, DialogueJson.Compact.DialogueState));
        return loaded.State is null
            ? new TableTransactionAction(TableTransactionActionType.Add, row)
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, loaded.State.ETag);
    }
}
