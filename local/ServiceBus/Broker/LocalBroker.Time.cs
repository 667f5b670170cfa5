namespace Serverless940.Local.ServiceBus;

public sealed partial class LocalBroker
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private const int SmallHeap = 8192;

    private PriorityQueue<(StoredMessage Message, long Id), long> _expiries = new();
    private PriorityQueue<(StoredMessage? Message, Guid Token, SessionLock? Session), long> _locks = new();
    private int _sweepExpiriesAt = SmallHeap;
    private int _sweepLocksAt = SmallHeap;
    private readonly List<(TaskCompletionSource Waiter, CancellationTokenRegistration Cancel)> _quietWaiters = [];
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _plannedBusiness = long.MaxValue;
    private long _plannedReal = long.MaxValue;
    private bool _serveLater;
    private int _unwritten;

    /// <summary>The business time of the earliest scheduled message, in any entity.</summary>
    public DateTimeOffset? NextScheduled
    {
        get
        {
            lock (_gate)
            {
                KeepUp();
                return PeekSchedule() is { } due ? new DateTimeOffset(due, TimeSpan.Zero) : null;
            }
        }
    }

    /// <summary>
    /// Whether nothing is due or under way: no send being written, and no message available, locked or being settled
    /// in a queue or subscription that somebody reads. Dead letters and messages scheduled for later do not count.
    /// </summary>
    /// <param name="why">What is still going on.</param>
    public bool IsQuiet(out string why)
    {
        lock (_gate)
        {
            return IsQuietNow(out why);
        }
    }

    /// <summary>Completes when <see cref="IsQuiet"/> holds.</summary>
    /// <exception cref="Azure.Messaging.ServiceBus.ServiceBusException">The broker was closed or killed meanwhile.</exception>
    public Task WaitForQuietAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ThrowIfEnded();
            if (IsQuietNow(out _))
            {
                return Task.CompletedTask;
            }

            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _quietWaiters.Add((waiter, cancellationToken.Register(() => waiter.TrySetCanceled(cancellationToken))));
            return waiter.Task;
        }
    }

    private bool IsQuietNow(out string why)
    {
        KeepUp();
        why = string.Empty;
        if (_unwrittenSends + _unwritten > 0)
        {
            why = "messages are being written";
            return false;
        }

        foreach (var store in _stores.Values)
        {
            if (!store.IsDeadLetter && store.Consumers > 0 && store.AvailableCount + store.InProcess > 0)
            {
                why = string.Create(
                    System.Globalization.CultureInfo.InvariantCulture, $"{store.Path}: {store.AvailableCount} waiting, {store.InProcess} in process");
                return false;
            }
        }

        return true;
    }

    /// <summary>Under the gate.</summary>
    private void TellQuietWaiters()
    {
        if (_quietWaiters.Count == 0 || (_refusal is null && !IsQuietNow(out _)))
        {
            return;
        }

        foreach (var (waiter, cancel) in _quietWaiters)
        {
            cancel.Unregister();
            if (_refusal is null)
            {
                waiter.TrySetResult();
            }
            else
            {
                waiter.TrySetException(Gone());
            }
        }

        _quietWaiters.Clear();
    }

    /// <summary>Does what is due by either clock: costs a look at three heaps when nothing is. Under the gate.</summary>
    private void KeepUp()
    {
        if (_refusal is not null)
        {
            return;
        }

        var now = Now();
        while (PeekSchedule() is { } due && due <= now)
        {
            ActivateScheduled(_schedule.Dequeue(), due);
        }

        while (_expiries.TryPeek(out var expiring, out var expires) && expires <= now)
        {
            _expiries.Dequeue();
            if (expiring.Message.Id == expiring.Id)
            {
                Expire(expiring.Message);
            }
        }

        var realNow = DateTimeOffset.UtcNow;
        while (_locks.TryPeek(out var watched, out var until) && until <= realNow.UtcTicks)
        {
            _locks.Dequeue();
            CheckLock(watched.Message, watched.Token, watched.Session, realNow);
        }
    }

    private void CheckLock(StoredMessage? message, Guid token, SessionLock? session, DateTimeOffset now)
    {
        if (session is not null)
        {
            if (session.Lost)
            {
                return;
            }

            if (session.LockedUntil > now)
            {
                WatchLock(session);
                return;
            }

            Unlock(session, counted: true);
            return;
        }

        if (message is not { Standing: Standing.Locked } || message.LockToken != token)
        {
            return;
        }

        if (message.LockedUntil > now)
        {
            WatchLock(message, token, message.LockedUntil);
            return;
        }

        Unlock(message);
        message.Standing = Standing.Settling;
        GiveBack(message);
    }

    private long? PeekSchedule()
    {
        while (_schedule.TryPeek(out var message, out var key))
        {
            if (message.Standing == Standing.Scheduled)
            {
                return key.Due;
            }

            // Cancelled.
            _schedule.Dequeue();
        }

        return null;
    }

    /// <summary>An available or deferred message has outlived its time; a locked one may still be completed.</summary>
    private void Expire(StoredMessage message)
    {
        var store = message.Store;
        switch (message.Standing)
        {
            case Standing.Available:
                store.LineOf(message).Leave(message);
                store.AvailableCount--;
                break;
            case Standing.Deferred:
                store.Deferred--;
                break;
            default:
                return;
        }

        EndOfLife(message);
    }

    /// <summary>An expired message that is in no line any more.</summary>
    private void EndOfLife(StoredMessage message)
    {
        if (message.Store.DeadLetteringOnExpiration)
        {
            _ = MoveToDeadLetters(message, Reasons.Expired, Reasons.ExpiredText, null);
            return;
        }

        Write(Consume(message));
        Leave(message);
    }

    private void WatchExpiry(StoredMessage message)
    {
        if (message.Expires != long.MaxValue && !message.Store.IsDeadLetter)
        {
            _expiries.Enqueue((message, message.Id), message.Expires);
            WakeForBusiness(message.Expires);
            if (_expiries.Count > _sweepExpiriesAt)
            {
                _expiries = new(_expiries.UnorderedItems.Where(item => item.Element.Message.Id == item.Element.Id && item.Element.Message.Standing != Standing.Gone));
                _sweepExpiriesAt = Math.Max(SmallHeap, 2 * _expiries.Count);
            }
        }
    }

    private void WatchLock(StoredMessage message, Guid token, DateTimeOffset until) => WatchLock((message, token, null), until.UtcTicks);

    private void WatchLock(SessionLock session) => WatchLock((null, default, session), session.LockedUntil.UtcTicks);

    private void WatchLock((StoredMessage? Message, Guid Token, SessionLock? Session) held, long until)
    {
        _locks.Enqueue(held, until);
        WakeForReal(until);
        if (_locks.Count > _sweepLocksAt)
        {
            // What was settled long before its lock would have ended is let go here.
            _locks = new(_locks.UnorderedItems.Where(item => item.Element.Session is { Lost: false }
                || (item.Element.Message is { Standing: Standing.Locked } message && message.LockToken == item.Element.Token)));
            _sweepLocksAt = Math.Max(SmallHeap, 2 * _locks.Count);
        }
    }

    private void WakeForBusiness(long due)
    {
        if (due < _plannedBusiness)
        {
            _plannedBusiness = due;
            _wake.TrySetResult();
        }
    }

    private void WakeForReal(long due)
    {
        if (due < _plannedReal)
        {
            _plannedReal = due;
            _wake.TrySetResult();
        }
    }

    /// <summary>The bus is broken on purpose: those who wait are served when it no longer is.</summary>
    private void ServeLater()
    {
        _serveLater = true;
        WakeForReal(DateTimeOffset.UtcNow.UtcTicks);
    }

    private void ServeAll()
    {
        _serveLater = false;
        foreach (var store in _stores.Values)
        {
            foreach (var session in store.Sessions.Values.ToList())
            {
                Offer(session);
                Serve(store, session);
            }

            Serve(store, store.Line);
        }
    }

    /// <summary>Wakes up at the next instant at which something is due, by either clock.</summary>
    private async Task KeepTimeAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            Task wake;
            long? business;
            long? real;
            lock (_gate)
            {
                KeepUp();
                if (_serveLater && !IsBroken)
                {
                    ServeAll();
                }

                business = PeekSchedule();
                if (_expiries.TryPeek(out _, out var expires) && expires < (business ?? long.MaxValue))
                {
                    business = expires;
                }

                real = _locks.TryPeek(out _, out var until) ? until : null;
                if (_serveLater)
                {
                    real = DateTimeOffset.UtcNow.AddMilliseconds(200).UtcTicks;
                }

                _plannedBusiness = business ?? long.MaxValue;
                _plannedReal = real ?? long.MaxValue;
                if (_wake.Task.IsCompleted)
                {
                    _wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                wake = _wake.Task;
            }

            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
            var waits = new List<Task> { wake, Task.Delay(Timeout.Infinite, cancel.Token) };
            if (business is { } due)
            {
                waits.Add(WaitForBusinessAsync(due, cancel.Token));
            }

            if (real is { } end)
            {
                waits.Add(Task.Delay(Bounded(end - DateTimeOffset.UtcNow.UtcTicks), cancel.Token));
            }

            await Task.WhenAny(waits);
            await cancel.CancelAsync();
        }
    }

    private Task WaitForBusinessAsync(long due, CancellationToken cancellationToken)
    {
        var instant = new DateTimeOffset(due, TimeSpan.Zero);
        return _clock is LocalClock clock
            ? clock.WaitUntilAsync(instant, cancellationToken)
            : Task.Delay(Bounded(due - Now()), _clock, cancellationToken);
    }

    private static TimeSpan Bounded(long ticks) =>
        ticks <= 0 ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromTicks(Math.Min(ticks + TimeSpan.TicksPerMillisecond, LongestWait.Ticks));
}
