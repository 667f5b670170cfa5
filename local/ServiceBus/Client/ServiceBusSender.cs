#nullable disable
using System.Transactions;
using Serverless940.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>Sends to one queue or topic.</summary>
public class ServiceBusSender : IAsyncDisposable
{
    private readonly ServiceBusClient _client;
    private bool _closed;
    private bool _isLinked;

    /// <summary>For mocks.</summary>
    protected ServiceBusSender()
    {
    }

    protected ServiceBusSender(ServiceBusClient client, string queueOrTopicName)
        : this(client, queueOrTopicName, null)
    {
    }

    protected internal ServiceBusSender(ServiceBusClient client, string queueOrTopicName, ServiceBusSenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrWhiteSpace(queueOrTopicName);
        _client = client;
        EntityPath = queueOrTopicName;
        Identifier = ServiceBusClient.Name(options?.Identifier, queueOrTopicName);
    }

    public virtual string FullyQualifiedNamespace => _client.FullyQualifiedNamespace;

    public virtual string EntityPath { get; }

    public virtual bool IsClosed => _closed || _client is { IsClosed: true };

    public virtual string Identifier { get; }

    /// <summary>Sends a message; it is on disk when this completes.</summary>
    /// <exception cref="ServiceBusException">The message is too large, the entity is unknown, or the bus is out of reach.</exception>
    public virtual Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return SendAsync(BrokerOperation.Send, [message.Content], cancellationToken);
    }

    /// <summary>Sends messages together: all or none, at most 256 KB.</summary>
    public virtual async Task SendMessagesAsync(IEnumerable<ServiceBusMessage> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ThrowIfClosed();
        var contents = Contents(messages);
        if (contents.Count > 0)
        {
            await SendAsync(BrokerOperation.Send, contents, cancellationToken);
        }
    }

    public virtual async Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messageBatch);
        ThrowIfClosed();
        if (messageBatch.Count == 0)
        {
            return;
        }

        messageBatch.Lock(sending: true);
        try
        {
            await SendAsync(BrokerOperation.Send, messageBatch.Frozen, cancellationToken);
        }
        finally
        {
            messageBatch.Lock(sending: false);
        }
    }

    public virtual ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default) =>
        CreateMessageBatchAsync(null, cancellationToken);

    /// <exception cref="ArgumentOutOfRangeException">The size asked for is larger than the tier takes.</exception>
    public virtual async ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CreateMessageBatchOptions options, CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        cancellationToken.ThrowIfCancellationRequested();
        if (!_isLinked)
        {
            // The size of a batch is the link's to say, so the first one needs a bus that answers.
            await _client.Broker.OpenLinkAsync(EntityPath, _client.Retry, cancellationToken);
            _isLinked = true;
        }

        var size = options?.MaxSizeInBytes ?? LocalBroker.MaxMessageBytes;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, LocalBroker.MaxMessageBytes, nameof(options));
        return new ServiceBusMessageBatch(size);
    }

    /// <summary>Sends a message that can be received from an instant on.</summary>
    /// <returns>The sequence number, valid until that instant, by which it can be cancelled.</returns>
    public virtual async Task<long> ScheduleMessageAsync(
        ServiceBusMessage message, DateTimeOffset scheduledEnqueueTime, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return (await ScheduleMessagesAsync([message], scheduledEnqueueTime, cancellationToken))[0];
    }

    public virtual async Task<IReadOnlyList<long>> ScheduleMessagesAsync(
        IEnumerable<ServiceBusMessage> messages, DateTimeOffset scheduledEnqueueTime, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ThrowIfClosed();
        var all = messages.ToList();
        if (all.Count == 0)
        {
            return [];
        }

        foreach (var message in all)
        {
            message.ScheduledEnqueueTime = scheduledEnqueueTime;
        }

        return await SendAsync(BrokerOperation.Schedule, Contents(all), cancellationToken);
    }

    public virtual Task CancelScheduledMessageAsync(long sequenceNumber, CancellationToken cancellationToken = default) =>
        CancelScheduledMessagesAsync([sequenceNumber], cancellationToken);

    /// <exception cref="ServiceBusException">A message is not scheduled (any more): <see cref="ServiceBusFailureReason.MessageNotFound"/>.</exception>
    public virtual async Task CancelScheduledMessagesAsync(IEnumerable<long> sequenceNumbers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sequenceNumbers);
        ThrowIfClosed();
        var numbers = sequenceNumbers.ToList();
        if (numbers.Count == 0)
        {
            return;
        }

        var broker = _client.Broker;
        await broker.CallAsync(BrokerOperation.Cancel, EntityPath, _client.Retry, _ => broker.CancelAsync(EntityPath, numbers), cancellationToken);
    }

    public virtual Task CloseAsync(CancellationToken cancellationToken = default)
    {
        _closed = true;
        return Task.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await CloseAsync(CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    private static List<MessageData> Contents(IEnumerable<ServiceBusMessage> messages)
    {
        var contents = new List<MessageData>();
        foreach (var message in messages)
        {
            ArgumentNullException.ThrowIfNull(message, nameof(messages));
            contents.Add(message.Content);
        }

        return contents;
    }

    private async Task<IReadOnlyList<long>> SendAsync(BrokerOperation operation, IReadOnlyList<MessageData> contents, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        if (Transaction.Current is not null)
        {
            throw new NotSupportedException("The local bus takes no part in transactions.");
        }

        var broker = _client.Broker;
        var outgoing = new OutgoingMessage[contents.Count];
        var size = 0L;
        for (var i = 0; i < outgoing.Length; i++)
        {
            outgoing[i] = Outgoing(contents[i]);
            size += outgoing[i].Payload.Length;
        }

        if (size > LocalBroker.MaxMessageBytes)
        {
            throw new ServiceBusException(
                $"The message or batch has {size} bytes; the limit is {LocalBroker.MaxMessageBytes}.", ServiceBusFailureReason.MessageSizeExceeded, EntityPath);
        }

        return await broker.CallAsync(operation, EntityPath, _client.Retry, _ => broker.SendAsync(EntityPath, outgoing), cancellationToken);
    }

    private static OutgoingMessage Outgoing(MessageData content)
    {
        if (content.MessageId is null)
        {
            // The service names a message that its sender left unnamed.
            content = content.Copy();
            content.MessageId = Guid.NewGuid().ToString("N");
        }

        return new OutgoingMessage(content.MessageId, content.SessionId, content.TimeToLive, content.ScheduledEnqueueTime, MessageCodec.Encode(content));
    }

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(IsClosed, this);
}
