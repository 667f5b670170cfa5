using System.Text.Json;
using Azure.Data.Tables;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Voice;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Channels.Voice;

/// <summary>What is remembered of callers, and the calls that agents have to look at. Holds phones only inside of rows, never in keys.</summary>
public sealed class CallStore(TableServiceClient tables, Conversations conversations, Policy policy)
{
    private readonly TableClient _table = tables.GetTableClient(Names.Tables.Conversations);

    /// <summary>One point read.</summary>
    public async Task<CallerProfile?> FindCallerAsync(string phone, CancellationToken cancellationToken)
    {
        var row = await _table.GetEntityIfExistsAsync<TableEntity>(conversations.Key(Channel.Phone, phone), Keys.State, cancellationToken: cancellationToken);
        return row.HasValue && LongText.Get(row.Value!, "Json") is { } json ? JsonSerializer.Deserialize(json, VoiceJson.Compact.CallerProfile) : null;
    }

    /// <summary>One read, one write; of two calls of one phone at the same time the last word stands.</summary>
    public async Task RememberAsync(string phone, Func<CallerProfile, CallerProfile> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var before = await FindCallerAsync(phone, cancellationToken) ?? new CallerProfile();
        var after = change(before);
        if (after == before)
        {
            return;
        }

        var row = new TableEntity(conversations.Key(Channel.Phone, phone), Keys.State);
        LongText.Set(row, "Json", JsonSerializer.Serialize(after, VoiceJson.Compact.CallerProfile));
        await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>Keeps a call for the agents, once however often it comes. One write.</summary>
    public Task KeepAsync(string session, KeptCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var row = new TableEntity(Keys.KeptCalls(policy.Calendars[policy.City.Calendar].DayOf(call.At)), session);
        LongText.Set(row, "Json", JsonSerializer.Serialize(call, VoiceJson.Compact.KeptCall));
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>The calls of a day that nothing could be made of. One query.</summary>
    public async Task<IReadOnlyList<KeptCall>> KeptAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var partition = Keys.KeptCalls(day);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
        var calls = new List<KeptCall>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            calls.Add(JsonSerializer.Deserialize(LongText.Get(row, "Json")!, VoiceJson.Compact.KeptCall)!);
        }

        return [.. calls.OrderBy(call => call.At)];
    }
}
