using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Reports;

/// <summary><c>GET /api/reports/{number}</c>: one query, one more when the number belonged to another source.</summary>
public sealed class GetReportFunction(IReportViews views)
{
    [Function("GetReport")]
    [Access(Caller.ReportToken)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/reports/{number}")] HttpRequest request,
        string number,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (view, problem) = await views.ViewAsync(request, number, ProblemResults.Language(request), cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        if (view!.ReceivedAt is null)
        {
            headers.RetryAfter = "1";
        }

        return Results.Ok(view);
    }
}
