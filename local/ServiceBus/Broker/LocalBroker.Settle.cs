using Azure.Messaging.ServiceBus;

namespace Serverless940.Local.ServiceBus;

public sealed partial class LocalBroker
{
    internal async Task<bool> CompleteAsync(string path, SessionLock? session, Guid lockToken)
    {
        Task written;
        lock (_gate)
        {
            var message = BeginSettling(path, session, lockToken);
            written = WriteDurably(Consume(message), () => Leave(message, settled: true));
        }

        await written;
        return true;
    }

    /// <summary>Gives a message back; without changed properties nothing has to be written.</summary>
    internal async Task<bool> AbandonAsync(string path, SessionLock? session, Guid lockToken, IDictionary<string, object?>? properties)
    {
        Task written = Task.CompletedTask;
        lock (_gate)
        {
            var message = BeginSettling(path, session, lockToken);
            if (properties is null or { Count: 0 })
            {
                message.Store.InProcess--;
                GiveBack(message);
            }
            else
            {
                var id = message.Id;
                var state = (message.Store.IsDeadLetter, message.WasDeferred) switch
                {
                    (true, true) => RowState.DeadLetteredDeferred,
                    (true, false) => RowState.DeadLettered,
                    (false, true) => RowState.Deferred,
                    _ => RowState.Active,
                };
                DropPayload(message);
                written = WriteDurably(
                    database => database.Rewrite(id, state, MessageCodec.WithProperties(database.ReadPayload(id), properties)),
                    () =>
                    {
                        message.Store.InProcess--;
                        GiveBack(message);
                    });
            }
        }

        await written;
        return true;
    }

    internal async Task<bool> DeferAsync(string path, SessionLock? session, Guid lockToken, IDictionary<string, object?>? properties)
    {
        Task written;
        lock (_gate)
        {
            var message = BeginSettling(path, session, lockToken);
            var id = message.Id;
            var state = message.Store.IsDeadLetter ? RowState.DeadLetteredDeferred : RowState.Deferred;
            DropPayload(message);
            written = WriteDurably(
                database =>
                {
                    if (properties is null or { Count: 0 })
                    {
                        database.SetState(id, state);
                    }
                    else
                    {
                        database.Rewrite(id, state, MessageCodec.WithProperties(database.ReadPayload(id), properties));
                    }
                },
                () =>
                {
                    message.Store.InProcess--;
                    AddDeferred(message);
                });
        }

        await written;
        return true;
    }

    internal async Task<bool> DeadLetterAsync(
        string path, SessionLock? session, Guid lockToken, string? reason, string? description, IDictionary<string, object?>? properties)
    {
        Task written;
        lock (_gate)
        {
            var message = BeginSettling(path, session, lockToken);
            message.Store.InProcess--;
            written = MoveToDeadLetters(message, reason, description, properties, durable: true);
        }

        await written;
        return true;
    }

    /// <summary>The new end of the message's lock, real time.</summary>
    internal DateTimeOffset RenewMessage(string path, Guid lockToken)
    {
        lock (_gate)
        {
            ThrowIfEnded();
            KeepUp();
            if (!TryStore(path, out var store))
            {
                throw NotFound(path);
            }

            if (!store.ByLockToken.TryGetValue(lockToken, out var message))
            {
                throw LockLost(path);
            }

            return message.LockedUntil = DateTimeOffset.UtcNow + store.LockDuration;
        }
    }

    private static ServiceBusException LockLost(string path) =>
        new(
            "The lock on the message is lost: it ran out, or the message was already settled.",
            ServiceBusFailureReason.MessageLockLost,
            path);

    /// <summary>Takes a message from its receiver for good; from here on its lock cannot run out. Under the gate.</summary>
    private StoredMessage BeginSettling(string path, SessionLock? session, Guid lockToken)
    {
        ThrowIfEnded();
        KeepUp();
        if (!TryStore(path, out var store))
        {
            throw NotFound(path);
        }

        if (session is not null)
        {
            ThrowIfLost(session, path);
        }

        if (!store.ByLockToken.Remove(lockToken, out var message))
        {
            throw LockLost(path);
        }

        SessionOf(store, message)?.Locked.Remove(message);
        message.Standing = Standing.Settling;
        return message;
    }

    /// <summary>A delivery came to nothing: the message goes back to its place, or to the dead letters. Under the gate.</summary>
    private void GiveBack(StoredMessage message)
    {
        var store = message.Store;
        if (!store.IsDeadLetter && message.Deliveries >= store.MaxDeliveryCount)
        {
            _ = MoveToDeadLetters(message, Reasons.MaxDeliveryCount, Reasons.MaxDeliveryCountText(message.Deliveries), null);
        }
        else if (message.WasDeferred)
        {
            AddDeferred(message);
        }
        else
        {
            MakeAvailable(message);
        }
    }

    /// <summary>
    /// Moves a message that is in no line and under no lock to the dead letters, where it can be read once that is
    /// written. Under the gate.
    /// </summary>
    private Task MoveToDeadLetters(
        StoredMessage message, string? reason, string? description, IDictionary<string, object?>? properties, bool durable = false)
    {
        var store = message.Store;
        DropPayload(message);
        store.Messages.Remove(message.Id);
        message.Standing = Standing.Gone;
        TidySession(message);

        // A new object: the old one may still be in the heap of its line.
        var id = message.Id;
        var moved = new StoredMessage(id, store.DeadLetters ?? store)
        {
            Standing = Standing.Settling,
            Deliveries = message.Deliveries,
            Accepted = message.Accepted,
            Enqueued = message.Enqueued,
            SessionId = message.SessionId,
            Remembered = message.Remembered,
        };
        var changes = new Dictionary<string, object?>(properties ?? new Dictionary<string, object?>(), StringComparer.Ordinal);
        if (reason is not null)
        {
            changes[MessageCodec.DeadLetterReason] = reason;
        }

        if (description is not null)
        {
            changes[MessageCodec.DeadLetterErrorDescription] = description;
        }

        _unwritten++;
        var work = new WriteWork(
            database => database.Rewrite(id, RowState.DeadLettered, MessageCodec.WithProperties(database.ReadPayload(id), changes)), durable)
        {
            Committed = () =>
            {
                _unwritten--;
                MakeAvailable(moved);
            },
        };
        _writer.Enqueue(work);
        return work.Done;
    }
}
