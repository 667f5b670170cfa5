#nullable disable
using System.Globalization;
using Serverless940.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>A message as it was received.</summary>
public class ServiceBusReceivedMessage
{
    internal ServiceBusReceivedMessage(MessageData content)
    {
        Content = content;
    }

    public BinaryData Body => Content.Body;

    public string MessageId => Content.MessageId;

    public string PartitionKey => Content.PartitionKey;

    public string TransactionPartitionKey => Content.TransactionPartitionKey;

    public string SessionId => Content.SessionId;

    public string ReplyToSessionId => Content.ReplyToSessionId;

    public TimeSpan TimeToLive => Content.TimeToLive;

    public string CorrelationId => Content.CorrelationId;

    public string Subject => Content.Subject;

    public string To => Content.To;

    public string ContentType => Content.ContentType;

    public string ReplyTo => Content.ReplyTo;

    public DateTimeOffset ScheduledEnqueueTime => Content.ScheduledEnqueueTime;

    public IReadOnlyDictionary<string, object> ApplicationProperties => Content.Properties;

    /// <summary>The token of the lock; all zeros for a message that was peeked or removed by its receive.</summary>
    public string LockToken => LockTokenGuid.ToString();

    /// <summary>How often the message was delivered, this time included.</summary>
    public int DeliveryCount { get; internal init; }

    /// <summary>The end of the lock as last known, real time.</summary>
    public DateTimeOffset LockedUntil { get; internal set; }

    public long SequenceNumber { get; internal init; } = -1;

    /// <summary>Set only on dead letters that were forwarded to another entity, which the local bus does not do.</summary>
    public string DeadLetterSource { get; internal init; }

    public long EnqueuedSequenceNumber { get; internal init; }

    /// <summary>When the message became available, business time.</summary>
    public DateTimeOffset EnqueuedTime { get; internal init; }

    public DateTimeOffset ExpiresAt =>
        TimeToLive >= DateTimeOffset.MaxValue - EnqueuedTime ? DateTimeOffset.MaxValue : EnqueuedTime + TimeToLive;

    public string DeadLetterReason => Text(MessageCodec.DeadLetterReason);

    public string DeadLetterErrorDescription => Text(MessageCodec.DeadLetterErrorDescription);

    public ServiceBusMessageState State { get; internal init; }

    internal MessageData Content { get; }

    internal Guid LockTokenGuid { get; init; }

    internal bool IsSettled { get; set; }

    public override string ToString() => string.Format(CultureInfo.CurrentCulture, "{{MessageId:{0}}}", MessageId);

    internal static ServiceBusReceivedMessage From(Delivery delivery)
    {
        var content = MessageCodec.Decode(delivery.Payload);
        if (delivery.Message.Expires != long.MaxValue)
        {
            // What the entity's own limit made of the sender's wish.
            content.TimeToLive = TimeSpan.FromTicks(delivery.Message.Expires - delivery.Enqueued);
        }

        return new ServiceBusReceivedMessage(content)
        {
            DeliveryCount = delivery.Deliveries,
            LockTokenGuid = delivery.LockToken,
            LockedUntil = delivery.LockedUntil,
            SequenceNumber = delivery.Number,
            EnqueuedSequenceNumber = delivery.Number,
            EnqueuedTime = new DateTimeOffset(delivery.Enqueued, TimeSpan.Zero),
            State = delivery.State,
        };
    }

    private string Text(string property) => Content.Properties.GetValueOrDefault(property) as string;
}
