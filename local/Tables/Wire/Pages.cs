#nullable enable
using Azure;

namespace Serverless940.Local.Tables;

/// <summary>Reads the page a continuation token leads to; each call is one request.</summary>
internal delegate ValueTask<Page<T>> PageReader<T>(string? continuation, int? pageSize, bool async);

internal sealed class AsyncPages<T>(PageReader<T> read, int? maxPerPage, CancellationToken cancellationToken) : AsyncPageable<T>(cancellationToken)
    where T : notnull
{
    public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = default, int? pageSizeHint = default)
    {
        do
        {
            var page = await read(continuationToken, pageSizeHint ?? maxPerPage, true).ConfigureAwait(false);
            yield return page;
            continuationToken = page.ContinuationToken;
        }
        while (continuationToken is not null);
    }
}

internal sealed class Pages<T>(PageReader<T> read, int? maxPerPage, CancellationToken cancellationToken) : Pageable<T>(cancellationToken)
    where T : notnull
{
    public override IEnumerable<Page<T>> AsPages(string? continuationToken = default, int? pageSizeHint = default)
    {
        do
        {
            var page = read(continuationToken, pageSizeHint ?? maxPerPage, false).Now();
            yield return page;
            continuationToken = page.ContinuationToken;
        }
        while (continuationToken is not null);
    }
}

/// <summary>No value, because the service had none.</summary>
internal sealed class NoValue<T>(Response response) : NullableResponse<T>
{
    public override bool HasValue => false;

    public override T Value => throw new InvalidOperationException(
        $"Status: {response.Status}, Service returned no value, so none can be read.");

    public override Response GetRawResponse() => response;
}

internal static class Synchronous
{
    /// <summary>The result of a call that was asked to run synchronously, and has.</summary>
    public static T Now<T>(this ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();
}
