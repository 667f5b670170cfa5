using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Board;

/// <summary>
/// The board's rows: the open reports of a municipality in one partition, the finished ones by month in others. Each
/// partition carries a mark that changes with every row, so that a poll that finds nothing new is one point read. A
/// rebuildable projection; the report itself decides.
/// </summary>
public sealed class BoardIndex(TableServiceClient tables)
{
    /// <summary>Stands for the municipality of reports that nobody could place.</summary>
    public const string Nowhere = "-";

    private const string Mark = "!";
    private const string Where = "where";

    private readonly TableClient _table = tables.GetTableClient(Names.Tables.Board);

    public static string OpenPartition(string? municipality) => "open|" + (municipality ?? Nowhere);

    /// <param name="month">A month of UTC, as <c>yyyyMM</c>.</param>
    public static string FinishedPartition(string? municipality, string month) => $"finished|{municipality ?? Nowhere}|{month}";

    public static string Month(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyyMM", CultureInfo.InvariantCulture);

    /// <summary>
    /// Puts a row where it belongs now. Operations: one read of where it was, one transaction, one write of where it is;
    /// one delete more when it moved. An older version than the one shown changes nothing.
    /// </summary>
    public async Task PutAsync(BoardRow row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(WherePartition(row.Number), Where, cancellationToken: cancellationToken);
        var was = found.HasValue ? found.Value : null;
        if (was?.GetInt32("Version") >= row.Version)
        {
            return;
        }

        var (partition, key) = Place(row);
        await _table.SubmitTransactionAsync(
            [
                new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(partition, key)
                {
                    ["Json"] = JsonSerializer.Serialize(row, BoardJson.Default.BoardRow),
                }),
                Marked(partition),
            ],
            cancellationToken);
        if (was is not null && (was.GetString("Partition") != partition || was.GetString("Key") != key))
        {
            await RemoveAsync(was.GetString("Partition"), was.GetString("Key"), cancellationToken);
        }

        // Last: a process that dies before this does all of it again.
        await _table.UpsertEntityAsync(
            new TableEntity(WherePartition(row.Number), Where) { ["Partition"] = partition, ["Key"] = key, ["Version"] = row.Version },
            TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>The mark of a partition; empty when nothing was ever in it. One point read.</summary>
    public async Task<string> MarkAsync(string partition, CancellationToken cancellationToken)
    {
        var mark = await _table.GetEntityIfExistsAsync<TableEntity>(partition, Mark, cancellationToken: cancellationToken);
        return mark.HasValue ? mark.Value!.GetString("Value") : string.Empty;
    }

    /// <summary>Every row of a partition: one query, a page per thousand.</summary>
    public async Task<IReadOnlyList<BoardRow>> ReadAsync(string partition, CancellationToken cancellationToken)
    {
        var rows = new List<BoardRow>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {Mark}");
        await foreach (var entity in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            rows.Add(JsonSerializer.Deserialize(entity.GetString("Json"), BoardJson.Default.BoardRow)!);
        }

        return rows;
    }

    /// <summary>One report's row: two point reads.</summary>
    public async Task<BoardRow?> FindAsync(string number, CancellationToken cancellationToken)
    {
        var where = await _table.GetEntityIfExistsAsync<TableEntity>(WherePartition(number), Where, cancellationToken: cancellationToken);
        if (!where.HasValue)
        {
            return null;
        }

        var row = await _table.GetEntityIfExistsAsync<TableEntity>(
            where.Value!.GetString("Partition"), where.Value.GetString("Key"), cancellationToken: cancellationToken);
        return row.HasValue ? JsonSerializer.Deserialize(row.Value!.GetString("Json"), BoardJson.Default.BoardRow) : null;
    }

    private static (string Partition, string Key) Place(BoardRow row) => row.IsOpen
        ? (OpenPartition(row.Municipality), row.Number)
        : (FinishedPartition(row.Municipality, Month(row.ChangedAt)), row.Number);

    private static string WherePartition(string number) => "where|" + number;

    private static TableTransactionAction Marked(string partition) => new(
        TableTransactionActionType.UpsertReplace, new TableEntity(partition, Mark) { ["Value"] = Guid.NewGuid().ToString("N") });

    private async Task RemoveAsync(string partition, string key, CancellationToken cancellationToken)
    {
        try
        {
            await _table.SubmitTransactionAsync(
                [new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partition, key), ETag.All), Marked(partition)],
                cancellationToken);
        }
        catch (TableTransactionFailedException exception) when (exception.Status == 404)
        {
            // An earlier try of this very change took it away.
        }
    }
}
