using System.Diagnostics;
using Xunit.Abstractions;

namespace Serverless940.Functions.Tests.Faults;

/// <summary>
/// Runs one step of the walk once to learn its calls, and then once for each call and side of it: there the host dies
/// without drain, a fresh one starts over the same data, and the work must be found finished, once.
/// </summary>
internal static class FaultMatrix
{
    private const int Rehearsals = 3;
    private const int MostFailures = 5;
    private const int MostTries = 3;

    public static async Task RunAsync(FaultStep step, ITestOutputHelper output)
    {
        await using var lane = await FaultLane.StartAsync(step.EscalationSchedule);
        var points = await RehearseAsync(lane, step);
        var prepared = new Queue<FaultCase>();
        var failures = new List<string>();
        var began = Stopwatch.GetTimestamp();
        foreach (var (point, always) in points)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    if (await RunOneAsync(lane, step, point, prepared, points.Count))
                    {
                        break;
                    }

                    if (attempt == MostTries)
                    {
                        Assert.False(always, "never reached");
                        output.WriteLine($"not every time: {point}");
                        break;
                    }
                }
                catch (Exception exception)
                {
                    failures.Add($"{point}: {exception}");
                    break;
                }
            }

            if (failures.Count == MostFailures)
            {
                break;
            }
        }

        output.WriteLine($"{points.Count} points in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s: {string.Join("; ", points.Select(point => point.Point))}");
        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
    }

    /// <summary>The points of a step, and whether every rehearsal passed them.</summary>
    private static async Task<IReadOnlyList<(CallPoint Point, bool Always)>> RehearseAsync(FaultLane lane, FaultStep step)
    {
        var seen = new Dictionary<CallPoint, int>();
        for (var rehearsal = 0; rehearsal < Rehearsals; rehearsal++)
        {
            var report = lane.NewCase();
            await step.PrepareAsync(lane, [report]);
            lane.Tap.Begin();
            await step.ActAsync(lane, report, again: false, CancellationToken.None);
            await lane.SettleAsync();
            foreach (var point in lane.Tap.End())
            {
                seen[point] = seen.GetValueOrDefault(point) + 1;
            }

            await step.VerifyAsync(lane, report);
            await step.CleanUpAsync(lane, report);
        }

        Assert.Contains(seen.Keys, point => point.Call.StartsWith("storage", StringComparison.Ordinal));
        Assert.Contains(seen.Keys, point => point.Call.StartsWith("bus", StringComparison.Ordinal));
        return [.. seen.OrderBy(point => point.Key.Call, StringComparer.Ordinal).ThenBy(point => point.Key.Occurrence).ThenBy(point => point.Key.After)
            .Select(point => (point.Key, point.Value == Rehearsals))];
    }

    private static async Task<bool> RunOneAsync(FaultLane lane, FaultStep step, CallPoint point, Queue<FaultCase> prepared, int count)
    {
        if (prepared.Count == 0)
        {
            var fresh = Enumerable.Range(0, step.IsBulk ? count : 1).Select(_ => lane.NewCase()).ToList();
            await step.PrepareAsync(lane, fresh);
            fresh.ForEach(prepared.Enqueue);
        }

        var report = prepared.Dequeue();
        var reached = await KillAtAsync(lane, step, report, point);
        await lane.SettleAsync();
        await lane.PassHoldAsync();
        await step.VerifyAsync(lane, report);
        await step.CleanUpAsync(lane, report);
        return reached;
    }

    private static async Task<bool> KillAtAsync(FaultLane lane, FaultStep step, FaultCase report, CallPoint point)
    {
        var life = lane.HostLife;
        lane.Tap.Begin(point);
        var act = step.ActAsync(lane, report, again: false, life);
        var quiet = QuietAsync(lane, act, life);
        await Task.WhenAny(lane.Tap.Reached, quiet);
        if (!lane.Tap.Reached.IsCompleted)
        {
            lane.Tap.End();
            await quiet;
            return false;
        }

        await lane.KillHostAsync();
        var answered = await AnsweredAsync(act);
        await AnsweredAsync(quiet);
        await lane.StartHostAsync();
        if (!answered)
        {
            // As any client would that heard nothing: the same again.
            await step.ActAsync(lane, report, again: true, CancellationToken.None);
        }

        return true;
    }

    private static async Task QuietAsync(FaultLane lane, Task act, CancellationToken cancellationToken)
    {
        await act;
        await lane.SettleAsync(cancellationToken);
    }

    private static async Task<bool> AnsweredAsync(Task call)
    {
        try
        {
            await call;
            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }
}

/// <summary>A kill at every call of the step in which a citizen reports with a photo. One class a step: they run side by side.</summary>
public sealed class SubmitFaultTests(ITestOutputHelper output)
{
    [Fact]
    public Task A_report_with_a_photo_survives_a_death_at_every_call() => FaultMatrix.RunAsync(new SubmitStep(), output);
}

public sealed class ChatFaultTests(ITestOutputHelper output)
{
    [Fact]
    public Task A_first_WhatsApp_text_survives_a_death_at_every_call() => FaultMatrix.RunAsync(new ChatTextStep(), output);
}

public sealed class ChatReportFaultTests(ITestOutputHelper output)
{
    [Fact]
    public Task A_pin_that_completes_a_WhatsApp_report_with_its_photo_survives_a_death_at_every_call() => FaultMatrix.RunAsync(new ChatPinStep(), output);
}

public sealed class EscalateFaultTests(ITestOutputHelper output)
{
    [Fact]
    public Task An_escalation_survives_a_death_at_every_call() => FaultMatrix.RunAsync(new EscalateStep(), output);
}

public sealed class StartFaultTests(ITestOutputHelper output)
{
    [Fact]
    public Task A_start_survives_a_death_at_every_call() => FaultMatrix.RunAsync(new StartStep(), output);
}

public sealed class ProofFaultTests(ITestOutputHelper output)
{
    [Fact]
    public Task A_photo_of_the_repair_survives_a_death_at_every_call() => FaultMatrix.RunAsync(new ProofStep(), output);
}

public sealed class ResolveFaultTests(ITestOutputHelper output)
{
    [Fact]
    public Task A_resolution_survives_a_death_at_every_call() => FaultMatrix.RunAsync(new ResolveStep(), output);
}

public sealed class VerifyFaultTests(ITestOutputHelper output)
{
    [Fact]
    public Task A_closing_survives_a_death_at_every_call() => FaultMatrix.RunAsync(new VerifyStep(), output);
}

public sealed class RateFaultTests(ITestOutputHelper output)
{
    [Fact]
    public Task A_poor_rating_survives_a_death_at_every_call() => FaultMatrix.RunAsync(new RateStep(), output);
}
