using Azure;
using Azure.Data.Tables;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;

namespace Serverless940.Functions.Channels;

/// <summary>How far an answer got; <see langword="null"/> state while it waits for another try.</summary>
public sealed record ReplyRow(DeliveryState? State, DateTimeOffset At, ETag ETag);

/// <summary>Rows of answers, in the partition of their conversation.</summary>
public sealed class ReplyStore(TableServiceClient tables)
{
    private const string Waiting = "Waiting";

    private readonly TableClient _table = tables.GetTableClient(Names.Tables.Conversations);

    /// <summary>Takes the right to send, once: one write. The row that stands there, and whether it is ours.</summary>
    public async Task<(ReplyRow? Row, bool Taken)> BeginAsync(SendReply reply, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var entity = Entity(reply.Address.Conversation, reply.Id, DeliveryState.Sending, now);
        entity["Template"] = reply.Template;
        try
        {
            var response = await _table.AddEntityAsync(entity, cancellationToken);
            return (new ReplyRow(DeliveryState.Sending, now, response.Headers.ETag ?? ETag.All), true);
        }
        catch (RequestFailedException exception) when (exception.Status == 409)
        {
            return (await FindAsync(reply.Address.Conversation, reply.Id, cancellationToken), false);
        }
    }

    /// <summary>One point read.</summary>
    public async Task<ReplyRow?> FindAsync(string conversation, string id, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(conversation, RowKey(id), cancellationToken: cancellationToken);
        return found.HasValue
            ? new ReplyRow(
                found.Value!.GetString("State") is { } state && state != Waiting ? Enum.Parse<DeliveryState>(state) : null,
                found.Value.GetDateTimeOffset("At") ?? default, found.Value.ETag)
            : null;
    }

    /// <summary>Writes how far it got; <see langword="null"/> when somebody else wrote first, whose word stands.</summary>
    public async Task<ReplyRow?> SetAsync(
        string conversation, string id, ETag etag, DeliveryState? state, string? detail, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var entity = Entity(conversation, id, state, now);
        entity["Detail"] = detail ?? string.Empty;
        try
        {
            var response = await _table.UpdateEntityAsync(entity, etag, TableUpdateMode.Merge, cancellationToken);
            return new ReplyRow(state, now, response.Headers.ETag ?? ETag.All);
        }
        catch (RequestFailedException exception) when (exception.Status == 412)
        {
            return null;
        }
    }

    private static TableEntity Entity(string conversation, string id, DeliveryState? state, DateTimeOffset now) =>
        new(conversation, RowKey(id)) { ["State"] = state?.ToString() ?? Waiting, ["At"] = now };

    private static string RowKey(string id) => Conversations.TagPrefix + id;
}
