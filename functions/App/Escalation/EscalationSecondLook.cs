using System.Globalization;
using Azure.Data.Tables;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Reports;

namespace Serverless940.Functions.Escalation;

/// <summary>
/// Looks again at what fell due an hour ago and more: a report whose command was lost on the way, because an operator
/// purged a queue or dropped its dead letter, would never climb its ladder again. Whoever is still due gets a command anew.
/// Operations: one query for the watermarks, one a shard and UTC day, one point read for each report that had fallen due,
/// one send when something was lost, one transaction.
/// </summary>
public sealed partial class EscalationSecondLook(
    DueIndex index, IReportFinder reports, BusSender bus, TimeProvider time, ILogger<EscalationSecondLook> logger)
{
    /// <summary>Longer than a command takes in the line of a busy day, so that it is seldom sent twice.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromHours(1);

    private static readonly TimeSpan FirstLook = TimeSpan.FromDays(1);

    private const int AtOnce = 16;

    [Function(nameof(EscalationSecondLook))]
    public async Task RunAsync([TimerTrigger("%SecondLookSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var upTo = now - Patience;
        var watermarks = await index.WatermarksAsync(DueIndex.SecondLookMarks, cancellationToken);
        var fallen = new Dictionary<string, DueEntry>(StringComparer.Ordinal);
        for (var shard = 0; shard < DueIndex.Shards; shard++)
        {
            var after = watermarks.TryGetValue(shard, out var known) ? known.At : upTo - FirstLook;
            await foreach (var entry in index.ReadAsync(shard, after, upTo, cancellationToken))
            {
                fallen[entry.Number] = entry;
            }
        }

        var lost = new List<OutgoingMessage>();
        foreach (var chunk in fallen.Values.Chunk(AtOnce))
        {
            lost.AddRange((await Task.WhenAll(chunk.Select(entry => LostAsync(entry, now, cancellationToken)))).OfType<OutgoingMessage>());
        }

        if (lost.Count > 0)
        {
            LogLost(lost.Count);
            await bus.SendAsync(lost, cancellationToken);
        }

        try
        {
            await index.MoveAsync(DueIndex.SecondLookMarks, watermarks, upTo, cancellationToken);
        }
        catch (TableTransactionFailedException exception) when (exception.Status is 409 or 412)
        {
            // Another look was there; both sent the same commands under the same ids.
            LogOverlap();
        }
    }

    private async Task<OutgoingMessage?> LostAsync(DueEntry entry, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await reports.FindAsync(entry.Number, cancellationToken) is not { NextDue: { } due } || due > now - Patience)
        {
            return null;
        }

        // The hour makes the id a fresh one: duplicate detection still remembers the lost one's.
        var id = string.Create(CultureInfo.InvariantCulture, $"tick-{entry.Number}-{due.UtcTicks}-{now.UtcTicks / TimeSpan.TicksPerHour}");
        return new OutgoingMessage(Names.Queues.Commands, id, entry.Number, new Tick
        {
            Number = entry.Number, CommandId = id, At = now, Actor = Actor.System, DueAt = due,
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} reports fell due and had lost their command; each gets another")]
    private partial void LogLost(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Another second look moved the watermark")]
    private partial void LogOverlap();
}
