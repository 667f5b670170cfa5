using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Reports;

/// <summary><c>POST …/duplicate</c>: "it is the same as that one", or "mine is different".</summary>
public sealed class DuplicateFunction(CitizenCommands commands)
{
    [Function("ReportDuplicate")]
    [Access(Caller.ReportToken)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/reports/{number}/duplicate")] HttpRequest request,
        string number,
        CancellationToken cancellationToken) => commands.DuplicateAsync(request, number, cancellationToken);
}
