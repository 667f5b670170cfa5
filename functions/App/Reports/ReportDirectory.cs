using Azure;
using Azure.Data.Tables;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Projections;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Reports;

/// <summary>How far a walk has come: it goes from the newest day back.</summary>
/// <param name="After">The last number done of that day; empty before the first.</param>
public sealed record WalkCursor(DateOnly Day, string After);

/// <summary>
/// Which reports there are, by the UTC day on which they came in: reports live in a partition each, and nothing else lists
/// them. It is written behind the commit, with the other projections, so that taking a report in costs no more; a change
/// is delivered until it was written.
/// </summary>
public sealed class ReportDirectory(TableServiceClient tables) : IReportProjection
{
    private const string CursorPartition = "cursor";
    private const string CursorRow = "rebuild";

    private readonly TableClient _table = tables.GetTableClient(Names.Tables.Directory);

    /// <summary>One write, once a report.</summary>
    public Task ApplyAsync(ReportChanged changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        return changed.Events.Any(recorded => recorded.Body is Received)
            ? _table.UpsertEntityAsync(new TableEntity(Keys.Day(changed.Summary.ReceivedAt), changed.Number), TableUpdateMode.Replace, cancellationToken)
            : Task.CompletedTask;
    }

    /// <summary>The next numbers of a day, in order. One query.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(DateOnly day, string after, int most, CancellationToken cancellationToken)
    {
        var partition = Keys.Day(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {after}");
        await foreach (var page in _table.QueryAsync<TableEntity>(filter, most, cancellationToken: cancellationToken).AsPages())
        {
            return [.. page.Values.Select(row => row.RowKey)];
        }

        return [];
    }

    /// <summary>Where the last walk stopped; <see langword="null"/> when it came to its end. One point read.</summary>
    public async Task<WalkCursor?> CursorAsync(CancellationToken cancellationToken)
    {
        var row = await _table.GetEntityIfExistsAsync<TableEntity>(CursorPartition, CursorRow, cancellationToken: cancellationToken);
        return row.HasValue
            ? new WalkCursor(DateOnly.ParseExact(row.Value!.GetString("Day"), "yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture), row.Value.GetString("After"))
            : null;
    }

    /// <summary>Keeps where a walk stands, or that it came to its end. One write.</summary>
    public Task KeepAsync(WalkCursor? cursor, CancellationToken cancellationToken) => cursor is null
        ? _table.DeleteEntityAsync(CursorPartition, CursorRow, ETag.All, cancellationToken)
        : _table.UpsertEntityAsync(
            new TableEntity(CursorPartition, CursorRow)
            {
                ["Day"] = cursor.Day.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture),
                ["After"] = cursor.After,
            },
            TableUpdateMode.Replace, cancellationToken);
}
