using System.Globalization;
using Azure.Data.Tables;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Reporters;

/// <summary>A report that belongs to a phone: its reporter's, or a follower's.</summary>
/// <param name="Proven">Whether the phone had proven itself when it reported.</param>
public sealed record ReporterEntry(string Number, DateTimeOffset At, bool Proven, bool Follows);

/// <summary>
/// Which reports a phone has filed, newest first, under the phone's keyed hash. A rebuildable hint: how a report stands,
/// the report says.
/// </summary>
public sealed class ReporterIndex(TableServiceClient tables, PhoneHash hash)
{
    private const string Prefix = "report|";

    private readonly TableClient _table = tables.GetTableClient(Names.Tables.Reporters);

    /// <summary>One write; the same entry again changes nothing.</summary>
    public Task AddAsync(string phone, ReporterEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var newestFirst = (DateTimeOffset.MaxValue.UtcTicks - entry.At.UtcTicks).ToString("d19", CultureInfo.InvariantCulture);
        return _table.UpsertEntityAsync(
            new TableEntity(hash.Of(phone), $"{Prefix}{newestFirst}|{entry.Number}")
            {
                ["Number"] = entry.Number, ["At"] = entry.At, ["Proven"] = entry.Proven, ["Follows"] = entry.Follows,
            },
            TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>The newest of a phone's reports: one query.</summary>
    public async Task<IReadOnlyList<ReporterEntry>> ReadAsync(string phone, int top, CancellationToken cancellationToken)
    {
        var (partition, after) = (hash.Of(phone), Keys.After(Prefix));
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {Prefix} and RowKey lt {after}");
        var entries = new List<ReporterEntry>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, maxPerPage: top, cancellationToken: cancellationToken))
        {
            entries.Add(new ReporterEntry(
                row.GetString("Number"), row.GetDateTimeOffset("At")!.Value, row.GetBoolean("Proven") ?? false, row.GetBoolean("Follows") ?? false));
            if (entries.Count == top)
            {
                break;
            }
        }

        return entries;
    }
}
