using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Reports;

/// <summary><c>POST …/rating</c>: once a closing.</summary>
public sealed class RateReportFunction(CitizenCommands commands)
{
    [Function("RateReport")]
    [Access(Caller.ReportToken)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/reports/{number}/rating")] HttpRequest request,
        string number,
        CancellationToken cancellationToken) => commands.RateAsync(request, number, cancellationToken);
}
