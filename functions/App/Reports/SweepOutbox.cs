using Azure.Data.Tables;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Reports;

/// <summary>
/// Publishes what a process left behind when the bus no longer holds the message that would bring it up: an operator may
/// purge a queue. It reads hints older than five minutes, oldest first, never a table as a whole.
/// Operations: one query a table and shard; two for each hint found, and a send for each outbox left.
/// </summary>
public sealed partial class SweepOutbox(TableServiceClient tables, BusSender bus, TimeProvider time, ILogger<SweepOutbox> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TableClient _hints = tables.GetTableClient(Names.Tables.Hints);

    [Function(nameof(SweepOutbox))]
    public async Task RunAsync([TimerTrigger("%SweepSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var before = Keys.Instant(time.GetUtcNow() - Patience);
        await Task.WhenAll(
            from table in new[] { Names.Tables.Reports, Names.Tables.Conversations }
            from shard in Enumerable.Range(0, PartitionStore.HintShards)
            select SweepAsync(new PartitionStore(tables, bus, table), PartitionStore.HintPartition(table, shard), before, cancellationToken));
    }

    private async Task SweepAsync(PartitionStore store, string partition, string before, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey lt {before}");
        await foreach (var hint in _hints.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            await PublishAsync(store, hint, cancellationToken);
        }
    }

    private async Task PublishAsync(PartitionStore store, TableEntity hint, CancellationToken cancellationToken)
    {
        var loaded = await store.LoadAsync(hint.GetString("Key"), null, cancellationToken);
        if (loaded.Unpublished.Count > 0)
        {
            LogLeftBehind(loaded.Unpublished.Count);
            await store.PublishLeftoversAsync(loaded, cancellationToken);
        }

        await _hints.DeleteEntityAsync(hint.PartitionKey, hint.RowKey, cancellationToken: cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} outboxes were left behind and are published now")]
    private partial void LogLeftBehind(int count);
}
