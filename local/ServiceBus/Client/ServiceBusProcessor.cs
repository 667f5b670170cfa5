#nullable disable
using Serverless940.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>Runs a handler for every message of a queue or subscription, several at once where it may.</summary>
public class ServiceBusProcessor : IAsyncDisposable
{
    private readonly ServiceBusClient _client;
    private readonly ServiceBusReceiver _receiver;
    private readonly ServiceBusReceiverOptions _receiverOptions;
    private readonly WorkerPool _pool;
    private readonly SemaphoreSlim _startStop = new(1, 1);
    private int _maxConcurrentCalls;
    private int _prefetchCount;
    private Func<ProcessMessageEventArgs, Task> _processMessage;
    private Func<ProcessErrorEventArgs, Task> _processError;

    /// <summary>For mocks.</summary>
    protected ServiceBusProcessor()
    {
    }

    protected ServiceBusProcessor(ServiceBusClient client, string topicName, string subscriptionName, ServiceBusProcessorOptions options)
        : this(client, ServiceBusClient.SubscriptionPath(topicName, subscriptionName), options)
    {
    }

    protected internal ServiceBusProcessor(ServiceBusClient client, string queueName, ServiceBusProcessorOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        options ??= new ServiceBusProcessorOptions();
        _client = client;
        EntityPath = ServiceBusClient.SubQueuePath(queueName, options.SubQueue);
        Identifier = ServiceBusClient.Name(options.Identifier, EntityPath);
        ReceiveMode = options.ReceiveMode;
        AutoCompleteMessages = options.AutoCompleteMessages;
        MaxAutoLockRenewalDuration = options.MaxAutoLockRenewalDuration;
        _maxConcurrentCalls = options.MaxConcurrentCalls;
        _prefetchCount = options.PrefetchCount;
        _receiverOptions = new ServiceBusReceiverOptions { ReceiveMode = options.ReceiveMode, Identifier = Identifier + "-Receiver" };
        _receiver = new ServiceBusReceiver(client, EntityPath, _receiverOptions, null);
        _pool = new WorkerPool(WorkAsync);
    }

    /// <summary>The handler; exactly one, set before the start.</summary>
    public event Func<ProcessMessageEventArgs, Task> ProcessMessageAsync
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

    public virtual string FullyQualifiedNamespace => _client.FullyQualifiedNamespace;

    public virtual string EntityPath { get; }

    public virtual string Identifier { get; }

    public virtual ServiceBusReceiveMode ReceiveMode { get; }

    public virtual int PrefetchCount => _prefetchCount;

    public virtual bool IsProcessing => _pool.IsRunning;

    public virtual int MaxConcurrentCalls => _maxConcurrentCalls;

    public virtual bool AutoCompleteMessages { get; }

    public virtual bool IsClosed { get; private set; }

    public virtual TimeSpan MaxAutoLockRenewalDuration { get; }

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
            _pool.Start(_maxConcurrentCalls);
            _client.Broker.AddConsumer(EntityPath, 1);
        }
        finally
        {
            _startStop.Release();
        }
    }

    /// <summary>Receives nothing more; completes when the handlers under way have returned.</summary>
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
        await _receiver.CloseAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    public void UpdateConcurrency(int maxConcurrentCalls)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxConcurrentCalls, 1);
        _maxConcurrentCalls = maxConcurrentCalls;
        _pool.Resize(maxConcurrentCalls);
    }

    public void UpdatePrefetchCount(int prefetchCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefetchCount);
        _prefetchCount = prefetchCount;
    }

    protected internal virtual Task OnProcessMessageAsync(ProcessMessageEventArgs args) => _processMessage(args);

    protected internal virtual Task OnProcessErrorAsync(ProcessErrorEventArgs args) => _processError(args);

    private async Task WorkAsync(CancellationToken receiving, CancellationToken stopping)
    {
        var ended = _client.Broker.Ended;
        while (!receiving.IsCancellationRequested && !ended.IsCancellationRequested)
        {
            try
            {
                var message = await _receiver.ReceiveMessageAsync(null, receiving);
                if (message is not null)
                {
                    await ProcessAsync(message, stopping);
                }
            }
            catch (OperationCanceledException) when (receiving.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                await RaiseAsync(exception, ServiceBusErrorSource.Receive, stopping);
                await Handlers.PauseAsync(receiving, ended);
            }
        }
    }

    private async Task ProcessAsync(ServiceBusReceivedMessage message, CancellationToken stopping)
    {
        var args = new ProcessMessageEventArgs(message, _receiver, Identifier, stopping);
        using var done = new CancellationTokenSource();
        var watch = ReceiveMode == ServiceBusReceiveMode.PeekLock ? WatchLockAsync(message, args, done.Token, stopping) : Task.CompletedTask;
        var source = ServiceBusErrorSource.ProcessMessageCallback;
        try
        {
            await OnProcessMessageAsync(args);
            source = ServiceBusErrorSource.Complete;
            if (ReceiveMode == ServiceBusReceiveMode.PeekLock && AutoCompleteMessages && !message.IsSettled)
            {
                // What was done is not undone by a stop.
                await _receiver.CompleteMessageAsync(message, CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is not TaskCanceledException || !stopping.IsCancellationRequested)
        {
            await RaiseAsync(exception, source, stopping);
            await AbandonAsync(message, exception, stopping);
        }
        catch (TaskCanceledException)
        {
            // The handler gave up because of the stop; the message comes back when its lock runs out.
        }
        finally
        {
            await done.CancelAsync();
            await watch;
        }
    }

    private async Task AbandonAsync(ServiceBusReceivedMessage message, Exception failure, CancellationToken stopping)
    {
        var lost = failure is ServiceBusException { Reason: ServiceBusFailureReason.MessageLockLost or ServiceBusFailureReason.SessionLockLost };
        if (message.IsSettled || lost || ReceiveMode != ServiceBusReceiveMode.PeekLock)
        {
            return;
        }

        try
        {
            await _receiver.AbandonMessageAsync(message, null, CancellationToken.None);
        }
        catch (Exception exception)
        {
            await RaiseAsync(exception, ServiceBusErrorSource.Abandon, stopping);
        }
    }

    /// <summary>Renews the lock while the handler runs, and tells the handler when it is lost.</summary>
    private async Task WatchLockAsync(ServiceBusReceivedMessage message, ProcessMessageEventArgs args, CancellationToken done, CancellationToken stopping)
    {
        var renewUntil = LockRenewal.End(MaxAutoLockRenewalDuration);
        try
        {
            while (true)
            {
                var renewAt = LockRenewal.Next(message.LockedUntil);
                if (renewAt >= renewUntil)
                {
                    await LockRenewal.WaitAsync(message.LockedUntil, done);
                    await args.OnMessageLockLostAsync(new MessageLockLostEventArgs(message, null));
                    return;
                }

                await LockRenewal.WaitAsync(renewAt, done);
                if (message.IsSettled)
                {
                    return;
                }

                if (await RenewAsync(message, done, stopping) is { } loss)
                {
                    await args.OnMessageLockLostAsync(new MessageLockLostEventArgs(message, loss));
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The handler has returned.
        }
        catch (Exception exception)
        {
            await RaiseAsync(exception, ServiceBusErrorSource.RenewLock, stopping);
        }
    }

    private async Task<Exception> RenewAsync(ServiceBusReceivedMessage message, CancellationToken done, CancellationToken stopping)
    {
        try
        {
            await _receiver.RenewMessageLockAsync(message, done);
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (!done.IsCancellationRequested && !message.IsSettled)
            {
                await RaiseAsync(exception, ServiceBusErrorSource.RenewLock, stopping);
            }

            return exception is ServiceBusException { IsTransient: true } && message.LockedUntil > DateTimeOffset.UtcNow ? null : exception;
        }
    }

    private Task RaiseAsync(Exception exception, ServiceBusErrorSource source, CancellationToken stopping) =>
        Handlers.TellAsync(
            OnProcessErrorAsync, new ProcessErrorEventArgs(exception, source, FullyQualifiedNamespace, EntityPath, Identifier, stopping));
}
