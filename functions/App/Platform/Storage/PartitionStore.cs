using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Bus;

namespace Serverless940.Functions.Platform.Storage;

/// <summary>What became of a message, as its inbox row says.</summary>
/// <param name="Outcome"><c>applied</c>, <c>ignored</c> or <c>refused</c>.</param>
/// <param name="Code">Machine code of a refusal, or the reason of an ignore.</param>
/// <param name="By">Id of the actor who sent it.</param>
public sealed record InboxOutcome(string Outcome, string? Code, string? By, DateTimeOffset At)
{
    public const string Applied = "applied";
    public const string Ignored = "ignored";
    public const string Refused = "refused";
}

/// <summary>A partition as loaded for one message: its state, whether the message was handled before, what is unpublished.</summary>
/// <param name="Done">The message's inbox row, when it was handled before.</param>
/// <param name="Unpublished">Outbox rows that a process left behind.</param>
public sealed record LoadedPartition(
    string Key, TableEntity? State, InboxOutcome? Done, IReadOnlyList<TableEntity> Unpublished, IReadOnlyList<TableEntity> Aliases);

/// <summary>
/// One consistency boundary per partition: state, history, inbox marker and outbox in one entity-group transaction; then
/// the outbox is published and removed. If the process dies in between, the message comes again, or the sweep finds
/// the hint that was written first. Both make the same publication, and the receiver's inbox makes a second harmless.
/// Operations per message: load 1 with hint 1 beside it, commit 1, publish 1 per queue, clean up 2 beside each other.
/// </summary>
public sealed class PartitionStore(TableServiceClient tables, BusSender bus, string table)
{
    /// <summary>Shards of the hint rows, so that a storm does not meet in one partition.</summary>
    public const int HintShards = 4;

    private readonly TableClient _table = tables.GetTableClient(table);
    private readonly TableClient _hints = tables.GetTableClient(Names.Tables.Hints);

    /// <summary>Loads a partition to handle a message, and leaves the hint by which the sweep finds what a crash leaves behind.</summary>
    public async Task<LoadedPartition> OpenAsync(string partition, string inboxId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hint = _hints.UpsertEntityAsync(HintOf(partition, inboxId, now), TableUpdateMode.Replace, cancellationToken);
        var loaded = LoadAsync(partition, inboxId, cancellationToken);
        await Task.WhenAll(hint, loaded);
        return await loaded;
    }

    /// <summary>One range query within the partition.</summary>
    public async Task<LoadedPartition> LoadAsync(string partition, string? inboxId, CancellationToken cancellationToken)
    {
        var inbox = inboxId is null ? Keys.Inbox(string.Empty) : Keys.Inbox(inboxId);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and (RowKey eq {Keys.State} or RowKey eq {inbox} or (RowKey ge {Keys.OutboxPrefix} and RowKey lt {Keys.After(Keys.OutboxPrefix)}) or (RowKey ge {Keys.AliasPrefix} and RowKey lt {Keys.After(Keys.AliasPrefix)}))");
        TableEntity? state = null;
        InboxOutcome? done = null;
        var unpublished = new List<TableEntity>();
        var aliases = new List<TableEntity>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (row.RowKey == Keys.State)
            {
                state = row;
            }
            else if (row.RowKey == inbox)
            {
                done = ReadInbox(row);
            }
            else if (row.RowKey.StartsWith(Keys.OutboxPrefix, StringComparison.Ordinal))
            {
                unpublished.Add(row);
            }
            else
            {
                aliases.Add(row);
            }
        }

        return new LoadedPartition(partition, state, done, unpublished, aliases);
    }

    /// <summary>
    /// Commits in one transaction, publishes, cleans up. A conflict (another writer, or the same message twice) is thrown
    /// as the storage reports it and is transient.
    /// </summary>
    /// <param name="rows">Rows to add or replace: state with its ETag, events, aliases.</param>
    public async Task CommitAsync(
        LoadedPartition loaded,
        IReadOnlyList<TableTransactionAction> rows,
        string inboxId,
        InboxOutcome outcome,
        IReadOnlyList<OutgoingMessage> outgoing,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(outgoing);
        var actions = new List<TableTransactionAction>(rows)
        {
            new(TableTransactionActionType.Add, new TableEntity(loaded.Key, Keys.Inbox(inboxId))
            {
                ["Outcome"] = outcome.Outcome, ["Code"] = outcome.Code, ["By"] = outcome.By, ["At"] = outcome.At,
            }),
        };
        TableEntity? outbox = null;
        if (outgoing.Count > 0)
        {
            outbox = new TableEntity(loaded.Key, Keys.OutboxPrefix + inboxId);
            LongText.Set(outbox, "Messages", JsonSerializer.Serialize(outgoing, OutboxJson.Compact.IReadOnlyListOutgoingMessage));
            actions.Add(new TableTransactionAction(TableTransactionActionType.Add, outbox));
        }

        await _table.SubmitTransactionAsync(actions, cancellationToken);
        await PublishAsync(loaded.Key, outgoing, outbox?.RowKey, cancellationToken);
        await ClearHintAsync(loaded.Key, inboxId, now, cancellationToken);
    }

    /// <summary>Publishes what is left behind in a loaded partition; nothing to do costs nothing.</summary>
    public async Task PublishLeftoversAsync(LoadedPartition loaded, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        foreach (var row in loaded.Unpublished)
        {
            var messages = JsonSerializer.Deserialize(LongText.Get(row, "Messages")!, OutboxJson.Compact.IReadOnlyListOutgoingMessage)!;
            await PublishAsync(loaded.Key, messages, row.RowKey, cancellationToken);
        }
    }

    /// <summary>Takes the hint away again; one that stays costs the sweep one read.</summary>
    public async Task ClearHintAsync(string partition, string inboxId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hint = HintOf(partition, inboxId, now);
        await _hints.DeleteEntityAsync(hint.PartitionKey, hint.RowKey, cancellationToken: cancellationToken);
    }

    internal static string HintPartition(string table, int shard) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{table}|{shard}");

    private async Task PublishAsync(string partition, IReadOnlyList<OutgoingMessage> messages, string? row, CancellationToken cancellationToken)
    {
        if (row is null)
        {
            return;
        }

        await bus.SendAsync(messages, cancellationToken);
        await _table.DeleteEntityAsync(partition, row, cancellationToken: cancellationToken);
    }

    // By the minute: a message that is tried again finds its own hint, and the sweep reads from the oldest on.
    private TableEntity HintOf(string partition, string inboxId, DateTimeOffset now)
    {
        var minute = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), now.Offset);
        return new TableEntity(
            HintPartition(table, Keys.Shard(partition, HintShards)), $"{Keys.Instant(minute)}|{partition}|{inboxId}")
        {
            ["Key"] = partition,
        };
    }

    private static InboxOutcome ReadInbox(TableEntity row) =>
        new(row.GetString("Outcome"), row.GetString("Code"), row.GetString("By"), row.GetDateTimeOffset("At") ?? default);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<OutgoingMessage>))]
internal sealed partial class OutboxJson : JsonSerializerContext
{
    public static OutboxJson Compact { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
