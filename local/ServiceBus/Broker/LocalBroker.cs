using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Azure.Messaging.ServiceBus;

namespace Serverless940.Local.ServiceBus;

/// <summary>
/// A Service Bus namespace in one SQLite file. A send is acknowledged once it is on disk; message and session locks
/// live in memory, run on real time and vanish with the process; schedules, times to live and the duplicate window
/// run on the business clock.
/// </summary>
public sealed partial class LocalBroker : IAsyncDisposable
{
    internal const string DeadLetterSuffix = "/$DeadLetterQueue";

    /// <summary>The largest message and batch of the Standard tier, in bytes.</summary>
    public const int MaxMessageBytes = 256 * 1024;

    private const int CachedPayloads = 16 * 1024 * 1024;
    private const long ReservedNumbers = 10_000;

    private static readonly ConcurrentDictionary<string, LocalBroker> Registered = new(StringComparer.OrdinalIgnoreCase);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly LocalFaults? _faults;
    private readonly GroupCommitWriter _writer;
    private readonly Dictionary<string, SendTarget> _targets = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, MessageStore> _stores = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _entityIds = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<int, List<MessageRow>> _unclaimed = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _timekeeper;
    private ServiceBusException? _refusal;
    private long _nextId;
    private long _reservedUntil;
    private int _cachedBytes;
    private int _unwrittenSends;

    private LocalBroker(string file, TimeProvider clock, BrokerTopology topology, LocalFaults? faults)
    {
        _clock = clock;
        _faults = faults;
        var database = new BusDatabase(file);
        try
        {
            Load(database);
        }
        catch
        {
            database.Dispose();
            throw;
        }

        _writer = new GroupCommitWriter(database, _gate, TellQuietWaiters, Break);
        foreach (var queue in topology.Queues)
        {
            Declare(queue);
        }

        foreach (var topic in topology.Topics)
        {
            Declare(topic);
        }

        _timekeeper = Task.Run(KeepTimeAsync);
    }

    /// <summary>Called around every operation of every client; a test's way in.</summary>
    public BrokerInterceptor? Interceptor { get; set; }

    /// <summary>Cancelled when the broker was killed, closed or can no longer write.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Opens the bus kept in <paramref name="file"/>, or makes a new one.</summary>
    /// <param name="file">The SQLite file; no other process may have it open.</param>
    /// <param name="businessClock">Drives schedules, times to live, the duplicate window and time stamps.</param>
    /// <param name="topology">The entities known at the start; <see cref="Declare(BrokerQueue)"/> adds more.</param>
    /// <param name="faults">Lets the bus be broken on purpose.</param>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The file is in use or is no bus.</exception>
    public static LocalBroker Open(string file, TimeProvider businessClock, BrokerTopology topology, LocalFaults? faults = null) =>
        new(file, businessClock, topology, faults);

    /// <summary>Makes clients of <paramref name="endpointHost"/> created from now on find <paramref name="broker"/>.</summary>
    public static void Register(string endpointHost, LocalBroker broker) => Registered[endpointHost] = broker;

    /// <summary>Takes a host name out of use; clients that have found their broker keep it.</summary>
    public static void Unregister(string endpointHost) => Registered.TryRemove(endpointHost, out _);

    internal static LocalBroker? Find(string endpointHost) => Registered.GetValueOrDefault(endpointHost);

    internal static ServiceBusException Gone() =>
        new("The local bus is not running.", ServiceBusFailureReason.ServiceCommunicationProblem);

    /// <summary>Adds a queue, or changes the rules of one that exists; its messages become reachable.</summary>
    /// <exception cref="InvalidOperationException">It exists as a topic, or would begin or cease to require sessions.</exception>
    public void Declare(BrokerQueue queue)
    {
        lock (_gate)
        {
            var target = Target(queue.Name, isQueue: true);
            var store = Store(queue.Name, target, queue.RequiresSession);
            target.Queue = store;
            Configure(target, queue.DuplicateDetectionWindow, queue.DefaultTimeToLive);
            store.LockDuration = queue.LockDuration;
            store.MaxDeliveryCount = queue.MaxDeliveryCount;
            store.DefaultTimeToLive = queue.DefaultTimeToLive;
            store.DeadLetteringOnExpiration = queue.DeadLetteringOnExpiration;
            Claim(target.Id, target, store);
        }
    }

    /// <summary>Adds a topic with its subscriptions, or changes their rules.</summary>
    public void Declare(BrokerTopic topic)
    {
        lock (_gate)
        {
            var target = Target(topic.Name, isQueue: false);
            Configure(target, topic.DuplicateDetectionWindow, topic.DefaultTimeToLive);
            Claim(target.Id, target, target.Waiting);
        }

        foreach (var subscription in topic.Subscriptions)
        {
            Declare(topic.Name, subscription);
        }
    }

    /// <summary>Adds a subscription to a topic, which is made when there is none.</summary>
    public void Declare(string topic, BrokerSubscription subscription)
    {
        lock (_gate)
        {
            var target = Target(topic, isQueue: false);
            var path = SubscriptionPath(topic, subscription.Name);
            var isNew = !_stores.ContainsKey(path);
            var store = Store(path, target, subscription.RequiresSession);
            store.LockDuration = subscription.LockDuration;
            store.MaxDeliveryCount = subscription.MaxDeliveryCount;
            store.DefaultTimeToLive = subscription.DefaultTimeToLive;
            store.DeadLetteringOnExpiration = subscription.DeadLetteringOnExpiration;
            if (isNew)
            {
                target.Subscriptions.Add(store);
            }

            Claim(store.EntityId, target, store);
        }
    }

    /// <summary>The counts of a queue, a topic (scheduled only) or a subscription (<c>topic/Subscriptions/name</c>).</summary>
    /// <exception cref="ServiceBusException">There is no such entity.</exception>
    public BrokerCounts Counts(string entityPath)
    {
        lock (_gate)
        {
            ThrowIfEnded();
            KeepUp();
            if (_stores.TryGetValue(entityPath, out var store) && !store.IsDeadLetter)
            {
                var scheduled = store.Target!.Queue == store ? store.Target.Scheduled.Count : 0;
                var dead = store.DeadLetters!;
                return new BrokerCounts(
                    store.AvailableCount + store.InProcess, store.InProcess, store.Deferred, scheduled, dead.AvailableCount + dead.InProcess + dead.Deferred);
            }

            return _targets.TryGetValue(entityPath, out var target)
                ? new BrokerCounts(0, 0, 0, target.Scheduled.Count, 0)
                : throw NotFound(entityPath);
        }
    }

    /// <summary>The paths of every queue and subscription.</summary>
    public IReadOnlyList<string> EntityPaths
    {
        get
        {
            lock (_gate)
            {
                return [.. _stores.Values.Where(store => !store.IsDeadLetter).Select(store => store.Path).Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Inserts a bare row of the same durability into the same file: the floor a benchmark is measured by.</summary>
    /// <param name="alone">Whether it is a transaction of its own, or shares one with whatever else is being written.</param>
    public Task RawAppendAsync(byte[] bytes, bool alone = false)
    {
        ThrowIfEnded();
        var work = new WriteWork(database => database.InsertRaw(bytes), durable: true) { Alone = alone };
        _writer.Enqueue(work);
        return work.Done;
    }

    /// <summary>
    /// What the death of the process would do: nothing more is written, every later call fails, and the file is free
    /// for another broker when this returns.
    /// </summary>
    public void Kill()
    {
        End(Gone());
        _writer.Abort(Gone());
    }

    /// <summary>Writes what is under way and closes the file. Later calls fail.</summary>
    public async ValueTask DisposeAsync()
    {
        End(Gone());
        await Task.Run(_writer.Close);
        await _timekeeper;
    }

    internal static string SubscriptionPath(string topic, string subscription) => $"{topic}/Subscriptions/{subscription}";

    internal static ServiceBusException NotFound(string entity) =>
        new("The messaging entity could not be found.", ServiceBusFailureReason.MessagingEntityNotFound, entity);

    internal long Now() => _clock.GetUtcNow().UtcTicks;

    /// <summary>Runs a client's operation as the network would let it: intercepted, broken or slow, and retried.</summary>
    internal async Task<T> CallAsync<T>(
        BrokerOperation operation, string entity, ServiceBusRetryOptions retry, Func<CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            throw new TaskCanceledException(null, null, cancellationToken);
        }

        ThrowIfEnded();
        if (Interceptor is { } before)
        {
            await before(operation, entity, BrokerPhase.Before, cancellationToken);
            ThrowIfEnded();
        }

        var result = await RetryAsync(entity, retry, body, cancellationToken);
        if (Interceptor is { } after)
        {
            await after(operation, entity, BrokerPhase.After, cancellationToken);
        }

        ThrowIfEnded();
        return result;
    }

    /// <summary>What opening a link finds out: whether the bus answers and the entity is there. No operation of its own.</summary>
    internal Task OpenLinkAsync(string entity, ServiceBusRetryOptions retry, CancellationToken cancellationToken) => RetryAsync(
        entity,
        retry,
        _ =>
        {
            lock (_gate)
            {
                ThrowIfEnded();
                return _targets.ContainsKey(entity) ? Task.FromResult(true) : throw NotFound(entity);
            }
        },
        cancellationToken);

    private async Task<T> RetryAsync<T>(
        string entity, ServiceBusRetryOptions retry, Func<CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ObeyFaultsAsync(entity, cancellationToken);
                return await body(cancellationToken);
            }
            catch (ServiceBusException exception) when (exception.IsTransient && _refusal is null)
            {
                if (retry.DelayBefore(exception, attempt) is not { } delay)
                {
                    throw;
                }

                await Task.Delay(delay, cancellationToken);
            }
        }
    }

    private async ValueTask ObeyFaultsAsync(string entity, CancellationToken cancellationToken)
    {
        switch (_faults?.Current(FaultTarget.Bus))
        {
            case FaultMode.Slow:
                await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
                break;
            case FaultMode.Down:
                throw new ServiceBusException("The bus cannot be reached.", ServiceBusFailureReason.ServiceCommunicationProblem, entity);
            case FaultMode.Error:
                throw new ServiceBusException("The bus answered with an error.", ServiceBusFailureReason.ServiceCommunicationProblem, entity);
            default:
                ThrowIfEnded();
                break;
        }
    }

    private bool IsBroken => _faults?.Current(FaultTarget.Bus) is FaultMode.Down or FaultMode.Error;

    private void ThrowIfEnded()
    {
        if (Volatile.Read(ref _refusal) is not null)
        {
            throw Gone();
        }
    }

    private void Break(Exception exception) =>
        End(new ServiceBusException("The local bus cannot write its file.", ServiceBusFailureReason.ServiceCommunicationProblem, null, exception));

    private void End(ServiceBusException refusal)
    {
        lock (_gate)
        {
            if (_refusal is not null)
            {
                return;
            }

            _refusal = refusal;
            foreach (var store in _stores.Values)
            {
                foreach (var waiter in store.Sessions.Values.SelectMany(session => session.Waiters).Concat(store.Line.Waiters))
                {
                    waiter.Result.TrySetException(refusal);
                }

                foreach (var waiter in store.AcceptWaiters)
                {
                    waiter.Result.TrySetException(refusal);
                }
            }

            TellQuietWaiters();
        }

        _ended.Cancel();
    }

    private void Write(Action<BusDatabase> apply, Action? committed = null) =>
        _writer.Enqueue(new WriteWork(apply, durable: false) { Committed = committed });

    private Task WriteDurably(Action<BusDatabase> apply, Action? committed = null)
    {
        var work = new WriteWork(apply, durable: true) { Committed = committed };
        _writer.Enqueue(work);
        return work.Done;
    }

    private long NextId()
    {
        if (_nextId == _reservedUntil)
        {
            // Numbers are reserved in blocks, so that none is given twice after its row was purged.
            _reservedUntil += ReservedNumbers;
            var reserved = _reservedUntil;
            Write(database => database.Reserve(reserved));
        }

        return _nextId++;
    }

    private int EntityId(string name)
    {
        if (!_entityIds.TryGetValue(name, out var id))
        {
            id = _entityIds.Count == 0 ? 1 : _entityIds.Values.Max() + 1;
            _entityIds.Add(name, id);
            Write(database => database.AddEntity(id, name));
        }

        return id;
    }

    private SendTarget Target(string name, bool isQueue)
    {
        if (!_targets.TryGetValue(name, out var target))
        {
            target = new SendTarget(EntityId(name), name);
            _targets.Add(name, target);
        }
        else if (isQueue != target.Queue is not null)
        {
            throw new InvalidOperationException($"'{name}' cannot be both a queue and a topic.");
        }

        return target;
    }

    private MessageStore Store(string path, SendTarget target, bool requiresSession)
    {
        if (_stores.TryGetValue(path, out var store))
        {
            // As in Azure, where the entity would have to be made anew.
            if (store.RequiresSession != requiresSession)
            {
                throw new InvalidOperationException($"Whether '{path}' requires sessions cannot be changed.");
            }
        }
        else
        {
            store = new MessageStore(EntityId(path), path, isDeadLetter: false) { Target = target, RequiresSession = requiresSession };
            store.DeadLetters!.Target = target;
            _stores.Add(path, store);
            _stores.Add(store.DeadLetters.Path, store.DeadLetters);
        }

        return store;
    }

    private bool TryStore(string path, [NotNullWhen(true)] out MessageStore? store) => _stores.TryGetValue(path, out store);

    private static void Configure(SendTarget target, TimeSpan? window, TimeSpan? timeToLive)
    {
        target.DefaultTimeToLive = timeToLive;
        if (window is null)
        {
            target.Duplicates = null;
        }
        else if (target.Duplicates is null)
        {
            target.Duplicates = new DuplicateHistory(window.Value);
        }
        else
        {
            target.Duplicates.Window = window.Value;
        }
    }

    private void Load(BusDatabase database)
    {
        _nextId = _reservedUntil = database.ReadReserved();
        foreach (var (id, name) in database.ReadEntities())
        {
            _entityIds.Add(name, id);
        }

        foreach (var row in database.ReadMessages())
        {
            if (!_unclaimed.TryGetValue(row.Entity, out var rows))
            {
                _unclaimed.Add(row.Entity, rows = []);
            }

            rows.Add(row);
        }
    }

    /// <summary>Puts an entity's rows from the file where they belong, now that its rules are known.</summary>
    private void Claim(int entity, SendTarget target, MessageStore store)
    {
        if (!_unclaimed.Remove(entity, out var rows))
        {
            return;
        }

        // A subscription's copies are not looked at for duplicates; its topic's rows are.
        var history = target.Id == entity ? target.Duplicates : null;
        var now = Now();
        var stale = new List<long>();
        foreach (var row in history is null ? rows : [.. rows.OrderBy(row => row.Accepted)])
        {
            RememberedId? remembered = null;
            if (history is not null && row.MessageId is not null && row.Accepted + history.Window.Ticks > now)
            {
                remembered = history.TryRemember(row.MessageId, row.Accepted);
            }

            if (row.State == RowState.Done)
            {
                if (remembered is null)
                {
                    stale.Add(row.Id);
                }
                else
                {
                    remembered.DoneRow = row.Id;
                }

                continue;
            }

            Restore(row, store, remembered);
        }

        if (stale.Count > 0)
        {
            Write(database => stale.ForEach(database.Delete));
        }
    }

    private void Restore(in MessageRow row, MessageStore store, RememberedId? remembered)
    {
        var home = row.State is RowState.DeadLettered or RowState.DeadLetteredDeferred ? store.DeadLetters! : store;
        var message = new StoredMessage(row.Id, home)
        {
            Deliveries = row.Deliveries,
            Accepted = row.Accepted,
            Enqueued = row.Enqueued,
            Expires = row.State == RowState.Scheduled ? long.MaxValue : row.Expires,
            TimeToLive = row.State == RowState.Scheduled ? row.Expires : long.MaxValue,
            SessionId = row.SessionId,
            Remembered = remembered,
        };
        switch (row.State)
        {
            case RowState.Scheduled:
                AddScheduled(store.Target!, message);
                break;
            case RowState.Deferred or RowState.DeadLetteredDeferred:
                AddDeferred(message);
                break;
            default:
                MakeAvailable(message);
                break;
        }
    }
}
