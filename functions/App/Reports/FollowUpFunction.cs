using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Reports;

/// <summary><c>POST …/follow-ups</c>: "I was ignored".</summary>
public sealed class FollowUpFunction(CitizenCommands commands)
{
    [Function("FollowUpReport")]
    [Access(Caller.ReportToken)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/reports/{number}/follow-ups")] HttpRequest request,
        string number,
        CancellationToken cancellationToken) => commands.FollowUpAsync(request, number, cancellationToken);
}
