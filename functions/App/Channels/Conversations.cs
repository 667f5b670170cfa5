using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Channels;

/// <summary>Turns what any channel received into messages on the bus: the one door of all channels.</summary>
public sealed class Conversations(PhoneHash hash)
{
    /// <summary>Tag of an answer: tells its receipts from those of notifications.</summary>
    public const string TagPrefix = "reply|";

    // A message holds 256 KB; what an event weighs is guessed high.
    private const int MostBytes = 150_000;
    private const int EventBytes = 1_500;
    private const int LongestSession = 128;

    /// <summary>Key of a conversation: session on the bus and partition in storage. Holds no phone number.</summary>
    public string Key(Channel channel, string senderKey) => Name(channel) + "-" + hash.Of(senderKey);

    /// <summary>
    /// One message for each sender, his events in the order in which he sent them; more than one only for what does not fit.
    /// The ids come from the events, so that a provider's repeat of the same post is swallowed.
    /// </summary>
    public IEnumerable<OutgoingMessage> Inbound(Channel channel, IEnumerable<SenderEvent> events)
    {
        foreach (var sender in events.GroupBy(one => one.SenderKey, one => one.Event, StringComparer.Ordinal))
        {
            var session = Key(channel, sender.Key);
            foreach (var part in Parts(sender.OrderBy(e => e.SentAt)))
            {
                var id = Name(channel) + "-" + ReportNumber.SourceHash([.. part.Select(e => e.EventId)])[..32];
                yield return new OutgoingMessage(Names.Queues.Inbound, id, session, new InboundEvents(channel, sender.Key, part));
            }
        }
    }

    /// <summary>A provider's receipt, on its way to whoever sent what it is about.</summary>
    /// <param name="eventId">The provider's id of the receipt; the state is part of what makes it new.</param>
    public static OutgoingMessage Receipt(DeliveryReport report, string eventId)
    {
        ArgumentNullException.ThrowIfNull(report);
        var source = ReportNumber.SourceHash(eventId, report.State.ToString());
        var session = report.ProviderId is { Length: > 0 and <= LongestSession } id ? id : source;
        var queue = report.Tag?.StartsWith(TagPrefix, StringComparison.Ordinal) == true ? Names.Queues.Replies : Names.Queues.Receipts;
        return new OutgoingMessage(queue, "receipt-" + source[..32], session, report);
    }

    public static OutgoingMessage Answer(SendReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return new OutgoingMessage(Names.Queues.Replies, reply.Address.Conversation + "-" + reply.Id, reply.Address.Conversation, reply);
    }

    private static IEnumerable<IReadOnlyList<InboundEvent>> Parts(IEnumerable<InboundEvent> events)
    {
        var part = new List<InboundEvent>();
        var bytes = 0;
        foreach (var e in events)
        {
            var weight = EventBytes + (6 * ((e.Text?.Length ?? 0) + (e.PlaceName?.Length ?? 0) + (e.AnswerTo?.Length ?? 0)))
                + (e.Media?.Id.Length ?? 0) + (e.More?.Sum(file => file.Id.Length + 100) ?? 0);
            if (part.Count > 0 && bytes + weight > MostBytes)
            {
                yield return part;
                part = [];
                bytes = 0;
            }

            part.Add(e);
            bytes += weight;
        }

        yield return part;
    }

    private static string Name(Channel channel) => channel.ToString().ToLowerInvariant();
}
