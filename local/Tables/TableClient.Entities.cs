using System.Linq.Expressions;
using Serverless940.Local.Tables;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <exception cref="RequestFailedException">The entity exists (409), the table does not (404), or the service refused.</exception>
    public virtual Response AddEntity<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        Add(entity, false, cancellationToken).Now();

    /// <inheritdoc cref="AddEntity{T}"/>
    public virtual async Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        await Add(entity, true, cancellationToken).ConfigureAwait(false);

    /// <summary>Writes the entity whether it exists or not; its version is not heeded.</summary>
    public virtual Response UpsertEntity<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        Write(nameof(UpsertEntity), entity, mode, null, false, cancellationToken).Now();

    /// <inheritdoc cref="UpsertEntity{T}"/>
    public virtual async Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        await Write(nameof(UpsertEntity), entity, mode, null, true, cancellationToken).ConfigureAwait(false);

    /// <param name="ifMatch">The version the entity must still have; <see cref="ETag.All"/> for any.</param>
    /// <exception cref="ArgumentException"><paramref name="ifMatch"/> is the default.</exception>
    /// <exception cref="RequestFailedException">There is no such entity (404) or it has another version (412).</exception>
    public virtual Response UpdateEntity<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        Write(nameof(UpdateEntity), entity, mode, ifMatch, false, cancellationToken).Now();

    /// <inheritdoc cref="UpdateEntity{T}"/>
    public virtual async Task<Response> UpdateEntityAsync<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        await Write(nameof(UpdateEntity), entity, mode, ifMatch, true, cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes an entity; where there is none, the response's status is 404.</summary>
    /// <param name="ifMatch">The version the entity must still have; any by default.</param>
    /// <exception cref="RequestFailedException">The entity has another version (412), or the service refused.</exception>
    public virtual Response DeleteEntity(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        DeleteOne(partitionKey, rowKey, ifMatch, false, cancellationToken).Now();

    /// <inheritdoc cref="DeleteEntity(string, string, ETag, CancellationToken)"/>
    public virtual Response DeleteEntity(ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        Argument.NotNull(entity, nameof(entity));
        return DeleteOne(entity.PartitionKey, entity.RowKey, ifMatch, false, cancellationToken).Now();
    }

    /// <inheritdoc cref="DeleteEntity(string, string, ETag, CancellationToken)"/>
    public virtual async Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        await DeleteOne(partitionKey, rowKey, ifMatch, true, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc cref="DeleteEntity(string, string, ETag, CancellationToken)"/>
    public virtual async Task<Response> DeleteEntityAsync(
        ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        Argument.NotNull(entity, nameof(entity));
        return await DeleteOne(entity.PartitionKey, entity.RowKey, ifMatch, true, cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="RequestFailedException">There is no such entity (404), or the service refused.</exception>
    public virtual Response<T> GetEntity<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        (Response<T>)Get<T>(partitionKey, rowKey, select, false, false, cancellationToken).Now();

    /// <inheritdoc cref="GetEntity{T}"/>
    public virtual async Task<Response<T>> GetEntityAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        (Response<T>)await Get<T>(partitionKey, rowKey, select, false, true, cancellationToken).ConfigureAwait(false);

    /// <summary>The entity, or a response without a value.</summary>
    public virtual NullableResponse<T> GetEntityIfExists<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        Get<T>(partitionKey, rowKey, select, true, false, cancellationToken).Now();

    /// <inheritdoc cref="GetEntityIfExists{T}"/>
    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        await Get<T>(partitionKey, rowKey, select, true, true, cancellationToken).ConfigureAwait(false);

    /// <summary>The entities that pass the filter, page by page; a page may be short or empty and yet not the last.</summary>
    public virtual AsyncPageable<T> QueryAsync<T>(
        Expression<Func<T, bool>> filter, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        QueryAsync<T>(FilterExpression.ToOData(filter), maxPerPage, select, cancellationToken);

    /// <inheritdoc cref="QueryAsync{T}(Expression{Func{T, bool}}, int?, IEnumerable{string}, CancellationToken)"/>
    public virtual AsyncPageable<T> QueryAsync<T>(
        string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        new AsyncPages<T>(Reader<T>(filter, select, cancellationToken), maxPerPage, cancellationToken);

    /// <inheritdoc cref="QueryAsync{T}(Expression{Func{T, bool}}, int?, IEnumerable{string}, CancellationToken)"/>
    public virtual Pageable<T> Query<T>(
        Expression<Func<T, bool>> filter, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        Query<T>(FilterExpression.ToOData(filter), maxPerPage, select, cancellationToken);

    /// <inheritdoc cref="QueryAsync{T}(Expression{Func{T, bool}}, int?, IEnumerable{string}, CancellationToken)"/>
    public virtual Pageable<T> Query<T>(
        string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        new Pages<T>(Reader<T>(filter, select, cancellationToken), maxPerPage, cancellationToken);

    /// <summary>Does all of up to 100 actions in one partition, or none; the responses are in the order of the actions.</summary>
    /// <exception cref="InvalidOperationException">There is no action.</exception>
    /// <exception cref="TableTransactionFailedException">An action was refused; nothing was done.</exception>
    public virtual Response<IReadOnlyList<Response>> SubmitTransaction(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default) =>
        Submit(transactionActions, false, cancellationToken).Now();

    /// <inheritdoc cref="SubmitTransaction"/>
    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default) =>
        await Submit(transactionActions, true, cancellationToken).ConfigureAwait(false);

    private static void CheckEntity(ITableEntity entity)
    {
        Argument.NotNull(entity, nameof(entity));
        Argument.NotNull(entity.PartitionKey, nameof(entity.PartitionKey));
        Argument.NotNull(entity.RowKey, nameof(entity.RowKey));
    }

    private ValueTask<Response> Add(ITableEntity entity, bool async, CancellationToken cancellationToken)
    {
        CheckEntity(entity);
        return Run(nameof(AddEntity), () => _rest.InsertAsync(Name, entity, async, cancellationToken));
    }

    private ValueTask<Response> Write(
        string operation, ITableEntity entity, TableUpdateMode mode, ETag? ifMatch, bool async, CancellationToken cancellationToken)
    {
        CheckEntity(entity);
        if (ifMatch == default(ETag))
        {
            throw new ArgumentException("Value cannot be empty.", nameof(ifMatch));
        }

        return Run(operation, () => _rest.WriteAsync(Name, entity, mode, ifMatch, async, cancellationToken));
    }

    private ValueTask<Response> DeleteOne(string partitionKey, string rowKey, ETag ifMatch, bool async, CancellationToken cancellationToken)
    {
        Argument.NotNull(partitionKey, nameof(partitionKey));
        Argument.NotNull(rowKey, nameof(rowKey));
        return Run(nameof(DeleteEntity), () => _rest.DeleteAsync(Name, partitionKey, rowKey, ifMatch, async, cancellationToken));
    }

    private ValueTask<NullableResponse<T>> Get<T>(
        string partitionKey, string rowKey, IEnumerable<string> select, bool notFoundIsFine, bool async, CancellationToken cancellationToken)
        where T : class, ITableEntity
    {
        Argument.NotNull(partitionKey, nameof(partitionKey));
        Argument.NotNull(rowKey, nameof(rowKey));
        var columns = select is null ? null : string.Join(',', select);
        return Run<NullableResponse<T>>(notFoundIsFine ? nameof(GetEntityIfExists) : nameof(GetEntity), async () =>
        {
            var response = await _rest.GetAsync(Name, partitionKey, rowKey, columns, notFoundIsFine, async, cancellationToken).ConfigureAwait(false);
            return response.Status == 404
                ? new NoValue<T>(response)
                : Response.FromValue(EntityReader.ReadOne<T>(response.Content), response);
        });
    }

    private PageReader<T> Reader<T>(string filter, IEnumerable<string> select, CancellationToken cancellationToken)
        where T : class, ITableEntity
    {
        var query = new TableQuery(filter, select is null ? null : string.Join(',', select));
        return (continuation, pageSize, async) => Run(nameof(Query), async () =>
        {
            var response = await _rest.QueryAsync(Name, query, pageSize, continuation, async, cancellationToken).ConfigureAwait(false);
            return Page<T>.FromValues(EntityReader.ReadMany<T>(response.Content), Continuation(response), response);
        });
    }

    private static string Continuation(Response response)
    {
        response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partition);
        response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var row);
        return partition is null && row is null ? null : $"{partition} {row}";
    }

    private ValueTask<Response<IReadOnlyList<Response>>> Submit(
        IEnumerable<TableTransactionAction> actions, bool async, CancellationToken cancellationToken)
    {
        Argument.NotNull(actions, "transactionalBatch");
        return Run(nameof(SubmitTransaction), async () =>
        {
            var response = await _rest.SubmitAsync(TransactionContent.Of(_rest, Name, actions), async, cancellationToken).ConfigureAwait(false);
            var parts = TransactionAnswer.Parse(response);
            var failed = parts.Find(part => part.Status >= 400);
            return failed is null
                ? Response.FromValue((IReadOnlyList<Response>)parts, response)
                : throw new TableTransactionFailedException(new RequestFailedException(failed, null, ErrorParser.Shared));
        });
    }
}
