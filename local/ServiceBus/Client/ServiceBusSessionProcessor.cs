#nullable disable
using Serverless940.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>Runs a handler for the messages of several sessions at once, in order within each.</summary>
public class ServiceBusSessionProcessor : IAsyncDisposable
{
    private readonly ServiceBusClient _client;
    private readonly ServiceBusSessionReceiverOptions _receiverOptions;
    private readonly WorkerPool _pool;
    private readonly string[] _sessionIds;
    private readonly SemaphoreSlim _startStop = new(1, 1);
    private int _nextSessionId = -1;
    private int _maxConcurrentSessions;
    private int _maxConcurrentCallsPerSession;
    private int _prefetchCount;
    private Func<ProcessSessionMessageEventArgs, Task> _processMessage;
    private Func<ProcessErrorEventArgs, Task> _processError;
    private Func<ProcessSessionEventArgs, Task> _sessionInitializing;
    private Func<ProcessSessionEventArgs, Task> _sessionClosing;

    /// <summary>For mocks.</summary>
    protected ServiceBusSessionProcessor()
    {
    }

    protected ServiceBusSessionProcessor(ServiceBusClient client, string topicName, string subscriptionName, ServiceBusSessionProcessorOptions options)
        : this(client, ServiceBusClient.SubscriptionPath(topicName, subscriptionName), options)
    {
    }

    protected internal ServiceBusSessionProcessor(ServiceBusClient client, string queueName, ServiceBusSessionProcessorOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        options ??= new ServiceBusSessionProcessorOptions();
        _client = client;
        EntityPath = queueName;
        Identifier = ServiceBusClient.Name(options.Identifier, queueName);
        ReceiveMode = options.ReceiveMode;
        AutoCompleteMessages = options.AutoCompleteMessages;
        MaxAutoLockRenewalDuration = options.MaxAutoLockRenewalDuration;
        SessionIdleTimeout = options.SessionIdleTimeout;
        _maxConcurrentSessions = options.MaxConcurrentSessions;
        _maxConcurrentCallsPerSession = options.MaxConcurrentCallsPerSession;
        _prefetchCount = options.PrefetchCount;
        _sessionIds = [.. options.SessionIds];
        _receiverOptions = new ServiceBusSessionReceiverOptions { ReceiveMode = options.ReceiveMode };
        _pool = new WorkerPool(WorkAsync);
    }

    /// <summary>The handler; exactly one, set before the start.</summary>
    public event Func<ProcessSessionMessageEventArgs, Task> ProcessMessageAsync
    {
        add => _processMessage = Handlers.Add(_processMessage, value, IsProcessing);
        remove => _processMessage = Handlers.Remove(_processMessage, value, IsProcessing);
    }

    /// <summary>Told of every failure; exactly one, set before the start.</summary>
    public event Func<ProcessErrorEventArgs, Task> ProcessErrorAsync
    {
        add => _processError = Handlers.Add(_processError, value, IsProcessing);
        remove => _processError = Handlers.Remove(_processError, value, IsProcessing);
    }

    /// <summary>Called when a session was accepted, before its messages.</summary>
    public event Func<ProcessSessionEventArgs, Task> SessionInitializingAsync
    {
        add => _sessionInitializing = Handlers.Add(_sessionInitializing, value, IsProcessing);
        remove => _sessionInitializing = Handlers.Remove(_sessionInitializing, value, IsProcessing);
    }

    /// <summary>Called before a session is let go.</summary>
    public event Func<ProcessSessionEventArgs, Task> SessionClosingAsync
    {
        add => _sessionClosing = Handlers.Add(_sessionClosing, value, IsProcessing);
        remove => _sessionClosing = Handlers.Remove(_sessionClosing, value, IsProcessing);
    }

    public virtual string EntityPath { get; }

    public virtual string Identifier { get; }

    public virtual ServiceBusReceiveMode ReceiveMode { get; }

    public virtual int PrefetchCount => _prefetchCount;

    public virtual bool IsProcessing => _pool.IsRunning;

    public virtual bool AutoCompleteMessages { get; }

    public virtual bool IsClosed { get; private set; }

    public virtual TimeSpan MaxAutoLockRenewalDuration { get; }

    public virtual int MaxConcurrentSessions => _maxConcurrentSessions;

    public virtual int MaxConcurrentCallsPerSession => _maxConcurrentCallsPerSession;

    public virtual string FullyQualifiedNamespace => _client.FullyQualifiedNamespace;

    public virtual TimeSpan? SessionIdleTimeout { get; }

    /// <exception cref="InvalidOperationException">A handler is missing, or it is running already.</exception>
    public virtual async Task StartProcessingAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        _client.ThrowIfClosed();
        Handlers.Require(_processMessage, nameof(ProcessMessageAsync));
        Handlers.Require(_processError, nameof(ProcessErrorAsync));
        await _startStop.WaitAsync(cancellationToken);
        try
        {
            _pool.Start(Slots);
            _client.Broker.AddConsumer(EntityPath, 1);
        }
        finally
        {
            _startStop.Release();
        }
    }

    /// <summary>Accepts and receives nothing more; completes when the handlers under way have returned and the sessions are closed.</summary>
    public virtual async Task StopProcessingAsync(CancellationToken cancellationToken = default)
    {
        await _startStop.WaitAsync(cancellationToken);
        try
        {
            if (_pool.IsRunning)
            {
                await _pool.StopAsync(cancellationToken);
                _client.Broker.AddConsumer(EntityPath, -1);
            }
        }
        finally
        {
            _startStop.Release();
        }
    }

    public virtual async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        IsClosed = true;
        await StopProcessingAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    public void UpdateConcurrency(int maxConcurrentSessions, int maxConcurrentCallsPerSession)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxConcurrentSessions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxConcurrentCallsPerSession, 1);
        _maxConcurrentSessions = maxConcurrentSessions;
        _maxConcurrentCallsPerSession = maxConcurrentCallsPerSession;
        _pool.Resize(Slots);
    }

    public void UpdatePrefetchCount(int prefetchCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefetchCount);
        _prefetchCount = prefetchCount;
    }

    protected internal virtual Task OnProcessErrorAsync(ProcessErrorEventArgs args) => _processError(args);

    protected internal virtual Task OnProcessSessionMessageAsync(ProcessSessionMessageEventArgs args) => _processMessage(args);

    protected internal virtual Task OnSessionInitializingAsync(ProcessSessionEventArgs args) => _sessionInitializing?.Invoke(args) ?? Task.CompletedTask;

    protected internal virtual Task OnSessionClosingAsync(ProcessSessionEventArgs args) => _sessionClosing?.Invoke(args) ?? Task.CompletedTask;

    private int Slots => _sessionIds.Length == 0 ? _maxConcurrentSessions : Math.Min(_maxConcurrentSessions, _sessionIds.Length);

    private string NextSessionId() =>
        _sessionIds.Length == 0 ? null : _sessionIds[(int)((uint)Interlocked.Increment(ref _nextSessionId) % (uint)_sessionIds.Length)];

    private async Task WorkAsync(CancellationToken receiving, CancellationToken stopping)
    {
        var ended = _client.Broker.Ended;
        while (!receiving.IsCancellationRequested && !ended.IsCancellationRequested)
        {
            ServiceBusSessionReceiver receiver;
            try
            {
                receiver = await ServiceBusSessionReceiver.TryAcceptAsync(_client, EntityPath, NextSessionId(), _receiverOptions, receiving);
            }
            catch (OperationCanceledException) when (receiving.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                await RaiseAsync(exception, ServiceBusErrorSource.AcceptSession, stopping);
                await Handlers.PauseAsync(receiving, ended);
                continue;
            }

            if (receiver is not null)
            {
                await new SessionRun(this, receiver, receiving, stopping).RunAsync();
            }
        }
    }

    private Task RaiseAsync(Exception exception, ServiceBusErrorSource source, CancellationToken stopping) =>
        Handlers.TellAsync(
            OnProcessErrorAsync, new ProcessErrorEventArgs(exception, source, FullyQualifiedNamespace, EntityPath, Identifier, stopping));

    /// <summary>One session from its acceptance until it is let go.</summary>
    private sealed class SessionRun(ServiceBusSessionProcessor owner, ServiceBusSessionReceiver receiver, CancellationToken receiving, CancellationToken stopping)
    {
        private readonly CancellationTokenSource _lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        private readonly CancellationTokenSource _release = CancellationTokenSource.CreateLinkedTokenSource(receiving);
        private Exception _loss;
        private bool _isLost;

        public async Task RunAsync()
        {
            using var done = new CancellationTokenSource();
            var watch = WatchLockAsync(done.Token);
            try
            {
                await owner.OnSessionInitializingAsync(Args());
                var loops = new Task[owner._maxConcurrentCallsPerSession];
                for (var i = 0; i < loops.Length; i++)
                {
                    loops[i] = ReceiveAsync();
                }

                await Task.WhenAll(loops);
            }
            catch (Exception exception)
            {
                await owner.RaiseAsync(exception, ServiceBusErrorSource.AcceptSession, stopping);
            }

            await CloseAsync();
            await done.CancelAsync();
            await watch;
            _lost.Dispose();
            _release.Dispose();
        }

        private ProcessSessionEventArgs Args() => new(receiver, owner.Identifier, stopping) { Released = Release };

        private void Release() => _release.Cancel();

        private async Task ReceiveAsync()
        {
            var idle = owner.SessionIdleTimeout ?? owner._client.Retry.TryTimeout;
            while (!_release.IsCancellationRequested && !_isLost)
            {
                try
                {
                    var message = await receiver.ReceiveMessageAsync(idle, _release.Token);
                    if (message is null)
                    {
                        return;
                    }

                    await ProcessAsync(message);
                }
                catch (OperationCanceledException) when (_release.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception exception)
                {
                    await owner.RaiseAsync(exception, ServiceBusErrorSource.Receive, stopping);
                    if (exception is ServiceBusException { Reason: ServiceBusFailureReason.SessionLockLost })
                    {
                        Lose(exception);
                    }

                    // As with any failure, the session is let go; what it holds is accepted again.
                    return;
                }
            }
        }

        private async Task ProcessAsync(ServiceBusReceivedMessage message)
        {
            var args = new ProcessSessionMessageEventArgs(message, receiver, owner.Identifier, _lost.Token) { Released = Release };
            var isLock = owner.ReceiveMode == ServiceBusReceiveMode.PeekLock;
            var source = ServiceBusErrorSource.ProcessMessageCallback;
            await using var told = _lost.Token.Register(() =>
            {
                if (_isLost)
                {
                    _ = TellLossAsync(args, message);
                }
            });
            try
            {
                await owner.OnProcessSessionMessageAsync(args);
                source = ServiceBusErrorSource.Complete;
                if (isLock && owner.AutoCompleteMessages && !message.IsSettled)
                {
                    await receiver.CompleteMessageAsync(message, CancellationToken.None);
                }
            }
            catch (TaskCanceledException) when (stopping.IsCancellationRequested)
            {
                // The handler gave up because of the stop; the message goes back when the session is closed.
            }
            catch (Exception exception)
            {
                await owner.RaiseAsync(exception, source, stopping);
                if (exception is ServiceBusException { Reason: ServiceBusFailureReason.SessionLockLost })
                {
                    Lose(exception);
                }
                else if (isLock && !message.IsSettled && exception is not ServiceBusException { Reason: ServiceBusFailureReason.MessageLockLost })
                {
                    await AbandonAsync(message);
                }
            }
        }

        private async Task AbandonAsync(ServiceBusReceivedMessage message)
        {
            try
            {
                await receiver.AbandonMessageAsync(message, null, CancellationToken.None);
            }
            catch (Exception exception)
            {
                await owner.RaiseAsync(exception, ServiceBusErrorSource.Abandon, stopping);
                if (exception is ServiceBusException { Reason: ServiceBusFailureReason.SessionLockLost })
                {
                    Lose(exception);
                }
            }
        }

        private async Task TellLossAsync(ProcessSessionMessageEventArgs args, ServiceBusReceivedMessage message)
        {
            try
            {
                await args.OnSessionLockLostAsync(new SessionLockLostEventArgs(message, receiver.SessionLockedUntil, _loss));
            }
            catch (Exception exception)
            {
                await owner.RaiseAsync(exception, ServiceBusErrorSource.ProcessMessageCallback, stopping);
            }
        }

        private async Task CloseAsync()
        {
            try
            {
                await owner.OnSessionClosingAsync(Args());
            }
            catch (Exception exception)
            {
                await owner.RaiseAsync(exception, ServiceBusErrorSource.CloseSession, stopping);
            }

            await receiver.DisposeAsync();
        }

        private void Lose(Exception exception)
        {
            _loss = exception;
            _isLost = true;
            _lost.Cancel();
            _release.Cancel();
        }

        /// <summary>Renews the session's lock as long as it is held and may be, and tells the handlers when it is lost.</summary>
        private async Task WatchLockAsync(CancellationToken done)
        {
            var renewUntil = LockRenewal.End(owner.MaxAutoLockRenewalDuration);
            try
            {
                while (true)
                {
                    var renewAt = LockRenewal.Next(receiver.SessionLockedUntil);
                    if (renewAt >= renewUntil)
                    {
                        await LockRenewal.WaitAsync(receiver.SessionLockedUntil, done);
                        Lose(null);
                        return;
                    }

                    await LockRenewal.WaitAsync(renewAt, done);
                    if (!await RenewAsync(done))
                    {
                        return;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The session is closed.
            }
        }

        private async Task<bool> RenewAsync(CancellationToken done)
        {
            try
            {
                await receiver.RenewSessionLockAsync(done);
                return true;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                if (!done.IsCancellationRequested)
                {
                    await owner.RaiseAsync(exception, ServiceBusErrorSource.RenewLock, stopping);
                }

                if (exception is ServiceBusException { IsTransient: true } && receiver.SessionLockedUntil > DateTimeOffset.UtcNow)
                {
                    return true;
                }

                Lose(exception);
                return false;
            }
        }
    }
}
