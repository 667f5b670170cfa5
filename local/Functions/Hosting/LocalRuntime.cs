using System.Collections.Concurrent;

namespace Serverless940.Local.Functions;

/// <summary>What the parts of one running host share: what is under way, and whether the host was killed.</summary>
internal sealed class LocalRuntime : IDisposable
{
    // Nothing holds it but those who wait for it, so they are collected with it.
    private readonly TaskCompletionSource _never = new();
    private readonly ConcurrentDictionary<long, string> _running = new();
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _death = new();
    private TaskCompletionSource? _idle;
    private long _last;
    private int _count;
    private long _started;

    /// <summary>Cancelled when the time for handlers to finish is over.</summary>
    public CancellationTokenSource Expired { get; } = new();

    public bool Killed { get; private set; }

    /// <summary>How many invocations have begun so far.</summary>
    public long Started => Interlocked.Read(ref _started);

    public int Count => Volatile.Read(ref _count);

    /// <summary>The functions running now.</summary>
    public IReadOnlyList<string> Names => [.. _running.Values];

    public IDisposable Running(string function)
    {
        var id = Interlocked.Increment(ref _last);
        lock (_gate)
        {
            _count++;
            _started++;
        }

        _running[id] = function;
        return new Mark(this, id);
    }

    /// <summary>Completes when no function runs.</summary>
    public Task WhenIdleAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Cancelled by <see cref="Kill"/>.</summary>
    public CancellationToken Death => _death.Token;

    public void Kill()
    {
        Killed = true;
        _death.Cancel();
    }

    /// <summary>In a killed process nothing goes on: whoever asks after the kill waits for ever.</summary>
    public Task StayDeadAsync() => Killed ? _never.Task : Task.CompletedTask;

    public void Dispose()
    {
        Expired.Dispose();
        _death.Dispose();
    }

    private void Done(long id)
    {
        _running.TryRemove(id, out _);
        TaskCompletionSource? idle = null;
        lock (_gate)
        {
            if (--_count == 0)
            {
                (idle, _idle) = (_idle, null);
            }
        }

        idle?.SetResult();
    }

    private sealed class Mark(LocalRuntime runtime, long id) : IDisposable
    {
        public void Dispose() => runtime.Done(id);
    }
}
