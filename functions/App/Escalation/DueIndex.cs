using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Escalation;

/// <summary>A moment of a report: what the timer finds.</summary>
/// <param name="DueAt">The due time that the report itself holds.</param>
public sealed record DueEntry(string Number, DateTimeOffset DueAt);

/// <summary>
/// Which reports are due when, by UTC day and shard. A rebuildable hint: the report decides. Rows are only ever added; a
/// row whose moment was moved is found stale by the report and costs one ignored command.
/// </summary>
public sealed class DueIndex(TableServiceClient tables)
{
    public const int Shards = 4;

    /// <summary>
    /// A row never lands behind a watermark: one that is due already is placed this far ahead of the clock, longer than
    /// any write can be under way.
    /// </summary>
    public static TimeSpan Lead { get; } = TimeSpan.FromMinutes(2);

    /// <summary>Whose watermarks: the tick's.</summary>
    public const string TickMarks = "watermark";

    /// <summary>Whose watermarks: the second look's.</summary>
    public const string SecondLookMarks = "watermark-second";

    private readonly TableClient _table = tables.GetTableClient(Names.Tables.Due);

    /// <summary>One write.</summary>
    public Task AddAsync(DueEntry entry, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var at = entry.DueAt > now + Lead ? entry.DueAt : now + Lead;
        return _table.UpsertEntityAsync(
            new TableEntity(Partition(at, Keys.Shard(entry.Number, Shards)), $"{Keys.Instant(at)}|{entry.Number}") { ["DueAt"] = entry.DueAt },
            TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>Where each shard has got to: one query for all of them.</summary>
    public async Task<IReadOnlyDictionary<int, (DateTimeOffset At, ETag ETag)>> WatermarksAsync(string marks, CancellationToken cancellationToken)
    {
        var watermarks = new Dictionary<int, (DateTimeOffset, ETag)>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {marks}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            watermarks[int.Parse(row.RowKey, CultureInfo.InvariantCulture)] = (row.GetDateTimeOffset("At")!.Value, row.ETag);
        }

        return watermarks;
    }

    /// <summary>What fell due in a shard after one moment and up to another: one range query a UTC day, a page per thousand.</summary>
    public async IAsyncEnumerable<DueEntry> ReadAsync(
        int shard, DateTimeOffset after, DateTimeOffset upTo, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var day = after.UtcDateTime.Date; day <= upTo.UtcDateTime.Date; day = day.AddDays(1))
        {
            var partition = Partition(new DateTimeOffset(day, TimeSpan.Zero), shard);
            var (from, to) = (Keys.Instant(after) + "}", Keys.Instant(upTo) + "}");
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {from} and RowKey le {to}");
            await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            {
                yield return new DueEntry(row.RowKey[(row.RowKey.IndexOf('|', StringComparison.Ordinal) + 1)..], row.GetDateTimeOffset("DueAt")!.Value);
            }
        }
    }

    /// <summary>Moves all watermarks in one transaction; a tick that ran beside this one makes it fail, harmlessly.</summary>
    public Task MoveAsync(
        string marks, IReadOnlyDictionary<int, (DateTimeOffset At, ETag ETag)> from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(from);
        var actions = Enumerable.Range(0, Shards).Select(shard =>
        {
            var entity = new TableEntity(marks, shard.ToString(CultureInfo.InvariantCulture)) { ["At"] = to };
            return from.TryGetValue(shard, out var known)
                ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, entity, known.ETag)
                : new TableTransactionAction(TableTransactionActionType.Add, entity);
        });
        return _table.SubmitTransactionAsync(actions, cancellationToken);
    }

    private static string Partition(DateTimeOffset at, int shard) => string.Create(CultureInfo.InvariantCulture, $"{Keys.Day(at)}|{shard}");
}
