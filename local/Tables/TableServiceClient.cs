using System.Linq.Expressions;
using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Models;
using Serverless940.Local.Tables;

namespace Azure.Data.Tables;

/// <summary>The table service of one account.</summary>
public class TableServiceClient
{
    private readonly TableRest _rest;

    public TableServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    /// <exception cref="InvalidOperationException">The connection string is invalid.</exception>
    public TableServiceClient(string connectionString, TableClientOptions options = null)
        : this(RestFactory.FromConnectionString(connectionString, options))
    {
    }

    /// <param name="endpoint">The service's address, with a shared access signature as its query.</param>
    public TableServiceClient(Uri endpoint, TableClientOptions options = null)
        : this(RestFactory.FromEndpoint(endpoint, options))
    {
    }

    public TableServiceClient(Uri endpoint, AzureSasCredential credential)
        : this(endpoint, credential, null)
    {
    }

    public TableServiceClient(Uri endpoint, AzureSasCredential credential, TableClientOptions options = null)
        : this(RestFactory.FromSas(endpoint, credential, options))
    {
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential)
        : this(endpoint, credential, null)
    {
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options)
        : this(RestFactory.FromKey(endpoint, credential, options))
    {
    }

    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null)
        : this(RestFactory.FromToken(endpoint, tokenCredential, options))
    {
    }

    /// <summary>For tests that override what they need.</summary>
    protected TableServiceClient()
    {
    }

    private TableServiceClient(TableRest rest) => _rest = rest;

    public virtual string AccountName => _rest.Address.Account;

    public virtual Uri Uri => _rest.Address.Endpoint;

    /// <inheritdoc cref="TableClient.CreateQueryFilter(FormattableString)"/>
    public static string CreateQueryFilter(FormattableString filter) => ODataFilter.Create(filter);

    /// <inheritdoc cref="TableClient.CreateQueryFilter{T}"/>
    public static string CreateQueryFilter(Expression<Func<TableItem, bool>> filter) => FilterExpression.ToOData(filter);

    /// <summary>A client of one table, over this client's connections and policies.</summary>
    public virtual TableClient GetTableClient(string tableName)
    {
        Argument.NotNullOrEmpty(tableName, nameof(tableName));
        return new TableClient(_rest, tableName);
    }

    /// <exception cref="RequestFailedException">The table exists (409), or the service refused.</exception>
    public virtual Response<TableItem> CreateTable(string tableName, CancellationToken cancellationToken = default) =>
        Create(nameof(CreateTable), tableName, false, false, cancellationToken).Now();

    /// <inheritdoc cref="CreateTable"/>
    public virtual async Task<Response<TableItem>> CreateTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        await Create(nameof(CreateTable), tableName, false, true, cancellationToken).ConfigureAwait(false);

    /// <summary>Creates a table; where it exists, the response's status is 409.</summary>
    public virtual Response<TableItem> CreateTableIfNotExists(string tableName, CancellationToken cancellationToken = default) =>
        Create(nameof(CreateTableIfNotExists), tableName, true, false, cancellationToken).Now();

    /// <inheritdoc cref="CreateTableIfNotExists"/>
    public virtual async Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default) =>
        await Create(nameof(CreateTableIfNotExists), tableName, true, true, cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes a table; where there is none, the response's status is 404.</summary>
    public virtual Response DeleteTable(string tableName, CancellationToken cancellationToken = default) =>
        Delete(tableName, false, cancellationToken).Now();

    /// <inheritdoc cref="DeleteTable"/>
    public virtual async Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        await Delete(tableName, true, cancellationToken).ConfigureAwait(false);

    public virtual AsyncPageable<TableItem> QueryAsync(string filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        new AsyncPages<TableItem>(Reader(filter, cancellationToken), maxPerPage, cancellationToken);

    public virtual AsyncPageable<TableItem> QueryAsync(FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        QueryAsync(ODataFilter.Create(filter), maxPerPage, cancellationToken);

    public virtual AsyncPageable<TableItem> QueryAsync(
        Expression<Func<TableItem, bool>> filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        QueryAsync(FilterExpression.ToOData(filter), maxPerPage, cancellationToken);

    public virtual Pageable<TableItem> Query(string filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        new Pages<TableItem>(Reader(filter, cancellationToken), maxPerPage, cancellationToken);

    public virtual Pageable<TableItem> Query(FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        Query(ODataFilter.Create(filter), maxPerPage, cancellationToken);

    public virtual Pageable<TableItem> Query(
        Expression<Func<TableItem, bool>> filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        Query(FilterExpression.ToOData(filter), maxPerPage, cancellationToken);

    private async ValueTask<Response<TableItem>> Create(
        string operation, string tableName, bool conflictIsFine, bool async, CancellationToken cancellationToken)
    {
        Argument.NotNullOrEmpty(tableName, nameof(tableName));
        using var scope = ClientScope.OfService(operation, _rest.Tracing);
        try
        {
            var response = await _rest.CreateTableAsync(tableName, conflictIsFine, async, cancellationToken).ConfigureAwait(false);
            return Response.FromValue(new TableItem(tableName), response);
        }
        catch (Exception exception)
        {
            scope.Failed(exception);
            throw;
        }
    }

    private async ValueTask<Response> Delete(string tableName, bool async, CancellationToken cancellationToken)
    {
        Argument.NotNullOrEmpty(tableName, nameof(tableName));
        using var scope = ClientScope.OfService(nameof(DeleteTable), _rest.Tracing);
        try
        {
            return await _rest.DeleteTableAsync(tableName, async, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            scope.Failed(exception);
            throw;
        }
    }

    private PageReader<TableItem> Reader(string filter, CancellationToken cancellationToken) => async (continuation, pageSize, async) =>
    {
        using var scope = ClientScope.OfService(nameof(Query), _rest.Tracing);
        try
        {
            var response = await _rest.QueryTablesAsync(filter, pageSize, continuation, async, cancellationToken).ConfigureAwait(false);
            using var document = JsonDocument.Parse(response.Content.ToMemory());
            var items = document.RootElement.GetProperty("value").EnumerateArray()
                .Select(item => new TableItem(item.GetProperty("TableName").GetString()))
                .ToList();
            response.Headers.TryGetValue("x-ms-continuation-NextTableName", out var next);
            return Page<TableItem>.FromValues(items, next, response);
        }
        catch (Exception exception)
        {
            scope.Failed(exception);
            throw;
        }
    };
}
