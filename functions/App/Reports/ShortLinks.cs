using Azure.Data.Tables;
using Serverless940.Functions.Platform;

namespace Serverless940.Functions.Reports;

/// <summary>Short links by their code: eleven letters that lead to one report.</summary>
public sealed class ShortLinks(TableServiceClient tables)
{
    private const string Row = "link";
    private const string FollowerRow = "follower";

    private readonly TableClient _table = tables.GetTableClient(Names.Tables.Links);

    /// <summary>One write; the same code always leads to the same report.</summary>
    public Task AddAsync(string code, string number, string sourceHash, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(
            new TableEntity(code, Row) { ["Number"] = number, ["SourceHash"] = sourceHash }, TableUpdateMode.Replace, cancellationToken);

    /// <summary>One write; the same code always leads to the same follower.</summary>
    public Task AddFollowerAsync(string code, string number, string follower, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(
            new TableEntity(code, FollowerRow) { ["Number"] = number, ["Follower"] = follower }, TableUpdateMode.Replace, cancellationToken);

    /// <summary>One point read: the report that a follower's code stands for, and who he is in it.</summary>
    public async Task<(string Number, string Follower)?> FindFollowerAsync(string code, CancellationToken cancellationToken)
    {
        var row = await _table.GetEntityIfExistsAsync<TableEntity>(code, FollowerRow, cancellationToken: cancellationToken);
        return row.HasValue ? (row.Value!.GetString("Number"), row.Value.GetString("Follower")) : null;
    }

    /// <summary>One point read: the report's number and source hash.</summary>
    public async Task<(string Number, string SourceHash)?> FindAsync(string code, CancellationToken cancellationToken)
    {
        var row = await _table.GetEntityIfExistsAsync<TableEntity>(code, Row, cancellationToken: cancellationToken);
        return row.HasValue ? (row.Value!.GetString("Number"), row.Value.GetString("SourceHash")) : null;
    }
}
