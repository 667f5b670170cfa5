#nullable enable
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Serverless940.Local.Tables;

/// <summary>The Table REST API over one pipeline: each call is one request.</summary>
internal sealed class TableRest
{
    private static readonly ResponseClassifier NotFoundIsFine = new AcceptingClassifier(404);
    private static readonly ResponseClassifier ConflictIsFine = new AcceptingClassifier(409);

    private readonly HttpPipeline _pipeline;
    private readonly string _version;
    private readonly string _root;

    public TableRest(TableAddress address, HttpPipelinePolicy? authentication, TableClientOptions? options, TableSharedKeyCredential? key)
    {
        options ??= new TableClientOptions();
        Address = address;
        Key = key;
        Tracing = options.Diagnostics.IsDistributedTracingEnabled;
        _version = options.VersionString;
        _root = address.Endpoint.AbsoluteUri.TrimEnd('/');
        var pipeline = new HttpPipelineOptions(options) { RequestFailedDetailsParser = ErrorParser.Shared };
        if (authentication is not null)
        {
            pipeline.PerRetryPolicies.Add(authentication);
        }

        _pipeline = HttpPipelineBuilder.Build(pipeline);
    }

    public TableAddress Address { get; }

    public TableSharedKeyCredential? Key { get; }

    public bool Tracing { get; }

    public static string EntityPath(string table, string partitionKey, string rowKey) =>
        $"{table}(PartitionKey='{EscapeKey(partitionKey)}',RowKey='{EscapeKey(rowKey)}')";

    /// <summary>The absolute address of a sub-request.</summary>
    public string AbsoluteAddress(string path) => $"{_root}/{path}?$format=application%2Fjson%3Bodata%3Dminimalmetadata";

    public string Version => _version;

    public async ValueTask<Response> CreateTableAsync(string table, bool conflictIsFine, bool async, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(RequestMethod.Post, "Tables", minimal: true);
        message.Request.Headers.Add("Prefer", "return-no-content");
        message.Request.Headers.Add("Content-Type", "application/json;odata=nometadata");
        message.Request.Content = RequestContent.Create(
            JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(1) { ["TableName"] = table }));
        if (conflictIsFine)
        {
            message.ResponseClassifier = ConflictIsFine;
        }

        var response = await SendAsync(message, async, cancellationToken).ConfigureAwait(false);
        if (response.Status != 409)
        {
            return response;
        }

        var failure = new RequestFailedException(response);
        return failure.ErrorCode == TableErrorCode.TableBeingDeleted.ToString() ? throw failure : response;
    }

    public async ValueTask<Response> DeleteTableAsync(string table, bool async, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(RequestMethod.Delete, $"Tables('{Uri.EscapeDataString(table)}')", minimal: false);
        message.Request.Headers.Add("Accept", "application/json");
        message.ResponseClassifier = NotFoundIsFine;
        return await SendAsync(message, async, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<Response> QueryTablesAsync(
        string? filter, int? top, string? continuation, bool async, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(RequestMethod.Get, "Tables", minimal: true);
        AddQuery(message.Request.Uri, filter, top, select: null);
        if (continuation is not null)
        {
            message.Request.Uri.AppendQuery("NextTableName", continuation);
        }

        return await SendAsync(message, async, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<Response> InsertAsync(string table, ITableEntity entity, bool async, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(RequestMethod.Post, table, minimal: true);
        message.Request.Headers.Add("Prefer", "return-no-content");
        SetBody(message.Request, entity);
        return await SendAsync(message, async, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes an entity: by an update where <paramref name="ifMatch"/> is given, otherwise by an upsert.</summary>
    public async ValueTask<Response> WriteAsync(
        string table, ITableEntity entity, TableUpdateMode mode, ETag? ifMatch, bool async, CancellationToken cancellationToken)
    {
        var path = EntityPath(table, entity.PartitionKey, entity.RowKey);
        using var message = CreateMessage(Verb(mode), path, minimal: true);
        if (ifMatch is { } etag)
        {
            message.Request.Headers.Add("If-Match", etag.ToString());
        }

        SetBody(message.Request, entity);
        return await SendAsync(message, async, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<Response> DeleteAsync(
        string table, string partitionKey, string rowKey, ETag ifMatch, bool async, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(RequestMethod.Delete, EntityPath(table, partitionKey, rowKey), minimal: true);
        message.Request.Headers.Add("If-Match", AnyWhenDefault(ifMatch));
        message.ResponseClassifier = NotFoundIsFine;
        return await SendAsync(message, async, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<Response> GetAsync(
        string table, string partitionKey, string rowKey, string? select, bool notFoundIsFine, bool async, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(RequestMethod.Get, EntityPath(table, partitionKey, rowKey), minimal: true);
        if (select is not null)
        {
            message.Request.Uri.AppendQuery("$select", select);
        }

        if (notFoundIsFine)
        {
            message.ResponseClassifier = NotFoundIsFine;
        }

        return await SendAsync(message, async, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<Response> QueryAsync(
        string table, TableQuery query, int? top, string? continuation, bool async, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(RequestMethod.Get, table + "()", minimal: true);
        var uri = message.Request.Uri;
        AddQuery(uri, query.Filter, top, query.Select);
        if (continuation is { Length: > 1 })
        {
            var space = continuation.IndexOf(' ', StringComparison.Ordinal);
            uri.AppendQuery("NextPartitionKey", space < 0 ? continuation : continuation[..space]);
            if (space >= 0 && space < continuation.Length - 1)
            {
                uri.AppendQuery("NextRowKey", continuation[(space + 1)..]);
            }
        }

        return await SendAsync(message, async, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<Response> SubmitAsync(TransactionContent content, bool async, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(RequestMethod.Post, "$batch", minimal: false);
        message.Request.Headers.Add("Accept", "application/json");
        message.Request.Headers.Add("Content-Type", content.ContentType);
        message.Request.Content = RequestContent.Create(content.Body);
        var response = await SendAsync(message, async, cancellationToken).ConfigureAwait(false);
        return response.Status == 202 ? response : throw new RequestFailedException(response);
    }

    public static string AnyWhenDefault(ETag ifMatch) => ifMatch == default ? ETag.All.ToString() : ifMatch.ToString();

    public static RequestMethod Verb(TableUpdateMode mode) => mode switch
    {
        TableUpdateMode.Merge => RequestMethod.Patch,
        TableUpdateMode.Replace => RequestMethod.Put,
        _ => throw new ArgumentException($"Unexpected value for {nameof(mode)}: {mode}"),
    };

    private static string EscapeKey(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));

    private static void SetBody(Request request, ITableEntity entity)
    {
        request.Headers.Add("Content-Type", "application/json");
        request.Content = RequestContent.Create(EntityWriter.ToBytes(entity));
    }

    private static void AddQuery(RequestUriBuilder uri, string? filter, int? top, string? select)
    {
        if (top is { } count)
        {
            uri.AppendQuery("$top", count.ToString(CultureInfo.InvariantCulture));
        }

        if (select is not null)
        {
            uri.AppendQuery("$select", select);
        }

        if (filter is not null)
        {
            uri.AppendQuery("$filter", filter);
        }
    }

    private HttpMessage CreateMessage(RequestMethod method, string path, bool minimal)
    {
        var message = _pipeline.CreateMessage();
        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(Address.Endpoint);
        request.Uri.AppendPath(request.Uri.Path.EndsWith('/') ? path : "/" + path, escape: false);
        request.Headers.Add("x-ms-version", _version);
        request.Headers.Add("DataServiceVersion", "3.0");
        if (minimal)
        {
            request.Uri.AppendQuery("$format", WireNames.MinimalMetadata);
            request.Headers.Add("Accept", WireNames.MinimalMetadata);
        }

        return message;
    }

    [SuppressMessage("Performance", "CA1849", Justification = "One body serves both forms; the caller says which.")]
    private async ValueTask<Response> SendAsync(HttpMessage message, bool async, CancellationToken cancellationToken)
    {
        if (async)
        {
            await _pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _pipeline.Send(message, cancellationToken);
        }

        var response = message.Response;
        return response.IsError ? throw new RequestFailedException(response) : response;
    }

    private sealed class AcceptingClassifier(int status) : ResponseClassifier
    {
        public override bool IsErrorResponse(HttpMessage message) =>
            message.Response.Status != status && base.IsErrorResponse(message);
    }
}

/// <summary>What a query asks on every page.</summary>
internal sealed record TableQuery(string? Filter, string? Select);
