using System.Linq.Expressions;
using Azure.Core;
using Azure.Data.Tables.Models;
using Serverless940.Local.Tables;

namespace Azure.Data.Tables;

/// <summary>One table. Every call is one request; retries are the pipeline's.</summary>
public partial class TableClient
{
    private readonly TableRest _rest;

    public TableClient(string connectionString, string tableName)
        : this(connectionString, tableName, null)
    {
    }

    /// <exception cref="InvalidOperationException">The connection string is invalid.</exception>
    public TableClient(string connectionString, string tableName, TableClientOptions options = null)
        : this(RestFactory.FromConnectionString(connectionString, options), Argument.Given(tableName, nameof(tableName)))
    {
    }

    /// <param name="endpoint">The table's address, with a shared access signature as its query.</param>
    public TableClient(Uri endpoint, TableClientOptions options = null)
        : this(RestFactory.FromEndpoint(endpoint, options), null)
    {
    }

    /// <param name="endpoint">The table's address.</param>
    public TableClient(Uri endpoint, AzureSasCredential credential, TableClientOptions options = null)
        : this(RestFactory.FromSas(endpoint, credential, options), null)
    {
    }

    /// <param name="endpoint">The service's address.</param>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential)
        : this(endpoint, tableName, credential, null)
    {
    }

    /// <param name="endpoint">The service's address.</param>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential, TableClientOptions options = null)
        : this(RestFactory.FromKey(endpoint, credential, options), tableName)
    {
    }

    /// <param name="endpoint">The service's address.</param>
    public TableClient(Uri endpoint, string tableName, TokenCredential tokenCredential, TableClientOptions options = null)
        : this(RestFactory.FromToken(endpoint, tokenCredential, options), tableName)
    {
    }

    /// <summary>For tests that override what they need.</summary>
    protected TableClient()
    {
    }

    internal TableClient(TableRest rest, string tableName)
    {
        _rest = rest;
        Name = string.IsNullOrEmpty(tableName) ? rest.Address.Table : tableName;
        Argument.NotNullOrEmpty(Name, nameof(tableName));
        Uri = rest.Address.Of(Name);
    }

    public virtual string AccountName => _rest.Address.Account;

    public virtual string Name { get; }

    public virtual Uri Uri { get; }

    /// <summary>A filter from an interpolated text, its values quoted and escaped.</summary>
    /// <exception cref="ArgumentException">A value's type has no literal.</exception>
    public static string CreateQueryFilter(FormattableString filter) => ODataFilter.Create(filter);

    /// <summary>A filter from an expression over the entity.</summary>
    /// <exception cref="NotSupportedException">The service has no such filter.</exception>
    public static string CreateQueryFilter<T>(Expression<Func<T, bool>> filter) => FilterExpression.ToOData(filter);

    /// <exception cref="RequestFailedException">The table exists (409), or the service refused.</exception>
    public virtual Response<TableItem> Create(CancellationToken cancellationToken = default) =>
        CreateTable(nameof(Create), false, false, cancellationToken).Now();

    /// <inheritdoc cref="Create"/>
    public virtual async Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default) =>
        await CreateTable(nameof(Create), false, true, cancellationToken).ConfigureAwait(false);

    /// <summary>Creates the table; where it exists, the response's status is 409.</summary>
    public virtual Response<TableItem> CreateIfNotExists(CancellationToken cancellationToken = default) =>
        CreateTable(nameof(CreateIfNotExists), true, false, cancellationToken).Now();

    /// <inheritdoc cref="CreateIfNotExists"/>
    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) =>
        await CreateTable(nameof(CreateIfNotExists), true, true, cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes the table; where there is none, the response's status is 404.</summary>
    public virtual Response Delete(CancellationToken cancellationToken = default) =>
        Run(nameof(Delete), () => _rest.DeleteTableAsync(Name, false, cancellationToken)).Now();

    /// <inheritdoc cref="Delete"/>
    public virtual async Task<Response> DeleteAsync(CancellationToken cancellationToken = default) =>
        await Run(nameof(Delete), () => _rest.DeleteTableAsync(Name, true, cancellationToken)).ConfigureAwait(false);

    private ValueTask<Response<TableItem>> CreateTable(string operation, bool conflictIsFine, bool async, CancellationToken cancellationToken) =>
        Run(operation, async () =>
        {
            var response = await _rest.CreateTableAsync(Name, conflictIsFine, async, cancellationToken).ConfigureAwait(false);
            return Response.FromValue(new TableItem(Name), response);
        });

    private async ValueTask<T> Run<T>(string operation, Func<ValueTask<T>> call)
    {
        using var scope = ClientScope.OfTable(operation, _rest.Tracing);
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            scope.Failed(exception);
            throw;
        }
    }
}
