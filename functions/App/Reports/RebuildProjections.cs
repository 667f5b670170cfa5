using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless940.Functions.Platform.Projections;

namespace Serverless940.Functions.Reports;

/// <summary>
/// Makes the projections again from the reports as they stand: what a lost table or a mistake of ours left wrong. An
/// operator calls it by <c>POST /admin/functions/RebuildProjections</c> with the host key, after emptying a table that holds
/// rows it should not; it runs by itself once a month. It goes on from day to day for four minutes at most, keeps where it
/// is, and goes on from there when it is called again, until the log says that it is done.
/// Operations: a query a day and hundred reports, a write for each of those, and a read and the rows' writes a report.
/// </summary>
public sealed partial class RebuildProjections(
    ReportDirectory directory, ReportStore store, IEnumerable<IRebuildable> projections, TimeProvider time, ILogger<RebuildProjections> logger)
{
    // Shorter than a function may run.
    private static readonly TimeSpan AtATime = TimeSpan.FromMinutes(4);

    private const int Page = 100;
    private const int AtOnce = 8;
    private const int Days = 3 * 366;

    [Function(nameof(RebuildProjections))]
    public async Task RunAsync([TimerTrigger("%RebuildSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var at = await directory.CursorAsync(cancellationToken) ?? new WalkCursor(today, string.Empty);
        var done = 0;
        while (at.Day > today.AddDays(-Days))
        {
            var numbers = await directory.ReadAsync(at.Day, at.After, Page, cancellationToken);
            foreach (var some in numbers.Chunk(AtOnce))
            {
                await Task.WhenAll(some.Select(number => RebuildAsync(number, cancellationToken)));
            }

            done += numbers.Count;
            at = numbers.Count == Page ? at with { After = numbers[^1] } : new WalkCursor(at.Day.AddDays(-1), string.Empty);
            if (numbers.Count > 0)
            {
                await directory.KeepAsync(at, cancellationToken);
            }

            if (Stopwatch.GetElapsedTime(began) > AtATime)
            {
                await directory.KeepAsync(at, cancellationToken);
                LogGoesOn(done, at.Day);
                return;
            }
        }

        await directory.KeepAsync(null, cancellationToken);
        LogDone(done);
    }

    private async Task RebuildAsync(string number, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(number, cancellationToken) is { } report)
        {
            var summary = ReportStore.Summary(report);
            await Task.WhenAll(projections.Select(projection => projection.RebuildAsync(number, summary, cancellationToken)));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Projections: {Count} reports rebuilt, goes on at {Day} when called again")]
    private partial void LogGoesOn(int count, DateOnly day);

    [LoggerMessage(Level = LogLevel.Information, Message = "Projections: {Count} reports rebuilt, done")]
    private partial void LogDone(int count);
}
