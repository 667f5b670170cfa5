using Azure.Messaging.ServiceBus;

namespace Serverless940.Local.ServiceBus;

/// <summary>A message as it is handed to a receiver.</summary>
internal sealed record Delivery(StoredMessage Message, byte[] Payload, long Number, int Deliveries, long Enqueued, Guid LockToken, DateTimeOffset LockedUntil, ServiceBusMessageState State);

public sealed partial class LocalBroker
{
    /// <summary>
    /// Up to <paramref name="max"/> messages, waiting for the first one. Empty when the wait is over.
    /// </summary>
    internal async Task<IReadOnlyList<Delivery>> ReceiveAsync(
        string path, SessionLock? session, int max, bool delete, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        List<StoredMessage> taken;
        MessageWaiter? waiter = null;
        MessageLine line;
        lock (_gate)
        {
            ThrowIfEnded();
            KeepUp();
            var store = ReceivableStore(path, session);
            line = session is null ? store.Line : session.Session;
            taken = Take(store, line, max, delete);
            if (taken.Count == 0)
            {
                waiter = new MessageWaiter(max, delete);
                line.Waiters.AddLast(waiter);
            }
        }

        if (waiter is not null)
        {
            taken = await WaitAsync(line, waiter, maxWait, cancellationToken) ?? [];
        }

        return taken.Count == 0 ? [] : await HandOverAsync(taken, delete);
    }

    internal async Task<IReadOnlyList<Delivery>> ReceiveDeferredAsync(
        string path, SessionLock? session, IReadOnlyList<long> numbers, bool delete, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var taken = new List<StoredMessage>();
        lock (_gate)
        {
            ThrowIfEnded();
            KeepUp();
            var store = ReceivableStore(path, session);
            foreach (var number in numbers)
            {
                if (!store.Messages.TryGetValue(number, out var message)
                    || message.Standing != Standing.Deferred
                    || (session is not null && message.SessionId != session.Session.Id))
                {
                    throw new ServiceBusException("A requested message is not among the deferred ones.", ServiceBusFailureReason.MessageNotFound, path);
                }

                taken.Add(message);
            }

            foreach (var message in taken)
            {
                store.Deferred--;
                message.WasDeferred = true;
                Hold(store, message, delete);
            }
        }

        return await HandOverAsync(taken, delete);
    }

    /// <summary>Messages in the order of their numbers, whatever their state, without locking them.</summary>
    internal async Task<IReadOnlyList<Delivery>> PeekAsync(string path, string? sessionId, long from, int max, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var found = new List<(StoredMessage Message, long Id, Standing Standing)>();
        lock (_gate)
        {
            ThrowIfEnded();
            KeepUp();
            if (!TryStore(path, out var store))
            {
                throw NotFound(path);
            }

            IEnumerable<StoredMessage> all = store.Messages.Values;
            if (!store.IsDeadLetter && store.Target!.Queue == store)
            {
                all = all.Concat(store.Target.Scheduled.Values);
            }

            found.AddRange(all
                .Where(message => message.Id >= from && message.Standing is not (Standing.Gone or Standing.Settling) && (sessionId is null || message.SessionId == sessionId))
                .OrderBy(message => message.Id)
                .Take(max)
                .Select(message => (message, message.Id, message.Standing)));
        }

        if (found.Count == 0)
        {
            return [];
        }

        var peeked = new List<Delivery>(found.Count);
        await WriteDurably(database =>
        {
            foreach (var (message, id, standing) in found)
            {
                if (database.TryReadPayload(id) is { } payload)
                {
                    var state = standing switch
                    {
                        Standing.Deferred => ServiceBusMessageState.Deferred,
                        Standing.Scheduled => ServiceBusMessageState.Scheduled,
                        _ => ServiceBusMessageState.Active,
                    };
                    peeked.Add(new Delivery(message, payload, id, message.Deliveries, message.Enqueued, Guid.Empty, default, state));
                }
            }
        });
        return peeked;
    }

    internal void AddConsumer(string path, int change)
    {
        lock (_gate)
        {
            if (TryStore(path, out var store))
            {
                store.Consumers += change;
                TellQuietWaiters();
            }
        }
    }

    private MessageStore ReceivableStore(string path, SessionLock? session)
    {
        if (!TryStore(path, out var store))
        {
            throw NotFound(path);
        }

        if (session is null && store.RequiresSession)
        {
            throw new InvalidOperationException($"'{path}' requires sessions; a receiver without one cannot read it.");
        }

        if (session is not null)
        {
            ThrowIfLost(session, path);
        }

        return store;
    }

    private async Task<List<StoredMessage>?> WaitAsync(MessageLine line, MessageWaiter waiter, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        try
        {
            return await waiter.Result.Task.WaitAsync(maxWait, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            lock (_gate)
            {
                line.Waiters.Remove(waiter);
                if (waiter.Result.TrySetResult(null))
                {
                    return exception is TimeoutException ? null : throw new TaskCanceledException(null, exception, cancellationToken);
                }

                // Served in the same moment: the last second's messages are taken, a cancelled caller's go back.
                if (exception is OperationCanceledException && waiter.Served is { } served)
                {
                    PutBack(served, waiter.Delete);
                    throw new TaskCanceledException(null, exception, cancellationToken);
                }
            }

            return await waiter.Result.Task;
        }
    }

    /// <summary>Takes what is available off a line and locks it for its receiver. Under the gate.</summary>
    private List<StoredMessage> Take(MessageStore store, MessageLine line, int max, bool delete)
    {
        List<StoredMessage>? taken = null;
        while ((taken?.Count ?? 0) < max && line.Take() is { } message)
        {
            store.AvailableCount--;
            if (!store.IsDeadLetter && message.Deliveries >= store.MaxDeliveryCount)
            {
                // Only after a restart: until then a message goes when its last delivery fails.
                _ = MoveToDeadLetters(message, Reasons.MaxDeliveryCount, Reasons.MaxDeliveryCountText(message.Deliveries), null);
                continue;
            }

            Hold(store, message, delete);
            (taken ??= new List<StoredMessage>(Math.Min(max, 16))).Add(message);
        }

        return taken ?? [];
    }

    private void Hold(MessageStore store, StoredMessage message, bool delete)
    {
        store.InProcess++;
        message.Deliveries++;
        if (delete)
        {
            message.Standing = Standing.Settling;
            return;
        }

        message.Standing = Standing.Locked;
        message.LockToken = Guid.NewGuid();
        store.ByLockToken.Add(message.LockToken, message);
        if (SessionOf(store, message) is { Holder: { } holder } session)
        {
            session.Locked.Add(message);
            message.LockedUntil = holder.LockedUntil;
        }
        else
        {
            message.LockedUntil = DateTimeOffset.UtcNow + store.LockDuration;
            WatchLock(message, message.LockToken, message.LockedUntil);
        }
    }

    private void PutBack(List<StoredMessage> messages, bool delete)
    {
        foreach (var message in messages)
        {
            message.Deliveries--;
            Unlock(message, delete);
            MakeAvailable(message);
        }
    }

    /// <summary>Takes a message out of its lock without saying what becomes of it. Under the gate.</summary>
    private static void Unlock(StoredMessage message, bool wasDelete = false)
    {
        var store = message.Store;
        store.InProcess--;
        if (!wasDelete)
        {
            store.ByLockToken.Remove(message.LockToken);
            SessionOf(store, message)?.Locked.Remove(message);
        }
    }

    private static SessionQueue? SessionOf(MessageStore store, StoredMessage message) =>
        store.RequiresSession && message.SessionId is not null ? store.Session(message.SessionId) : null;

    private async Task<IReadOnlyList<Delivery>> HandOverAsync(List<StoredMessage> taken, bool delete)
    {
        var deliveries = new Delivery[taken.Count];
        Task written;
        lock (_gate)
        {
            var payloads = new byte[]?[taken.Count];
            var consume = delete ? new Action<BusDatabase>[taken.Count] : null;
            for (var i = 0; i < taken.Count; i++)
            {
                var message = taken[i];
                payloads[i] = message.Payload;
                DropPayload(message);
                deliveries[i] = new Delivery(
                    message,
                    payloads[i] ?? [],
                    message.Id,
                    message.Deliveries,
                    message.Enqueued,
                    delete ? Guid.Empty : message.LockToken,
                    delete ? default : message.LockedUntil,
                    message.WasDeferred ? ServiceBusMessageState.Deferred : ServiceBusMessageState.Active);
                if (consume is not null)
                {
                    consume[i] = Consume(message);
                }
            }

            var work = new WriteWork(
                database =>
                {
                    for (var i = 0; i < deliveries.Length; i++)
                    {
                        if (payloads[i] is null)
                        {
                            deliveries[i] = deliveries[i] with { Payload = database.ReadPayload(deliveries[i].Number) };
                        }

                        if (consume is not null)
                        {
                            consume[i](database);
                        }
                        else
                        {
                            database.SetDeliveries(deliveries[i].Number, deliveries[i].Deliveries);
                        }
                    }
                },
                durable: delete)
            {
                Committed = delete ? () => taken.ForEach(message => Leave(message, settled: true)) : null,
            };
            _writer.Enqueue(work);
            written = work.Done;
        }

        await written;
        return deliveries;
    }

    /// <summary>The message is gone from its store for good. Under the gate.</summary>
    private void Leave(StoredMessage message, bool settled = false)
    {
        DropPayload(message);
        message.Standing = Standing.Gone;
        message.Store.Messages.Remove(message.Id);
        if (settled)
        {
            message.Store.InProcess--;
        }

        TidySession(message);
    }

    private void DropPayload(StoredMessage message)
    {
        if (message.Payload is { } payload)
        {
            _cachedBytes -= payload.Length;
            message.Payload = null;
        }
    }

    /// <summary>Puts a message into its line and serves whoever waits there. Under the gate.</summary>
    private void MakeAvailable(StoredMessage message)
    {
        var store = message.Store;
        if (store is { RequiresSession: true, IsDeadLetter: false } && message.SessionId is null)
        {
            store.Messages[message.Id] = message;
            message.Standing = Standing.Settling;
            _ = MoveToDeadLetters(message, Reasons.NoSession, Reasons.NoSessionText, null);
            return;
        }

        store.Messages[message.Id] = message;
        if (message.Expires != long.MaxValue && message.Expires <= Now())
        {
            EndOfLife(message);
            return;
        }

        var line = store.LineOf(message);
        line.Add(message);
        store.AvailableCount++;
        WatchExpiry(message);
        if (line is SessionQueue session)
        {
            Offer(session);
        }

        Serve(store, line);
    }

    private void AddDeferred(StoredMessage message)
    {
        message.Standing = Standing.Deferred;
        message.Store.Messages[message.Id] = message;
        message.Store.Deferred++;
        WatchExpiry(message);
    }

    private void Serve(MessageStore store, MessageLine line)
    {
        while (line.Waiters.First is { } first && line.Available > 0)
        {
            if (IsBroken)
            {
                ServeLater();
                return;
            }

            if (line is SessionQueue { Holder: null })
            {
                return;
            }

            line.Waiters.RemoveFirst();
            var waiter = first.Value;
            if (waiter.Result.Task.IsCompleted)
            {
                continue;
            }

            var taken = Take(store, line, waiter.Max, waiter.Delete);
            if (taken.Count == 0)
            {
                line.Waiters.AddFirst(waiter);
                return;
            }

            waiter.Serve(taken);
        }
    }
}

/// <summary>The words the service itself puts on a dead letter.</summary>
internal static class Reasons
{
    public const string MaxDeliveryCount = "MaxDeliveryCountExceeded";
    public const string Expired = "TTLExpiredException";
    public const string ExpiredText = "The message expired and was dead lettered.";
    public const string NoSession = "Session ID is null";
    public const string NoSessionText = "A message without a session cannot be read from an entity that requires sessions.";

    public static string MaxDeliveryCountText(int deliveries) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Message could not be consumed after {deliveries} delivery attempts.");
}
