using Azure.Messaging.ServiceBus;

namespace Serverless940.Local.ServiceBus;

public sealed partial class LocalBroker
{
    /// <summary>
    /// Locks a session: a given one, or with <see langword="null"/> the next that has messages. <see langword="null"/>
    /// when none had any within the wait.
    /// </summary>
    internal async Task<SessionLock?> AcceptSessionAsync(string path, string? sessionId, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        SessionWaiter waiter;
        MessageStore? store;
        lock (_gate)
        {
            ThrowIfEnded();
            KeepUp();
            if (!TryStore(path, out store))
            {
                throw NotFound(path);
            }

            if (!store.RequiresSession)
            {
                throw new InvalidOperationException($"'{path}' does not require sessions; no session of it can be accepted.");
            }

            if (sessionId is not null)
            {
                var session = store.Session(sessionId);
                return session.Holder is null
                    ? Lock(session)
                    : throw new ServiceBusException("The session is locked by another receiver.", ServiceBusFailureReason.SessionCannotBeLocked, path);
            }

            if (NextReady(store) is { } ready)
            {
                return Lock(ready);
            }

            waiter = new SessionWaiter();
            store.AcceptWaiters.AddLast(waiter);
        }

        return await AwaitSessionAsync(store, waiter, maxWait, cancellationToken);
    }

    internal DateTimeOffset RenewSession(string path, SessionLock held)
    {
        lock (_gate)
        {
            ThrowIfEnded();
            KeepUp();
            ThrowIfLost(held, path);
            held.LockedUntil = DateTimeOffset.UtcNow + held.Session.Store.LockDuration;
            foreach (var message in held.Session.Locked)
            {
                message.LockedUntil = held.LockedUntil;
            }

            return held.LockedUntil;
        }
    }

    internal async Task<byte[]?> GetSessionStateAsync(string path, SessionLock held)
    {
        byte[]? state = null;
        Task read;
        lock (_gate)
        {
            ThrowIfEnded();
            ThrowIfLost(held, path);
            var session = held.Session;
            read = WriteDurably(database => state = database.ReadSession(session.Store.EntityId, session.Id));
        }

        await read;
        return state;
    }

    internal async Task<bool> SetSessionStateAsync(string path, SessionLock held, byte[]? state)
    {
        Task written;
        lock (_gate)
        {
            ThrowIfEnded();
            ThrowIfLost(held, path);
            var session = held.Session;
            written = WriteDurably(database => database.WriteSession(session.Store.EntityId, session.Id, state));
        }

        await written;
        return true;
    }

    /// <summary>The receiver lets go of its session; deliveries it did not settle are not counted.</summary>
    internal void ReleaseSession(SessionLock held)
    {
        lock (_gate)
        {
            if (_refusal is null && !held.Lost)
            {
                Unlock(held, counted: false);
            }
        }
    }

    private void ThrowIfLost(SessionLock held, string path)
    {
        if (!held.Lost && held.LockedUntil <= DateTimeOffset.UtcNow)
        {
            Unlock(held, counted: true);
        }

        if (held.Lost)
        {
            throw SessionLost(path);
        }
    }

    private static ServiceBusException SessionLost(string path) =>
        new("The lock on the session is lost.", ServiceBusFailureReason.SessionLockLost, path);

    private async Task<SessionLock?> AwaitSessionAsync(
        MessageStore store, SessionWaiter waiter, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        try
        {
            return await waiter.Result.Task.WaitAsync(maxWait, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            lock (_gate)
            {
                store.AcceptWaiters.Remove(waiter);
                if (waiter.Result.TrySetResult(null))
                {
                    return exception is TimeoutException ? null : throw new TaskCanceledException(null, exception, cancellationToken);
                }

                if (exception is OperationCanceledException && waiter.Served is { } held)
                {
                    Unlock(held, counted: false);
                    throw new TaskCanceledException(null, exception, cancellationToken);
                }
            }

            return await waiter.Result.Task;
        }
    }

    private static SessionQueue? NextReady(MessageStore store)
    {
        while (store.ReadySessions.TryDequeue(out var session))
        {
            if (session is { IsReady: true, Holder: null, Available: > 0 })
            {
                return session;
            }

            session.IsReady = false;
        }

        return null;
    }

    private SessionLock Lock(SessionQueue session)
    {
        session.IsReady = false;
        session.Holder = new SessionLock(session, DateTimeOffset.UtcNow + session.Store.LockDuration);
        WatchLock(session.Holder);
        return session.Holder;
    }

    /// <summary>A free session with messages goes to whoever waits for one. Under the gate.</summary>
    private void Offer(SessionQueue session)
    {
        if (session.Holder is not null || session.Available == 0)
        {
            return;
        }

        var store = session.Store;
        while (store.AcceptWaiters.First is { } first)
        {
            if (IsBroken)
            {
                ServeLater();
                break;
            }

            store.AcceptWaiters.RemoveFirst();
            if (!first.Value.Result.Task.IsCompleted)
            {
                first.Value.Serve(Lock(session));
                return;
            }
        }

        if (!session.IsReady)
        {
            session.IsReady = true;
            store.ReadySessions.Enqueue(session);
        }
    }

    /// <summary>Ends a session's lock: what it had not settled goes back. Under the gate.</summary>
    private void Unlock(SessionLock held, bool counted)
    {
        var session = held.Session;
        held.Lost = true;
        session.Holder = null;
        foreach (var waiter in session.Waiters)
        {
            waiter.Result.TrySetException(SessionLost(session.Store.Path));
        }

        session.Waiters.Clear();
        foreach (var message in session.Locked.OrderBy(message => message.Id).ToList())
        {
            Unlock(message);
            if (!counted)
            {
                var (id, deliveries) = (message.Id, --message.Deliveries);
                Write(database => database.SetDeliveries(id, deliveries));
            }

            message.Standing = Standing.Settling;
            GiveBack(message);
        }

        Offer(session);
        Tidy(session);
    }

    private static void TidySession(StoredMessage message)
    {
        var store = message.Store;
        if (store.RequiresSession && message.SessionId is not null && store.Sessions.TryGetValue(message.SessionId, out var session))
        {
            Tidy(session);
        }
    }

    /// <summary>Forgets a session that holds nothing; there is one for every report ever made.</summary>
    private static void Tidy(SessionQueue session)
    {
        if (session is { Holder: null, Available: 0, Locked.Count: 0 })
        {
            session.Store.Sessions.Remove(session.Id);
        }
    }
}
