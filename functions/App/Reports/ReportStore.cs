using System.Text.Json;
using Azure.Data.Tables;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Reports;

/// <summary>Reports in their table: one partition each, the number its key.</summary>
public sealed class ReportStore(TableServiceClient tables, BusSender bus) : IReportFinder
{
    private readonly TableClient _table = tables.GetTableClient(Names.Tables.Reports);

    public PartitionStore Partition { get; } = new(tables, bus, Names.Tables.Reports);

    public static Report? ReadState(LoadedPartition loaded)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        return loaded.State is null ? null : ReadState(loaded.State);
    }

    /// <summary>A report's public face, for the projections.</summary>
    public static ReportSummary Summary(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new ReportSummary(
            report.Kind, report.Category, report.Status, report.Priority, report.Municipality, report.Department, report.Team, report.Channel,
            report.Place?.Lat, report.Place?.Lon, report.Clock?.Level ?? 0, report.ReceivedAt, report.PromisedBy, report.NextDue, report.People);
    }

    /// <summary>The rows of these events and of the state after them, guarded by the state's ETag.</summary>
    public static IReadOnlyList<TableTransactionAction> Rows(LoadedPartition loaded, Report after, IReadOnlyList<RecordedEvent> events)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(events);
        var state = new TableEntity(loaded.Key, Keys.State) { ["Version"] = after.Version, ["Status"] = after.Status.ToString() };
        LongText.Set(state, "Json", JsonSerializer.Serialize(after, ReportJson.Compact.Report));
        var rows = new List<TableTransactionAction>
        {
            loaded.State is null
                ? new TableTransactionAction(TableTransactionActionType.Add, state)
                : new TableTransactionAction(TableTransactionActionType.UpdateReplace, state, loaded.State.ETag),
        };
        foreach (var recorded in events)
        {
            var row = new TableEntity(loaded.Key, Keys.Event(recorded.Sequence));
            LongText.Set(row, "Json", JsonSerializer.Serialize(recorded, MessagesJson.Compact.RecordedEvent));
            rows.Add(new TableTransactionAction(TableTransactionActionType.Add, row));
        }

        return rows;
    }

    /// <summary>One point read.</summary>
    public async Task<Report?> FindAsync(string number, CancellationToken cancellationToken)
    {
        var row = await _table.GetEntityIfExistsAsync<TableEntity>(number, Keys.State, cancellationToken: cancellationToken);
        return row.HasValue ? ReadState(row.Value!) : null;
    }

    public Task<ReportWithHistory> LoadHistoryAsync(string number, CancellationToken cancellationToken) =>
        LoadHistoryAsync(number, null, cancellationToken);

    /// <summary>One range query within the partition: state, aliases and events, a page per thousand events.</summary>
    /// <param name="sourceHash">First 32 hex digits of the source hash the caller holds; finds where his report moved to.</param>
    public async Task<ReportWithHistory> LoadHistoryAsync(string number, string? sourceHash, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {number} and (RowKey eq {Keys.State} or (RowKey ge {Keys.EventPrefix} and RowKey lt {Keys.After(Keys.EventPrefix)}) or (RowKey ge {Keys.AliasPrefix} and RowKey lt {Keys.After(Keys.AliasPrefix)}))");
        Report? report = null;
        string? movedTo = null;
        var events = new List<RecordedEvent>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (row.RowKey == Keys.State)
            {
                report = ReadState(row);
            }
            else if (row.RowKey.StartsWith(Keys.EventPrefix, StringComparison.Ordinal))
            {
                events.Add(JsonSerializer.Deserialize(LongText.Get(row, "Json")!, MessagesJson.Compact.RecordedEvent)!);
            }
            else if (sourceHash is not null && row.RowKey == Keys.Alias(sourceHash))
            {
                movedTo = row.GetString("Number");
            }
        }

        if (report is not null && sourceHash is not null && !report.SourceHash.StartsWith(sourceHash, StringComparison.Ordinal))
        {
            return new ReportWithHistory(null, [], movedTo);
        }

        return new ReportWithHistory(report, events, movedTo);
    }

    /// <summary>One point read: what became of a command.</summary>
    public async Task<InboxOutcome?> FindOutcomeAsync(string number, string commandId, CancellationToken cancellationToken)
    {
        var row = await _table.GetEntityIfExistsAsync<TableEntity>(number, Keys.Inbox(commandId), cancellationToken: cancellationToken);
        return row.HasValue
            ? new InboxOutcome(row.Value!.GetString("Outcome"), row.Value.GetString("Code"), row.Value.GetString("By"), row.Value.GetDateTimeOffset("At") ?? default)
            : null;
    }

    private static Report ReadState(TableEntity row) => JsonSerializer.Deserialize(LongText.Get(row, "Json")!, ReportJson.Compact.Report)!;
}
