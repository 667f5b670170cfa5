#nullable disable
using System.Runtime.CompilerServices;
using Serverless940.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>Receives and settles the messages of one queue or subscription, or of its dead letters.</summary>
public class ServiceBusReceiver : IAsyncDisposable
{
    private readonly ServiceBusClient _client;
    private long _lastPeeked;
    private int _consuming;
    private bool _closed;

    /// <summary>For mocks.</summary>
    protected ServiceBusReceiver()
    {
    }

    protected ServiceBusReceiver(ServiceBusClient client, string queueName, ServiceBusReceiverOptions options)
        : this(client, queueName, options, null)
    {
    }

    protected ServiceBusReceiver(ServiceBusClient client, string topicName, string subscriptionName, ServiceBusReceiverOptions options)
        : this(client, ServiceBusClient.SubscriptionPath(topicName, subscriptionName), options, null)
    {
    }

    internal ServiceBusReceiver(ServiceBusClient client, string entityPath, ServiceBusReceiverOptions options, SessionLock session)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrWhiteSpace(entityPath);
        _client = client;
        EntityPath = ServiceBusClient.SubQueuePath(entityPath, options?.SubQueue ?? SubQueue.None);
        ReceiveMode = options?.ReceiveMode ?? ServiceBusReceiveMode.PeekLock;
        PrefetchCount = options?.PrefetchCount ?? 0;
        Identifier = ServiceBusClient.Name(options?.Identifier, EntityPath);
        Session = session;
    }

    public virtual string FullyQualifiedNamespace => _client.FullyQualifiedNamespace;

    public virtual string EntityPath { get; }

    public virtual ServiceBusReceiveMode ReceiveMode { get; }

    /// <summary>Kept for its caller; the local bus is near enough not to need it.</summary>
    public virtual int PrefetchCount { get; }

    public virtual string Identifier { get; }

    public virtual bool IsClosed => _closed || _client is { IsClosed: true };

    internal SessionLock Session { get; }

    internal ServiceBusClient Client => _client;

    private bool IsDelete => ReceiveMode == ServiceBusReceiveMode.ReceiveAndDelete;

    /// <summary>One message, or <see langword="null"/> when none came within the wait.</summary>
    public virtual async Task<ServiceBusReceivedMessage> ReceiveMessageAsync(TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default)
    {
        var messages = await ReceiveMessagesAsync(1, maxWaitTime, cancellationToken);
        return messages.Count == 0 ? null : messages[0];
    }

    /// <summary>At least one message and at most <paramref name="maxMessages"/>; none when none came within the wait.</summary>
    public virtual async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(
        int maxMessages, TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        ThrowIfClosed();
        if (maxWaitTime is { } given)
        {
            if (PrefetchCount == 0)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(given, TimeSpan.Zero, nameof(maxWaitTime));
            }
            else
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(given, TimeSpan.Zero, nameof(maxWaitTime));
            }
        }

        var broker = _client.Broker;
        Consume(broker);
        var wait = maxWaitTime ?? _client.Retry.TryTimeout;
        var deliveries = await broker.CallAsync(
            BrokerOperation.Receive,
            EntityPath,
            _client.Retry,
            token => broker.ReceiveAsync(EntityPath, Session, maxMessages, IsDelete, wait, token),
            cancellationToken);
        return deliveries.Count == 0 ? [] : [.. deliveries.Select(ServiceBusReceivedMessage.From)];
    }

    /// <summary>Messages as they come, until cancelled.</summary>
    public virtual async IAsyncEnumerable<ServiceBusReceivedMessage> ReceiveMessagesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var message = await ReceiveMessageAsync(null, cancellationToken);
            if (message is not null)
            {
                yield return message;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>The next message in order, whatever its state, without a lock; <see langword="null"/> at the end.</summary>
    public virtual async Task<ServiceBusReceivedMessage> PeekMessageAsync(long? fromSequenceNumber = null, CancellationToken cancellationToken = default)
    {
        var messages = await PeekMessagesAsync(1, fromSequenceNumber, cancellationToken);
        return messages.Count == 0 ? null : messages[0];
    }

    public virtual async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(
        int maxMessages, long? fromSequenceNumber = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        ThrowIfClosed();
        if (fromSequenceNumber is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(given, nameof(fromSequenceNumber));
        }

        var broker = _client.Broker;
        var from = fromSequenceNumber ?? _lastPeeked + 1;
        var peeked = await broker.CallAsync(
            BrokerOperation.Peek,
            EntityPath,
            _client.Retry,
            token => broker.PeekAsync(EntityPath, Session?.Session.Id, from, maxMessages, token),
            cancellationToken);
        if (peeked.Count == 0)
        {
            return [];
        }

        _lastPeeked = peeked[^1].Number;
        return [.. peeked.Select(ServiceBusReceivedMessage.From)];
    }

    public virtual async Task<ServiceBusReceivedMessage> ReceiveDeferredMessageAsync(long sequenceNumber, CancellationToken cancellationToken = default) =>
        (await ReceiveDeferredMessagesAsync([sequenceNumber], cancellationToken))[0];

    /// <exception cref="ServiceBusException">One of them is not deferred: <see cref="ServiceBusFailureReason.MessageNotFound"/>.</exception>
    public virtual async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveDeferredMessagesAsync(
        IEnumerable<long> sequenceNumbers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sequenceNumbers);
        ThrowIfClosed();
        var numbers = sequenceNumbers.ToList();
        if (numbers.Count == 0)
        {
            return [];
        }

        var broker = _client.Broker;
        var deliveries = await broker.CallAsync(
            BrokerOperation.Receive,
            EntityPath,
            _client.Retry,
            token => broker.ReceiveDeferredAsync(EntityPath, Session, numbers, IsDelete, token),
            cancellationToken);
        return [.. deliveries.Select(ServiceBusReceivedMessage.From)];
    }

    /// <summary>The message is done and leaves the entity.</summary>
    /// <exception cref="ServiceBusException">The lock on the message or its session is lost.</exception>
    public virtual Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        SettleAsync(BrokerOperation.Complete, message, (broker, token) => broker.CompleteAsync(EntityPath, Session, token), cancellationToken);

    /// <summary>The message goes back to its place and can be received again at once.</summary>
    public virtual Task AbandonMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object> propertiesToModify = null, CancellationToken cancellationToken = default)
    {
        MessageCodec.Check(propertiesToModify);
        return SettleAsync(
            BrokerOperation.Abandon, message, (broker, token) => broker.AbandonAsync(EntityPath, Session, token, propertiesToModify), cancellationToken);
    }

    /// <summary>The message is set aside; only its sequence number gets it back.</summary>
    public virtual Task DeferMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object> propertiesToModify = null, CancellationToken cancellationToken = default)
    {
        MessageCodec.Check(propertiesToModify);
        return SettleAsync(
            BrokerOperation.Defer, message, (broker, token) => broker.DeferAsync(EntityPath, Session, token, propertiesToModify), cancellationToken);
    }

    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object> propertiesToModify = null, CancellationToken cancellationToken = default) =>
        DeadLetterAsync(message, null, null, propertiesToModify, cancellationToken);

    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message, string deadLetterReason, string deadLetterErrorDescription = null, CancellationToken cancellationToken = default) =>
        DeadLetterAsync(message, deadLetterReason, deadLetterErrorDescription, null, cancellationToken);

    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object> propertiesToModify,
        string deadLetterReason,
        string deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        DeadLetterAsync(message, deadLetterReason, deadLetterErrorDescription, propertiesToModify, cancellationToken);

    /// <summary>Sets the lock's end anew; the message shows it.</summary>
    public virtual async Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ThrowIfCannotSettle();
        if (Session is not null)
        {
            throw new InvalidOperationException("In a session the session's lock is renewed, not the message's.");
        }

        var broker = _client.Broker;
        message.LockedUntil = await broker.CallAsync(
            BrokerOperation.Renew,
            EntityPath,
            _client.Retry,
            _ => Task.FromResult(broker.RenewMessage(EntityPath, message.LockTokenGuid)),
            cancellationToken);
    }

    public virtual Task CloseAsync(CancellationToken cancellationToken = default)
    {
        _closed = true;
        if (Interlocked.Exchange(ref _consuming, 0) == 1)
        {
            _client.Broker.AddConsumer(EntityPath, -1);
        }

        if (Session is not null)
        {
            _client.Broker.ReleaseSession(Session);
        }

        return Task.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await CloseAsync(CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    internal void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_closed || _client.IsClosed, this);

    /// <summary>Whoever receives counts as a reader of the entity until it is closed.</summary>
    internal void Consume(LocalBroker broker)
    {
        if (Volatile.Read(ref _consuming) == 0 && Interlocked.Exchange(ref _consuming, 1) == 0)
        {
            broker.AddConsumer(EntityPath, 1);
        }
    }

    private Task DeadLetterAsync(
        ServiceBusReceivedMessage message, string reason, string description, IDictionary<string, object> properties, CancellationToken cancellationToken)
    {
        Short(reason);
        Short(description);
        Agree(properties, MessageCodec.DeadLetterReason, reason);
        Agree(properties, MessageCodec.DeadLetterErrorDescription, description);
        MessageCodec.Check(properties);
        return SettleAsync(
            BrokerOperation.DeadLetter,
            message,
            (broker, token) => broker.DeadLetterAsync(EntityPath, Session, token, reason, description, properties),
            cancellationToken);
    }

    private static void Short(string text)
    {
        if (text is { Length: > 4096 })
        {
            throw new ArgumentOutOfRangeException(nameof(text), "A dead letter's reason and description have at most 4,096 characters.");
        }
    }

    private static void Agree(IDictionary<string, object> properties, string name, string value)
    {
        if (value is not null && properties is not null && properties.TryGetValue(name, out var other) && !value.Equals(other as string, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{name} is given twice, with different values.");
        }
    }

    private async Task SettleAsync(
        BrokerOperation operation, ServiceBusReceivedMessage message, Func<LocalBroker, Guid, Task<bool>> settle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        ThrowIfCannotSettle();
        var broker = _client.Broker;
        await broker.CallAsync(operation, EntityPath, _client.Retry, _ => settle(broker, message.LockTokenGuid), cancellationToken);
        message.IsSettled = true;
    }

    private void ThrowIfCannotSettle()
    {
        ThrowIfClosed();
        if (IsDelete)
        {
            throw new InvalidOperationException("A message that was removed by its receive has no lock.");
        }
    }
}
