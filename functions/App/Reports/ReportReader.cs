using Microsoft.AspNetCore.Http;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Reports;

/// <summary>Finds the report that a citizen's token opens, also where it lives under another number than he was told.</summary>
public sealed class ReportReader(ReportStore store, ReportAccess access)
{
    private const int LongestSeries = 5;

    /// <summary>The report (none yet, right after it was accepted), or the problem to answer with.</summary>
    public async Task<(ReportWithHistory? Found, IResult? Problem)> ReadAsync(HttpRequest request, string number, CancellationToken cancellationToken)
    {
        var source = Source(request, number);
        return source is null ? (null, request.Problem("unauthorized")) : (await FollowAsync(number, source, cancellationToken), null);
    }

    /// <summary>Half of the source hash that the caller's token carries; <see langword="null"/> when it opens nothing here.</summary>
    public string? Source(HttpRequest request, string number) => access.Verify(request, number);

    /// <summary>The report of a source, starting at the number that it was first given.</summary>
    public async Task<ReportWithHistory> FollowAsync(string number, string source, CancellationToken cancellationToken)
    {
        var found = await store.LoadHistoryAsync(number, source, cancellationToken);
        for (var step = 0; step < LongestSeries && found is { Report: null, MovedTo: { } next }; step++)
        {
            found = await store.LoadHistoryAsync(next, source, cancellationToken);
        }

        return found;
    }
}
