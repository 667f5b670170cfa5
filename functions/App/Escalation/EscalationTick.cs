using System.Diagnostics.Metrics;
using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Telemetry;

namespace Serverless940.Functions.Escalation;

/// <summary>
/// Every minute: what fell due since the watermark gets its command. Operations: one query for the watermarks, one a
/// shard (and one more a UTC day that was missed); when something was due, one send for each 256 KB of commands and one
/// transaction for the watermarks. What is open but not due costs nothing.
/// </summary>
public sealed partial class EscalationTick(DueIndex index, BusSender bus, TimeProvider time, ILogger<EscalationTick> logger)
{
    // A first start has no watermark; nothing older than this can be in the index yet.
    private static readonly TimeSpan FirstLook = TimeSpan.FromDays(1);

    private static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(30);

    private static readonly Histogram<double> Lag = AppTelemetry.Meter.CreateHistogram<double>(
        "escalation.lag.seconds", "s", "From the moment a report fell due to its command");

    // An alert waits for these: a timer that stands still measures no lag.
    private static readonly Counter<long> Ticks = AppTelemetry.Meter.CreateCounter<long>("escalation.ticks", description: "Ticks that ran to their end");

    [Function(nameof(EscalationTick))]
    public async Task RunAsync([TimerTrigger("%EscalationSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await TickAsync(time.GetUtcNow(), cancellationToken);
        Ticks.Add(1);
    }

    private async Task TickAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var watermarks = await index.WatermarksAsync(DueIndex.TickMarks, cancellationToken);
        var due = await Task.WhenAll(Enumerable.Range(0, DueIndex.Shards).Select(shard =>
            ReadAsync(shard, watermarks.TryGetValue(shard, out var known) ? known.At : now - FirstLook, now, cancellationToken)));
        var commands = due.SelectMany(entries => entries).Select(entry => Command(entry, now)).ToList();
        if (commands.Count > 0)
        {
            await bus.SendAsync(commands, cancellationToken);
            LogDue(commands.Count);
        }
        else if (watermarks.Count == DueIndex.Shards && watermarks.Values.All(known => now - known.At < LongestIdle))
        {
            // An empty stretch is cheap to read again; writing every minute that nothing happened is not.
            return;
        }

        try
        {
            await index.MoveAsync(DueIndex.TickMarks, watermarks, now, cancellationToken);
        }
        catch (TableTransactionFailedException exception) when (exception.Status is 409 or 412)
        {
            // Another tick was there; both sent the same commands under the same ids.
            LogOverlap();
        }
    }

    private async Task<List<DueEntry>> ReadAsync(int shard, DateTimeOffset after, DateTimeOffset upTo, CancellationToken cancellationToken)
    {
        var entries = new List<DueEntry>();
        await foreach (var entry in index.ReadAsync(shard, after, upTo, cancellationToken))
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static OutgoingMessage Command(DueEntry entry, DateTimeOffset now)
    {
        Lag.Record(Math.Max(0, (now - entry.DueAt).TotalSeconds));
        var id = string.Create(CultureInfo.InvariantCulture, $"tick-{entry.Number}-{entry.DueAt.UtcTicks}");
        return new OutgoingMessage(Names.Queues.Commands, id, entry.Number, new Tick
        {
            Number = entry.Number, CommandId = id, At = now, Actor = Actor.System, DueAt = entry.DueAt,
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} reports fell due")]
    private partial void LogDue(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Another tick moved the watermark")]
    private partial void LogOverlap();
}
