namespace Azure.Messaging.ServiceBus;

/// <summary>What both kinds of processor share about their handlers.</summary>
internal static class Handlers
{
    public static Func<T, Task> Add<T>(Func<T, Task>? present, Func<T, Task> handler, bool isRunning)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (present is not null)
        {
            throw new NotSupportedException("A handler is already set, and there can be only one.");
        }

        ThrowIfRunning(isRunning);
        return handler;
    }

    public static Func<T, Task>? Remove<T>(Func<T, Task>? present, Func<T, Task> handler, bool isRunning)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (present != handler)
        {
            throw new ArgumentException("This handler is not the one that is set.", nameof(handler));
        }

        ThrowIfRunning(isRunning);
        return null;
    }

    public static void Require(object? handler, string name)
    {
        if (handler is null)
        {
            throw new InvalidOperationException($"{name} needs a handler before the processor starts.");
        }
    }

    /// <summary>A failing error handler must not end the loop that called it.</summary>
    public static async Task TellAsync(Func<ProcessErrorEventArgs, Task> handler, ProcessErrorEventArgs args)
    {
        try
        {
            await handler(args);
        }
        catch (Exception)
        {
            // Nobody is left to tell.
        }
    }

    /// <summary>Between two failing attempts, so that an unknown entity does not fill a log in a second.</summary>
    public static async Task PauseAsync(CancellationToken stopping, CancellationToken ended)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, ended);
        await Task.Delay(TimeSpan.FromMilliseconds(250), either.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private static void ThrowIfRunning(bool isRunning)
    {
        if (isRunning)
        {
            throw new InvalidOperationException("Handlers are set while the processor is not running.");
        }
    }
}

/// <summary>When a lock is renewed: some seconds before its end, or half-way when it is short. Real time.</summary>
internal static class LockRenewal
{
    private static readonly TimeSpan LargestBuffer = TimeSpan.FromSeconds(10);

    public static DateTimeOffset End(TimeSpan duration) =>
        duration == Timeout.InfiniteTimeSpan || duration >= TimeSpan.FromDays(365) ? DateTimeOffset.MaxValue : DateTimeOffset.UtcNow + duration;

    public static DateTimeOffset Next(DateTimeOffset lockedUntil)
    {
        var now = DateTimeOffset.UtcNow;
        var left = lockedUntil - now;
        if (left < TimeSpan.FromMilliseconds(400))
        {
            return now;
        }

        return lockedUntil - (left / 2 < LargestBuffer ? left / 2 : LargestBuffer);
    }

    /// <summary>Waits until the instant has passed; a timer alone may be a millisecond early.</summary>
    public static async Task WaitAsync(DateTimeOffset instant, CancellationToken cancellationToken)
    {
        TimeSpan left;
        do
        {
            left = instant - DateTimeOffset.UtcNow;
            await Task.Delay(left <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : left, cancellationToken);
        }
        while (left > TimeSpan.Zero);
    }
}
