using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Reports;

/// <summary><c>GET /api/reports/{number}</c>: one query, one more when the number belonged to another source.</summary>
public sealed class GetReportFunction(ReportReader reader, Policy policy, TimeProvider time)
{
    [Function("GetReport")]
    [Access(Caller.ReportToken)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/reports/{number}")] HttpRequest request,
        string number,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (found, problem) = await reader.ReadAsync(request, number, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        request.HttpContext.Response.Headers.CacheControl = "no-store";
        if (found!.Report is null)
        {
            request.HttpContext.Response.Headers.RetryAfter = "1";
            return Results.Ok(ReportView.JustAccepted(number));
        }

        return Results.Ok(ReportView.Of(found.Report, found.Events, policy, time.GetUtcNow(), ProblemResults.Language(request)));
    }
}
