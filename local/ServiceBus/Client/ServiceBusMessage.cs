#nullable disable
using System.Globalization;
using Serverless940.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>A message to be sent.</summary>
public class ServiceBusMessage
{
    private const int LongestId = 128;

    public ServiceBusMessage()
        : this(default(ReadOnlyMemory<byte>))
    {
    }

    public ServiceBusMessage(string body)
        : this(new BinaryData(body))
    {
    }

    public ServiceBusMessage(ReadOnlyMemory<byte> body)
        : this(BinaryData.FromBytes(body))
    {
    }

    public ServiceBusMessage(BinaryData body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Content = new MessageData { Body = body };
    }

    /// <summary>Copies what a sender may set, so without lock, delivery count and dead-letter reason.</summary>
    public ServiceBusMessage(ServiceBusReceivedMessage receivedMessage)
    {
        ArgumentNullException.ThrowIfNull(receivedMessage);
        Content = receivedMessage.Content.Copy();
        Content.Properties.Remove(MessageCodec.DeadLetterReason);
        Content.Properties.Remove(MessageCodec.DeadLetterErrorDescription);
    }

    public BinaryData Body
    {
        get => Content.Body;
        set => Content.Body = value;
    }

    /// <summary>At most 128 characters; the key of duplicate detection.</summary>
    public string MessageId
    {
        get => Content.MessageId;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            Content.MessageId = Short(value);
        }
    }

    /// <summary>At most 128 characters, and the session's id where there is one.</summary>
    public string PartitionKey
    {
        get => Content.PartitionKey;
        set
        {
            Short(value);
            if (SessionId is not null && SessionId != value)
            {
                throw new ArgumentOutOfRangeException(nameof(value), "The partition key of a message in a session is the session's id.");
            }

            Content.PartitionKey = value;
        }
    }

    public string TransactionPartitionKey
    {
        get => Content.TransactionPartitionKey;
        set => Content.TransactionPartitionKey = Short(value);
    }

    /// <summary>At most 128 characters.</summary>
    public string SessionId
    {
        get => Content.SessionId;
        set
        {
            Content.SessionId = Short(value);
            if (PartitionKey is not null && PartitionKey != value)
            {
                PartitionKey = value;
            }
        }
    }

    public string ReplyToSessionId
    {
        get => Content.ReplyToSessionId;
        set => Content.ReplyToSessionId = Short(value);
    }

    /// <summary>How long the message lives once it is enqueued; at most as long as its entity allows.</summary>
    public TimeSpan TimeToLive
    {
        get => Content.TimeToLive;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            Content.TimeToLive = value;
        }
    }

    public string CorrelationId
    {
        get => Content.CorrelationId;
        set => Content.CorrelationId = value;
    }

    public string Subject
    {
        get => Content.Subject;
        set => Content.Subject = value;
    }

    public string To
    {
        get => Content.To;
        set => Content.To = value;
    }

    public string ContentType
    {
        get => Content.ContentType;
        set => Content.ContentType = value;
    }

    public string ReplyTo
    {
        get => Content.ReplyTo;
        set => Content.ReplyTo = value;
    }

    /// <summary>From when on the message can be received.</summary>
    public DateTimeOffset ScheduledEnqueueTime
    {
        get => Content.ScheduledEnqueueTime;
        set => Content.ScheduledEnqueueTime = value.ToUniversalTime();
    }

    /// <summary>Values of the types that Service Bus carries: text, numbers, booleans, times, Guid, Uri.</summary>
    public IDictionary<string, object> ApplicationProperties => Content.Properties;

    internal MessageData Content { get; }

    public override string ToString() => string.Format(CultureInfo.CurrentCulture, "{{MessageId:{0}}}", MessageId);

    private static string Short(string value) => value is null || value.Length <= LongestId
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), "The value is longer than 128 characters.");
}
