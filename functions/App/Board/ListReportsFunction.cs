using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Board;

/// <summary>
/// <c>GET /api/staff/reports</c>: the board, within the caller's scope, what will be late first at the top. Operations:
/// a point read for each municipality; a query for each when something changed since the caller's ETag.
/// </summary>
public sealed class ListReportsFunction(StaffAuthentication staff, BoardIndex index, Policy policy, TimeProvider time)
{
    [Function("ListReports")]
    [Access(Caller.Staff)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/staff/reports")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (staff.Authenticate(request) is not { } principal)
        {
            return request.Problem("unauthorized");
        }

        var now = time.GetUtcNow();
        var (query, errors) = BoardQuery.Read(request.Query, principal, policy, now);
        if (query is null)
        {
            return request.Problem("invalidRequest", errors);
        }

        var partitions = query.Partitions;
        var marks = await Task.WhenAll(partitions.Select(partition => index.MarkAsync(partition, cancellationToken)));
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "private, no-cache";
        headers.Vary = "Cookie";
        headers.ETag = ETag(request, principal, marks, now);
        if (request.Headers.IfNoneMatch.Any(tag => tag == headers.ETag))
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        var rows = await Task.WhenAll(partitions.Select((partition, i) =>
            marks[i].Length == 0 ? Task.FromResult<IReadOnlyList<BoardRow>>([]) : index.ReadAsync(partition, cancellationToken)));
        var found = rows.SelectMany(part => part).Where(row => query.Takes(row, now)).OrderBy(BoardQuery.SortKey).ToList();
        var page = (query.After is { } after ? found.Where(row => BoardQuery.SortKey(row).CompareTo(after) > 0) : found).Take(query.Top + 1).ToList();
        var shown = page.Take(query.Top).ToList();
        return Results.Ok(new BoardPage(
            shown, found.Count, found.Count(row => row.IsOpen && row.DueAt < now), page.Count > query.Top ? BoardQuery.Next(shown[^1]) : null, now));
    }

    // The minute belongs to it: what is overdue changes without any report changing.
    private static string ETag(HttpRequest request, StaffPrincipal principal, IReadOnlyList<string> marks, DateTimeOffset now)
    {
        var text = string.Join('|', [request.QueryString.Value ?? string.Empty, principal.Id, .. marks, (now.UtcTicks / TimeSpan.TicksPerMinute).ToString("x", null)]);
        return $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12))}\"";
    }
}

/// <param name="Total">Rows that fit the filters, over all pages.</param>
/// <param name="Overdue">How many of them are late.</param>
/// <param name="Next">For the next page; absent on the last.</param>
public sealed record BoardPage(IReadOnlyList<BoardRow> Items, int Total, int Overdue, string? Next, DateTimeOffset Now);
