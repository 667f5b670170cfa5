namespace Serverless940.Local.ServiceBus;

/// <summary>A queue and its rules; what is left out is as Azure's default.</summary>
public sealed record BrokerQueue(string Name)
{
    /// <summary>Whether every message belongs to a session and only session receivers may read.</summary>
    public bool RequiresSession { get; init; }

    /// <summary>How long a message id is remembered (business time); <see langword="null"/> turns the check off.</summary>
    public TimeSpan? DuplicateDetectionWindow { get; init; }

    /// <summary>How long a message or session stays locked for its receiver (real time).</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Deliveries after which a message goes to the dead letters.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>The longest a message lives (business time); <see langword="null"/> for no end.</summary>
    public TimeSpan? DefaultTimeToLive { get; init; }

    /// <summary>Whether an expired message goes to the dead letters instead of vanishing.</summary>
    public bool DeadLetteringOnExpiration { get; init; }
}

/// <summary>A topic, its rules and its subscriptions; every subscription gets every message.</summary>
public sealed record BrokerTopic(string Name)
{
    /// <summary>How long a message id is remembered (business time); <see langword="null"/> turns the check off.</summary>
    public TimeSpan? DuplicateDetectionWindow { get; init; }

    /// <summary>The longest a message lives (business time); <see langword="null"/> for no end.</summary>
    public TimeSpan? DefaultTimeToLive { get; init; }

    public IReadOnlyList<BrokerSubscription> Subscriptions { get; init; } = [];
}

/// <summary>A subscription and its rules; what is left out is as Azure's default.</summary>
public sealed record BrokerSubscription(string Name)
{
    /// <summary>Whether every message belongs to a session and only session receivers may read.</summary>
    public bool RequiresSession { get; init; }

    /// <summary>How long a message or session stays locked for its receiver (real time).</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Deliveries after which a message goes to the dead letters.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>The longest a message lives (business time); <see langword="null"/> for no end.</summary>
    public TimeSpan? DefaultTimeToLive { get; init; }

    /// <summary>Whether an expired message goes to the dead letters instead of vanishing.</summary>
    public bool DeadLetteringOnExpiration { get; init; }
}

/// <summary>The entities of one namespace.</summary>
public sealed record BrokerTopology(IReadOnlyList<BrokerQueue> Queues, IReadOnlyList<BrokerTopic> Topics)
{
    /// <summary>A namespace without entities, to be filled by <see cref="LocalBroker.Declare(BrokerQueue)"/>.</summary>
    public static BrokerTopology Empty { get; } = new([], []);
}

/// <summary>A client-visible operation, as <see cref="LocalBroker.Interceptor"/> sees it.</summary>
public enum BrokerOperation
{
    Send,
    Schedule,
    Cancel,
    Receive,
    Peek,
    Complete,
    Abandon,
    DeadLetter,
    Defer,
    Renew,
    AcceptSession,
    GetState,
    SetState,
}

/// <summary>On which side of an operation the interceptor is called; after it only when it succeeded.</summary>
public enum BrokerPhase
{
    Before,
    After,
}

/// <summary>Called around each operation of a client; what it throws reaches the caller.</summary>
public delegate ValueTask BrokerInterceptor(BrokerOperation operation, string entity, BrokerPhase phase, CancellationToken cancellationToken);

/// <summary>How many messages an entity holds. Active counts include those locked by a receiver, as in Azure.</summary>
public readonly record struct BrokerCounts(int Active, int Locked, int Deferred, int Scheduled, int DeadLetter);
