#nullable enable
using System.Buffers;
using System.Globalization;
using System.Text;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Serverless940.Local.Tables;

/// <summary>A transaction as one multipart body: a batch that holds one change set that holds the actions.</summary>
internal sealed class TransactionContent
{
    private TransactionContent(string boundary, ReadOnlyMemory<byte> body)
    {
        ContentType = "multipart/mixed; boundary=" + boundary;
        Body = body;
    }

    public string ContentType { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <exception cref="InvalidOperationException">There is no action.</exception>
    public static TransactionContent Of(TableRest rest, string table, IEnumerable<TableTransactionAction> actions)
    {
        var batch = "batch_" + Guid.NewGuid();
        var changes = "changeset_" + Guid.NewGuid();
        var body = new ArrayBufferWriter<byte>(16 * 1024);
        Append(body, $"--{batch}\r\nContent-Type: multipart/mixed; boundary={changes}\r\n\r\n");
        string? partition = null;
        var count = 0;
        foreach (var action in actions)
        {
            partition ??= action.Entity.PartitionKey;
            if (action.Entity.PartitionKey != partition)
            {
                throw OtherPartition(count);
            }

            count++;
            Append(body, $"--{changes}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            AppendAction(body, rest, table, action);
        }

        if (count == 0)
        {
            throw new InvalidOperationException("Batch contains no operations to submit. Include one or more operations in the batch and try again.");
        }

        Append(body, $"--{changes}--\r\n--{batch}--\r\n");
        return new TransactionContent(batch, body.WrittenMemory);
    }

    // The service refuses this, the emulator does not: so it is refused here, in the service's words.
    private static TableTransactionFailedException OtherPartition(int index)
    {
        var refusal = new RequestFailedException(
            400,
            $"{index}:All commands in a batch must operate on same entity group.",
            TableErrorCode.CommandsInBatchActOnDifferentPartitions.ToString(),
            null);
        refusal.Data[ErrorParser.FailedEntity] = index.ToString(CultureInfo.InvariantCulture);
        return new TableTransactionFailedException(refusal);
    }

    private static void AppendAction(ArrayBufferWriter<byte> body, TableRest rest, string table, TableTransactionAction action)
    {
        var entity = action.Entity;
        Argument.NotNull(entity.RowKey, nameof(entity.RowKey));
        switch (action.ActionType)
        {
            case TableTransactionActionType.Add:
                AppendRequest(body, rest, "POST", table, entity, "Prefer: return-no-content\r\n");
                break;
            case TableTransactionActionType.Delete:
                AppendRequest(body, rest, "DELETE", EntityPath(table, entity), null, $"If-Match: {TableRest.AnyWhenDefault(action.ETag)}\r\n");
                break;
            case TableTransactionActionType.UpdateMerge:
                AppendRequest(body, rest, "PATCH", EntityPath(table, entity), entity, IfMatch(action.ETag));
                break;
            case TableTransactionActionType.UpdateReplace:
                AppendRequest(body, rest, "PUT", EntityPath(table, entity), entity, IfMatch(action.ETag));
                break;
            case TableTransactionActionType.UpsertMerge:
                AppendRequest(body, rest, "PATCH", EntityPath(table, entity), entity, "");
                break;
            case TableTransactionActionType.UpsertReplace:
                AppendRequest(body, rest, "PUT", EntityPath(table, entity), entity, "");
                break;
            default:
                throw new InvalidOperationException("Unknown request type.");
        }
    }

    private static string EntityPath(string table, ITableEntity entity) => TableRest.EntityPath(table, entity.PartitionKey, entity.RowKey);

    // Without a version an update is sent as an upsert: so does the official client.
    private static string IfMatch(ETag etag) => etag == default ? "" : $"If-Match: {etag}\r\n";

    private static void AppendRequest(
        ArrayBufferWriter<byte> body, TableRest rest, string method, string path, ITableEntity? entity, string header)
    {
        Append(body, $"{method} {rest.AbsoluteAddress(path)} HTTP/1.1\r\nHost: {rest.Address.Endpoint.Authority}\r\n");
        Append(body, $"x-ms-version: {rest.Version}\r\nDataServiceVersion: 3.0\r\n{header}Accept: {WireNames.MinimalMetadata}\r\n");
        if (entity is null)
        {
            Append(body, "\r\n");
            return;
        }

        var json = EntityWriter.ToBytes(entity);
        Append(body, $"Content-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n");
        body.Write(json);
        Append(body, "\r\n");
    }

    private static void Append(ArrayBufferWriter<byte> body, FormattableString text) => Append(body, FormattableString.Invariant(text));

    private static void Append(ArrayBufferWriter<byte> body, string text) => Encoding.UTF8.GetBytes(text, body);
}
