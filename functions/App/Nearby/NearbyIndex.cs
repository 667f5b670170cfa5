using Azure;
using Azure.Data.Tables;
using Serverless940.Core.Geo;
using Serverless940.Core.Messages;
using Serverless940.Core.Nearby;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Nearby;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Nearby;

/// <summary>
/// Which open reports lie where. The partition is a geohash cell of five characters; a row's key is the group of its
/// category, the finer cell, the time and the number, so that a read is one range however many lie in the cell. The group
/// and not the whole category, because kin are looked for together. A rebuildable hint: the report decides.
/// </summary>
public sealed class NearbyIndex(TableServiceClient tables, Policy policy, TimeProvider time) : INearbyReports
{
    // One page: in a storm the answer does not wait for the thousandth report of the same corner.
    private const int MostRows = 200;

    private readonly TableClient _table = tables.GetTableClient(Names.Tables.Nearby);

    public async Task<IReadOnlyList<Candidate>> FindAsync(
        GeoPoint place, string? category, IReadOnlyCollection<string> except, int mostReads, CancellationToken cancellationToken)
    {
        var rules = policy.Intake;
        var kind = category ?? rules.DefaultCategory;
        var reads = NearbyCells.Around(place, rules.DuplicateWithinMetres).Take(mostReads);
        var found = await Task.WhenAll(reads.Select(read => ReadAsync(read, Candidates.GroupOf(kind), cancellationToken)));
        return Candidates.Of(found.SelectMany(rows => rows), kind, place, except, rules, time.GetUtcNow());
    }

    /// <summary>One write; none for what is not looked for by place.</summary>
    public Task AddAsync(NearbyRow row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        return _table.UpsertEntityAsync(
            new TableEntity(row.Partition, row.Key)
            {
                ["Category"] = row.Report.Category,
                ["Lat"] = row.Report.Point.Lat,
                ["Lon"] = row.Report.Point.Lon,
                ["ReceivedAt"] = row.Report.ReceivedAt,
            },
            TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>One write.</summary>
    public Task RemoveAsync(NearbyRow row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        return _table.DeleteEntityAsync(row.Partition, row.Key, ETag.All, cancellationToken);
    }

    private async Task<IReadOnlyList<NearbyReport>> ReadAsync(NearbyRead read, string group, CancellationToken cancellationToken)
    {
        var from = Keys.NearbyPrefix(group, read.Prefix);
        var to = from + "}";
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {read.Partition} and RowKey ge {from} and RowKey lt {to}");
        await foreach (var page in _table.QueryAsync<TableEntity>(filter, MostRows, cancellationToken: cancellationToken).AsPages())
        {
            return [.. page.Values.Select(row => new NearbyReport(
                row.RowKey[(row.RowKey.LastIndexOf('|') + 1)..],
                row.GetString("Category"),
                new GeoPoint(row.GetDouble("Lat") ?? 0, row.GetDouble("Lon") ?? 0),
                row.GetDateTimeOffset("ReceivedAt") ?? default))];
        }

        return [];
    }
}

/// <summary>A report's row in the index.</summary>
public sealed record NearbyRow(NearbyReport Report)
{
    private readonly string _cell = Geohash.Encode(Report.Point, NearbyCells.Row);

    public string Partition => _cell[..NearbyCells.Partition];

    public string Key => Keys.Nearby(Candidates.GroupOf(Report.Category), _cell, Report.ReceivedAt, Report.Number);

    /// <summary>The row of a report as it stands; none when it is closed, an enquiry, or nobody knows where.</summary>
    public static NearbyRow? Of(string number, ReportSummary? summary) =>
        summary is { Lat: { } lat, Lon: { } lon, Kind: not ReportKind.Enquiry }
        && summary.Status is not (ReportStatus.Closed or ReportStatus.Rejected or ReportStatus.Merged)
            ? new NearbyRow(new NearbyReport(number, summary.Category, new GeoPoint(lat, lon), summary.ReceivedAt))
            : null;
}
