using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Serverless940.Core.Insights;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Insights;

/// <summary>
/// The counts in their table. A month has a partition for each of eight shards of the reports, and in it a row a day;
/// what is open has eight more, with a row for each day of receipt. Beside the rows stands, for each report, up to which
/// of its events it is counted there: written in the same transaction, so that nothing is counted twice or half.
/// </summary>
/// <remarks>
/// A day of one shard is one row, because a Hijri month is then a range of days as a Gregorian one is. A month with the
/// one before it touches three Gregorian months at most: 3 × 8 queries of at most 31 rows, and 8 for the backlog.
/// </remarks>
public sealed class KpiStore(TableServiceClient tables) : IDisposable
{
    /// <summary>So many reports at once can be counted without meeting; so many queries read a month.</summary>
    public const int Shards = 8;

    private const int MostTries = 6;
    private const int PropertyBytes = 60_000;

    private readonly TableClient _table = tables.GetTableClient(Names.Tables.Kpis);

    // Reports of one shard take turns within a process; between processes the row's ETag decides.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Shards * 2).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>
    /// Counts what a report's events change, from the first that is not counted yet. Two operations for each partition that
    /// they touch: usually the month's and the backlog's; never more than four, however long the history of the city is.
    /// </summary>
    /// <param name="subject">Whose events: the report's number, or a notification's name.</param>
    /// <param name="changes">The counts that each event changes, by its sequence from 1 on.</param>
    /// <param name="first">The first event that is news; only what the news touches is looked at.</param>
    public async Task CountAsync(string subject, IReadOnlyList<IReadOnlyList<KpiDelta>> changes, int first, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(changes);
        var shard = Keys.Shard(subject, Shards);
        var partitions = changes.SelectMany((deltas, index) => deltas.Select(delta => (Partition: PartitionOf(delta.Row, shard), Sequence: index + 1, Delta: delta)))
            .GroupBy(change => change.Partition, StringComparer.Ordinal)
            .Where(partition => partition.Any(change => change.Sequence >= first));
        foreach (var partition in partitions)
        {
            var turn = _turns[(partition.Key.StartsWith(Keys.BacklogPrefix, StringComparison.Ordinal) ? Shards : 0) + shard];
            await turn.WaitAsync(cancellationToken);
            try
            {
                await CountAsync(partition.Key, subject, [.. partition.Select(change => (change.Sequence, change.Delta))], first, cancellationToken);
            }
            finally
            {
                turn.Release();
            }
        }
    }

    /// <summary>The days of the periods and the whole backlog: one range query for each shard of each month, and one for each shard of the backlog.</summary>
    public async Task<KpiBook> ReadAsync(KpiPeriod from, KpiPeriod to, CancellationToken cancellationToken)
    {
        var (first, last) = (from.From < to.From ? from.From : to.From, from.To > to.To ? from.To : to.To);
        var queries = new List<Task<List<TableEntity>>>();
        for (var month = new DateOnly(first.Year, first.Month, 1); month <= last; month = month.AddMonths(1))
        {
            queries.AddRange(Enumerable.Range(0, Shards).Select(shard =>
                RowsAsync(Keys.KpiMonth(month, shard), Keys.KpiDay(first), Keys.KpiDay(last), cancellationToken)));
        }

        queries.AddRange(Enumerable.Range(0, Shards).Select(shard =>
            RowsAsync(Keys.KpiBacklog(shard), Keys.KpiDay(DateOnly.MinValue), Keys.KpiDay(DateOnly.MaxValue), cancellationToken)));
        var book = new KpiBook();
        foreach (var rows in await Task.WhenAll(queries))
        {
            foreach (var row in rows)
            {
                book.Add(RowOf(row), Counts(row));
            }
        }

        return book;
    }

    /// <summary>Writes a whole book at once, for what was counted elsewhere: a replay's rows.</summary>
    public async Task WriteAsync(KpiBook book, int shard, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(book);
        foreach (var partition in book.Rows.GroupBy(row => PartitionOf(row.Key, shard), StringComparer.Ordinal))
        {
            foreach (var rows in partition.Chunk(50))
            {
                await _table.SubmitTransactionAsync(
                    rows.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, Entity(partition.Key, row.Key, row.Value))), cancellationToken);
            }
        }
    }

    public void Dispose()
    {
        foreach (var turn in _turns)
        {
            turn.Dispose();
        }
    }

    private async Task CountAsync(string partition, string subject, IReadOnlyList<(int Sequence, KpiDelta Delta)> changes, int first, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (seen, rows) = await OpenAsync(partition, subject, Days(first), cancellationToken);
            var upTo = seen?.GetInt32("Sequence") ?? 0;
            if (upTo < first - 1 && changes.Any(change => change.Sequence > upTo && change.Sequence < first))
            {
                // Something before the news was missed: its days are needed as well.
                (seen, rows) = await OpenAsync(partition, subject, Days(1), cancellationToken);
                upTo = seen?.GetInt32("Sequence") ?? 0;
            }

            var fresh = changes.Where(change => change.Sequence > upTo).ToList();
            if (fresh.Count == 0)
            {
                return;
            }

            try
            {
                await _table.SubmitTransactionAsync(Actions(partition, subject, seen, rows, fresh), cancellationToken);
                return;
            }
            catch (RequestFailedException exception) when (exception.Status is 409 or 412 && attempt < MostTries)
            {
                // Another process counted meanwhile: its counts are read again, and ours added to them.
            }
        }

        List<string> Days(int from) =>
            [.. changes.Where(change => change.Sequence >= from).Select(change => Keys.KpiDay(change.Delta.Row.Day)).Distinct().Order(StringComparer.Ordinal)];
    }

    private static List<TableTransactionAction> Actions(
        string partition, string subject, TableEntity? seen, IReadOnlyDictionary<string, TableEntity> rows, List<(int Sequence, KpiDelta Delta)> fresh)
    {
        var mark = new TableEntity(partition, Keys.KpiSeen(subject)) { ["Sequence"] = fresh.Max(change => change.Sequence) };
        var actions = new List<TableTransactionAction>
        {
            seen is null ? new(TableTransactionActionType.Add, mark) : new(TableTransactionActionType.UpdateReplace, mark, seen.ETag),
        };
        foreach (var day in fresh.GroupBy(change => change.Delta.Row))
        {
            var known = rows.GetValueOrDefault(Keys.KpiDay(day.Key.Day));
            var counts = known is null ? new CellCounts() : Counts(known);
            foreach (var (_, delta) in day)
            {
                counts.Add(delta.Cell, delta.Key, delta.By);
            }

            var entity = Entity(partition, day.Key, counts);
            if (known is null)
            {
                if (!counts.IsEmpty)
                {
                    actions.Add(new(TableTransactionActionType.Add, entity));
                }
            }
            else
            {
                // A day of which nothing is open any more is not read any more.
                actions.Add(new(counts.IsEmpty ? TableTransactionActionType.Delete : TableTransactionActionType.UpdateReplace, entity, known.ETag));
            }
        }

        return actions;
    }

    /// <summary>One query: the report's mark and the days that its events touch.</summary>
    private async Task<(TableEntity? Seen, IReadOnlyDictionary<string, TableEntity> Rows)> OpenAsync(
        string partition, string subject, IReadOnlyList<string> days, CancellationToken cancellationToken)
    {
        // One change touches the day of receipt, today and at most the day of a closing; only what was missed touches more.
        var (first, second, last) = (days[0], days[days.Count / 2], days[^1]);
        var seenKey = Keys.KpiSeen(subject);
        var filter = days.Count <= 3
            ? TableClient.CreateQueryFilter($"PartitionKey eq {partition} and (RowKey eq {seenKey} or RowKey eq {first} or RowKey eq {second} or RowKey eq {last})")
            : TableClient.CreateQueryFilter($"PartitionKey eq {partition} and (RowKey eq {seenKey} or (RowKey ge {first} and RowKey le {last}))");
        TableEntity? seen = null;
        var rows = new Dictionary<string, TableEntity>(StringComparer.Ordinal);
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (row.RowKey == seenKey)
            {
                seen = row;
            }
            else
            {
                rows[row.RowKey] = row;
            }
        }

        return (seen, rows);
    }

    private async Task<List<TableEntity>> RowsAsync(string partition, string first, string last, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {first} and RowKey le {last}");
        var rows = new List<TableEntity>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    private static string PartitionOf(KpiRow row, int shard) =>
        row.Kind == KpiRowKind.Backlog ? Keys.KpiBacklog(shard) : Keys.KpiMonth(row.Day, shard);

    private static KpiRow RowOf(TableEntity row) => new(
        row.PartitionKey.StartsWith(Keys.BacklogPrefix, StringComparison.Ordinal) ? KpiRowKind.Backlog : KpiRowKind.Day,
        DateOnly.ParseExact(row.RowKey.AsSpan(Keys.KpiDayPrefix.Length), "yyyyMMdd", CultureInfo.InvariantCulture));

    private static TableEntity Entity(string partition, KpiRow row, CellCounts counts)
    {
        var entity = new TableEntity(partition, Keys.KpiDay(row.Day));
        var bytes = counts.ToBytes();
        if (bytes.Length > PropertyBytes * 14)
        {
            throw new PermanentFailureException("a day's counts of one shard are longer than a row holds");
        }

        for (var (at, piece) = (0, 0); at < bytes.Length; at += PropertyBytes, piece++)
        {
            entity[Piece(piece)] = bytes.AsSpan(at, Math.Min(PropertyBytes, bytes.Length - at)).ToArray();
        }

        return entity;
    }

    private static CellCounts Counts(TableEntity entity)
    {
        var bytes = entity.GetBinary(Piece(0));
        for (var piece = 1; entity.GetBinary(Piece(piece)) is { } more; piece++)
        {
            bytes = [.. bytes, .. more];
        }

        return CellCounts.FromBytes(bytes);
    }

    private static string Piece(int index) => "Counts" + index.ToString(CultureInfo.InvariantCulture);
}
