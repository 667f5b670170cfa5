namespace Azure.Messaging.ServiceBus;

/// <summary>
/// As many loops as a processor may have calls or sessions at once. A loop that is no longer wanted finishes what it
/// is doing and starts nothing new.
/// </summary>
internal sealed class WorkerPool(Func<CancellationToken, CancellationToken, Task> loop)
{
    private readonly Lock _gate = new();
    private readonly List<(CancellationTokenSource Stop, Task Task)> _workers = [];
    private readonly List<Task> _leaving = [];
    private CancellationTokenSource? _running;

    public bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                return _running is not null;
            }
        }
    }

    /// <exception cref="InvalidOperationException">It is running already.</exception>
    public void Start(int size)
    {
        lock (_gate)
        {
            if (_running is not null)
            {
                throw new InvalidOperationException("The processor is already running.");
            }

            _running = new CancellationTokenSource();
            Fill(size);
        }
    }

    public void Resize(int size)
    {
        lock (_gate)
        {
            if (_running is null)
            {
                return;
            }

            while (_workers.Count > size)
            {
                var (stop, task) = _workers[^1];
                _workers.RemoveAt(_workers.Count - 1);
                stop.Cancel();
                _leaving.RemoveAll(left => left.IsCompleted);
                _leaving.Add(task);
            }

            Fill(size);
        }
    }

    /// <summary>Starts nothing more and waits for what is under way.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        CancellationTokenSource? running;
        Task all;
        lock (_gate)
        {
            running = _running;
            if (running is null)
            {
                return;
            }

            all = Task.WhenAll([.. _workers.Select(worker => worker.Task), .. _leaving]);
        }

        await running.CancelAsync();
        await all.WaitAsync(cancellationToken);
        lock (_gate)
        {
            if (_running == running)
            {
                _workers.ForEach(worker => worker.Stop.Dispose());
                _workers.Clear();
                _leaving.Clear();
                _running = null;
            }
        }
    }

    private void Fill(int size)
    {
        while (_workers.Count < size)
        {
            var stopping = _running!.Token;
            var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var token = stop.Token;
            _workers.Add((stop, Task.Run(() => loop(token, stopping), CancellationToken.None)));
        }
    }
}
