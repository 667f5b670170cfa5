namespace Serverless940.Local.Functions;

/// <summary>What moving time needs to know of the bus.</summary>
internal interface IBusTime
{
    /// <summary>Business time of the earliest scheduled message.</summary>
    DateTimeOffset? NextScheduled { get; }

    /// <summary>Completes when nothing is due or under way.</summary>
    Task WaitForQuietAsync(CancellationToken cancellationToken);

    bool IsQuiet(out string why);
}

/// <summary>
/// Moves business time forward stop by stop: every instant at which a timer or a scheduled message is due is a stop, and
/// time goes on only when all that came of it is done.
/// </summary>
internal sealed class TimeMachine(LocalClock clock, TimerTriggers timers, IBusTime? bus, LocalRuntime runtime) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    /// <returns>What is left when <paramref name="limit"/> (real time) is over; empty when all is quiet.</returns>
    public async Task<IReadOnlyList<string>> AdvanceAsync(DateTimeOffset target, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(limit);
        try
        {
            await _one.WaitAsync(over.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ["another advance of the clock"];
        }

        using var pause = timers.Pause();
        try
        {
            await QuietAsync(over.Token);
            while (true)
            {
                var stop = NextStop(target);
                clock.AdvanceTo(stop);
                await timers.RunDueAsync(stop).WaitAsync(over.Token);
                await QuietAsync(over.Token);
                if (stop >= target && timers.NextDue > target)
                {
                    return [];
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Left(target);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private DateTimeOffset NextStop(DateTimeOffset target)
    {
        var stop = timers.NextDue;
        if (bus?.NextScheduled is { } scheduled && scheduled < stop)
        {
            stop = scheduled;
        }

        return stop < target ? stop : target;
    }

    // One side may give the other work while it is waited for, so both are asked until neither has moved.
    private async Task QuietAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var started = runtime.Started;
            if (bus is not null)
            {
                await bus.WaitForQuietAsync(cancellationToken);
            }

            await runtime.WhenIdleAsync(cancellationToken);
            if (started == runtime.Started && (bus is null || bus.IsQuiet(out _)))
            {
                return;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private List<string> Left(DateTimeOffset target)
    {
        var left = new List<string>();
        left.AddRange(runtime.Names.Select(name => $"function {name} is running"));
        if (bus is not null && !bus.IsQuiet(out var why))
        {
            left.Add($"bus: {why}");
        }

        left.AddRange(timers.DueAt(target).Select(name => $"timer {name} is due"));
        if (left.Count == 0)
        {
            left.Add("the clock had not arrived yet");
        }

        return left;
    }
}
