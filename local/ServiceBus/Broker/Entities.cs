namespace Serverless940.Local.ServiceBus;

/// <summary>Where a message stands in memory.</summary>
internal enum Standing
{
    Available,
    Locked,

    /// <summary>Its outcome is decided and being written.</summary>
    Settling,
    Deferred,
    Scheduled,
    Gone,
}

/// <summary>A message as the broker keeps it in memory: everything a receive has to look at, rarely its payload.</summary>
internal sealed class StoredMessage(long id, MessageStore store)
{
    /// <summary>Row id and sequence number; changes when a scheduled message becomes active.</summary>
    public long Id { get; set; } = id;

    public MessageStore Store { get; set; } = store;

    public Standing Standing { get; set; }

    public int Deliveries { get; set; }

    public long Accepted { get; init; }

    /// <summary>Business time, UTC ticks; for a scheduled message the instant it is due.</summary>
    public long Enqueued { get; set; }

    /// <summary>Business time, UTC ticks; <see cref="long.MaxValue"/> for no end.</summary>
    public long Expires { get; set; } = long.MaxValue;

    /// <summary>How long it lives once it is enqueued, in ticks.</summary>
    public long TimeToLive { get; init; } = long.MaxValue;

    public string? SessionId { get; init; }

    /// <summary>The entry that remembers the message's id, where duplicates are looked for.</summary>
    public RememberedId? Remembered { get; set; }

    public byte[]? Payload { get; set; }

    public Guid LockToken { get; set; }

    /// <summary>Real time.</summary>
    public DateTimeOffset LockedUntil { get; set; }

    public bool WasDeferred { get; set; }
}

/// <summary>A message id inside the duplicate window.</summary>
internal sealed class RememberedId(string messageId, long accepted)
{
    public string MessageId { get; } = messageId;

    public long Accepted { get; } = accepted;

    /// <summary>The row to delete once the window is over, when the message itself is consumed.</summary>
    public long DoneRow { get; set; }

    public bool Forgotten { get; set; }
}

/// <summary>The message ids a queue or topic has seen within its window of business time.</summary>
internal sealed class DuplicateHistory(TimeSpan window)
{
    private readonly Dictionary<string, RememberedId> _known = new(StringComparer.Ordinal);
    private readonly Queue<RememberedId> _order = new();

    public TimeSpan Window { get; set; } = window;

    /// <summary>Whether there is something to forget at <paramref name="now"/>.</summary>
    public bool IsDue(long now) => _order.TryPeek(out var oldest) && oldest.Accepted + Window.Ticks <= now;

    /// <summary>Remembers the id, or returns <see langword="null"/> for a duplicate.</summary>
    public RememberedId? TryRemember(string messageId, long now)
    {
        if (_known.ContainsKey(messageId))
        {
            return null;
        }

        var remembered = new RememberedId(messageId, now);
        _known.Add(messageId, remembered);
        _order.Enqueue(remembered);
        return remembered;
    }

    /// <summary>Forgets what is older than the window; returns the rows nobody needs any more.</summary>
    public List<long> Forget(long now)
    {
        var rows = new List<long>();
        while (IsDue(now))
        {
            var oldest = _order.Dequeue();
            oldest.Forgotten = true;
            _known.Remove(oldest.MessageId);
            if (oldest.DoneRow != 0)
            {
                rows.Add(oldest.DoneRow);
            }
        }

        return rows;
    }
}

/// <summary>What can be sent to: a queue, or a topic with its subscriptions.</summary>
internal sealed class SendTarget
{
    public SendTarget(int id, string name)
    {
        Id = id;
        Name = name;
        Waiting = new MessageStore(id, name, isDeadLetter: false) { Target = this };
    }

    public int Id { get; }

    public string Name { get; }

    /// <summary>The queue's own messages; <see langword="null"/> for a topic.</summary>
    public MessageStore? Queue { get; set; }

    public List<MessageStore> Subscriptions { get; } = [];

    public DuplicateHistory? Duplicates { get; set; }

    public TimeSpan? DefaultTimeToLive { get; set; }

    /// <summary>Scheduled messages by sequence number.</summary>
    public Dictionary<long, StoredMessage> Scheduled { get; } = [];

    /// <summary>Holder of a topic's scheduled messages, which belong to no subscription yet.</summary>
    public MessageStore Waiting { get; }
}

/// <summary>Someone waiting for messages.</summary>
internal sealed class MessageWaiter(int max, bool delete)
{
    public int Max { get; } = max;

    public bool Delete { get; } = delete;

    /// <summary>What it was given; set under the gate, before the result.</summary>
    public List<StoredMessage>? Served { get; private set; }

    public TaskCompletionSource<List<StoredMessage>?> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Serve(List<StoredMessage> messages)
    {
        Served = messages;
        Result.SetResult(messages);
    }
}

/// <summary>Someone waiting for a session.</summary>
internal sealed class SessionWaiter
{
    /// <summary>What it was given; set under the gate, before the result.</summary>
    public SessionLock? Served { get; private set; }

    public TaskCompletionSource<SessionLock?> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Serve(SessionLock held)
    {
        Served = held;
        Result.SetResult(held);
    }
}

/// <summary>The exclusive right to a session, held by one receiver.</summary>
internal sealed class SessionLock(SessionQueue session, DateTimeOffset lockedUntil)
{
    public SessionQueue Session { get; } = session;

    /// <summary>Real time.</summary>
    public DateTimeOffset LockedUntil { get; set; } = lockedUntil;

    public bool Lost { get; set; }
}

/// <summary>An ordered line of messages: a whole store without sessions, or one session.</summary>
internal class MessageLine
{
    private readonly PriorityQueue<StoredMessage, long> _available = new();

    public int Available { get; private set; }

    public LinkedList<MessageWaiter> Waiters { get; } = new();

    public void Add(StoredMessage message)
    {
        message.Standing = Standing.Available;
        _available.Enqueue(message, message.Id);
        Available++;
    }

    /// <summary>The next available message, which the caller gives a new standing.</summary>
    public StoredMessage? Take()
    {
        while (_available.TryDequeue(out var message, out var id))
        {
            // A message that left by another door (it expired) is still in the heap.
            if (message.Standing == Standing.Available && message.Id == id)
            {
                Available--;
                return message;
            }
        }

        return null;
    }

    /// <summary>Takes out a message whose place in the heap is left behind.</summary>
    public void Leave(StoredMessage message)
    {
        message.Standing = Standing.Gone;
        Available--;
    }
}

/// <summary>One session of a store.</summary>
internal sealed class SessionQueue(string id, MessageStore store) : MessageLine
{
    public string Id { get; } = id;

    public MessageStore Store { get; } = store;

    public SessionLock? Holder { get; set; }

    public bool IsReady { get; set; }

    /// <summary>Messages under the present session lock.</summary>
    public HashSet<StoredMessage> Locked { get; } = [];
}

/// <summary>The messages of a queue, a subscription, or the dead letters of one of them.</summary>
internal sealed class MessageStore
{
    public MessageStore(int id, string path, bool isDeadLetter)
    {
        EntityId = id;
        Path = path;
        IsDeadLetter = isDeadLetter;
        if (!isDeadLetter)
        {
            DeadLetters = new MessageStore(id, path + LocalBroker.DeadLetterSuffix, isDeadLetter: true);
        }
    }

    public int EntityId { get; }

    public string Path { get; }

    public bool IsDeadLetter { get; }

    /// <summary>The dead letters; <see langword="null"/> for a store of dead letters.</summary>
    public MessageStore? DeadLetters { get; }

    public SendTarget? Target { get; set; }

    public bool RequiresSession { get; set; }

    public TimeSpan LockDuration { get; set; } = TimeSpan.FromMinutes(1);

    public int MaxDeliveryCount { get; set; } = 10;

    public TimeSpan? DefaultTimeToLive { get; set; }

    public bool DeadLetteringOnExpiration { get; set; }

    /// <summary>Everything active or deferred by sequence number.</summary>
    public Dictionary<long, StoredMessage> Messages { get; } = [];

    public Dictionary<Guid, StoredMessage> ByLockToken { get; } = [];

    /// <summary>The line of a store without sessions.</summary>
    public MessageLine Line { get; } = new();

    public Dictionary<string, SessionQueue> Sessions { get; } = new(StringComparer.Ordinal);

    public Queue<SessionQueue> ReadySessions { get; } = new();

    public LinkedList<SessionWaiter> AcceptWaiters { get; } = new();

    public int AvailableCount { get; set; }

    /// <summary>Locked by a receiver, or being settled.</summary>
    public int InProcess { get; set; }

    public int Deferred { get; set; }

    /// <summary>Open receivers and running processors.</summary>
    public int Consumers { get; set; }

    /// <summary>The session's line, made when there is none.</summary>
    public SessionQueue Session(string id)
    {
        if (!Sessions.TryGetValue(id, out var session))
        {
            session = new SessionQueue(id, this);
            Sessions.Add(id, session);
        }

        return session;
    }

    public MessageLine LineOf(StoredMessage message) =>
        RequiresSession && message.SessionId is not null ? Session(message.SessionId) : Line;
}
