using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace Serverless940.Local.Functions;

/// <summary>One timer function and where its schedule stands.</summary>
internal sealed class FunctionTimer(FunctionEntry function, TimerSchedule schedule, bool isKept, string statusFile)
{
    private static readonly DateTimeOffset NeverYet = DateTimeOffset.MinValue;

    public FunctionEntry Function { get; } = function;

    /// <summary>When it is due.</summary>
    public DateTimeOffset Next { get; private set; }

    /// <summary>Whether it runs: a timer never overlaps itself.</summary>
    public bool IsRunning { get; set; }

    public DateTimeOffset Last { get; private set; }

    public DateTimeOffset LastUpdated { get; private set; }

    /// <summary>Finds out where the schedule stands at the start, and whether an occurrence was missed.</summary>
    public bool Begin(DateTimeOffset now)
    {
        if (!isKept || Read() is not { } status)
        {
            (Last, Next, LastUpdated) = (NeverYet, schedule.Next(now), now);
            Write();
            return false;
        }

        (Last, Next, LastUpdated) = status;
        var reference = Last != NeverYet ? Last : LastUpdated;
        var expected = schedule.Next(reference);
        if (expected != Next)
        {
            // The schedule itself was changed: what the new one would have missed does not count as missed.
            if (now > expected)
            {
                (expected, reference) = (schedule.Next(now), now);
            }

            (Last, Next, LastUpdated) = (NeverYet, expected, reference);
            Write();
        }

        return now > Next;
    }

    /// <summary>What the function is told.</summary>
    public TimerInfo Info(bool isPastDue) => new()
    {
        IsPastDue = isPastDue,
        ScheduleStatus = isKept ? new ScheduleStatus { Last = Last.UtcDateTime, Next = Next.UtcDateTime, LastUpdated = LastUpdated.UtcDateTime } : null,
    };

    /// <summary>Notes that it ran by its schedule.</summary>
    public void Ran(DateTimeOffset at)
    {
        (Last, Next, LastUpdated) = (at, schedule.Next(at), at);
        Write();
    }

    private (DateTimeOffset Last, DateTimeOffset Next, DateTimeOffset LastUpdated)? Read()
    {
        if (!File.Exists(statusFile))
        {
            return null;
        }

        try
        {
            var status = JsonSerializer.Deserialize<Status>(File.ReadAllText(statusFile));
            return status is null ? null : (status.Last, status.Next, status.LastUpdated);
        }
        catch (JsonException)
        {
            // Half a file of a crash: as if the timer had never been seen.
            return null;
        }
    }

    private void Write()
    {
        if (isKept)
        {
            File.WriteAllText(statusFile, JsonSerializer.Serialize(new Status(Last, Next, LastUpdated)));
        }
    }

    private sealed record Status(DateTimeOffset Last, DateTimeOffset Next, DateTimeOffset LastUpdated);
}

/// <summary>Runs timer functions by business time, and moves business time forward stop by stop.</summary>
internal sealed class TimerTriggers : IAsyncDisposable
{
    private readonly List<FunctionTimer> _timers = [];
    private readonly LocalClock _clock;
    private readonly FunctionRunner _runner;
    private readonly LocalRuntime _runtime;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _underWay = [];
    private CancellationTokenSource? _wait;
    private Task _loop = Task.CompletedTask;
    private bool _advancing;

    public TimerTriggers(
        IEnumerable<FunctionEntry> functions, LocalClock clock, FunctionRunner runner, LocalRuntime runtime, string dataFolder, Func<string, string> resolve)
    {
        _clock = clock;
        _runner = runner;
        _runtime = runtime;
        var folder = Path.Combine(dataFolder, "timers");
        foreach (var function in functions)
        {
            if (function.Trigger is TimerTriggerAttribute trigger)
            {
                Directory.CreateDirectory(folder);
                _timers.Add(Create(function, trigger, folder, resolve));
            }
        }
    }

    /// <summary>The earliest occurrence to come; <see cref="DateTimeOffset.MaxValue"/> for none.</summary>
    public DateTimeOffset NextDue
    {
        get
        {
            lock (_gate)
            {
                return Enabled.Select(timer => timer.Next).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
            }
        }
    }

    private IEnumerable<FunctionTimer> Enabled => _timers.Where(timer => !timer.Function.Disabled);

    /// <summary>The timers due at <paramref name="instant"/>, by name.</summary>
    public IReadOnlyList<string> DueAt(DateTimeOffset instant)
    {
        lock (_gate)
        {
            return [.. Enabled.Where(timer => timer.Next <= instant).Select(timer => timer.Function.Name)];
        }
    }

    public void Start()
    {
        var now = _clock.GetUtcNow();
        foreach (var timer in Enabled)
        {
            var isPastDue = timer.Begin(now);
            if (isPastDue)
            {
                Fire(timer, isPastDue: true);
            }
            else if (((TimerTriggerAttribute)timer.Function.Trigger).RunOnStartup)
            {
                Fire(timer, isPastDue: false);
            }
        }

        _loop = Task.Run(RunAsync);
    }

    /// <summary>Runs a timer function now, outside its schedule.</summary>
    public Task RunNowAsync(FunctionEntry function)
    {
        var timer = _timers.Find(timer => timer.Function == function)!;
        return InvokeAsync(timer, isPastDue: false);
    }

    /// <summary>Keeps the schedule from running by itself until the result is disposed, so that an advance can run it.</summary>
    public IDisposable Pause()
    {
        lock (_gate)
        {
            _advancing = true;
            _ = _wait?.CancelAsync();
        }

        return new Resumption(this);
    }

    /// <summary>Runs what is due at <paramref name="instant"/>, and waits until it is done.</summary>
    public async Task RunDueAsync(DateTimeOffset instant)
    {
        List<Task> fired = [];
        lock (_gate)
        {
            foreach (var timer in Enabled)
            {
                if (!timer.IsRunning && timer.Next <= instant)
                {
                    fired.Add(Fire(timer, isPastDue: false));
                }
            }
        }

        await Task.WhenAll(fired);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        Task[] underWay;
        lock (_gate)
        {
            underWay = [.. _underWay];
        }

        await Task.WhenAll(underWay);
    }

    public void Kill() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static FunctionTimer Create(FunctionEntry function, TimerTriggerAttribute trigger, string folder, Func<string, string> resolve)
    {
        try
        {
            var schedule = TimerSchedule.Parse(resolve(trigger.Schedule));
            var isKept = trigger.UseMonitor && !schedule.IsTooFrequentToKeep;
            return new FunctionTimer(function, schedule, isKept, Path.Combine(folder, $"{function.Name}.json"));
        }
        catch (FormatException exception)
        {
            throw new LocalHostException($"Function {function.Name}: the schedule is neither NCRONTAB nor a span of time: {exception.Message}", exception);
        }
        catch (KeyNotFoundException exception)
        {
            throw new LocalHostException($"Function {function.Name}: the schedule names the setting {exception.Message}, which is missing.", exception);
        }
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            DateTimeOffset next;
            CancellationTokenSource wait;
            lock (_gate)
            {
                next = _advancing
                    ? DateTimeOffset.MaxValue
                    : Enabled.Where(timer => !timer.IsRunning).Select(timer => timer.Next).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
                wait = _wait = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            }

            try
            {
                if (next == DateTimeOffset.MaxValue)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, wait.Token);
                }

                await _clock.WaitUntilAsync(next, wait.Token);
            }
            catch (OperationCanceledException)
            {
                continue;
            }
            finally
            {
                lock (_gate)
                {
                    _wait = null;
                }

                wait.Dispose();
            }

            lock (_gate)
            {
                if (!_advancing)
                {
                    foreach (var timer in Enabled.Where(timer => !timer.IsRunning && timer.Next <= next))
                    {
                        Fire(timer, isPastDue: false);
                    }
                }
            }
        }
    }

    private Task Fire(FunctionTimer timer, bool isPastDue)
    {
        lock (_gate)
        {
            timer.IsRunning = true;
            var task = Task.Run(() => FireAsync(timer, isPastDue));
            _underWay.Add(task);
            task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return task;
        }
    }

    private void Forget(Task task)
    {
        lock (_gate)
        {
            _underWay.Remove(task);
        }
    }

    private async Task FireAsync(FunctionTimer timer, bool isPastDue)
    {
        var at = _clock.GetUtcNow();
        try
        {
            await InvokeAsync(timer, isPastDue);
        }
        finally
        {
            await _runtime.StayDeadAsync();
            lock (_gate)
            {
                // A stop that was set a moment early must not come twice.
                timer.Ran(!isPastDue && timer.Next > at ? timer.Next : at);
                timer.IsRunning = false;
                _ = _wait?.CancelAsync();
            }
        }
    }

    // A failure is logged by the runner; it never stops the schedule.
    private async Task InvokeAsync(FunctionTimer timer, bool isPastDue)
    {
        var retries = new RetryPlan(timer.Function.Retry);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var input = new InvocationInput(timer.Info(isPastDue), InvocationInput.NoMetadata) { RetryCount = attempt, MaxRetryCount = retries.Most };
                await _runner.RunAsync(timer.Function, input, _runtime.Expired.Token);
                return;
            }
            catch (Exception) when (retries.Allows(attempt) && !_stop.IsCancellationRequested)
            {
                await Task.Delay(retries.DelayBefore(attempt), CancellationToken.None);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private sealed class Resumption(TimerTriggers triggers) : IDisposable
    {
        public void Dispose()
        {
            lock (triggers._gate)
            {
                triggers._advancing = false;
                _ = triggers._wait?.CancelAsync();
            }
        }
    }
}
