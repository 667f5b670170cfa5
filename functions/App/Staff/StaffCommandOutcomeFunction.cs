using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Staff;

/// <summary><c>GET /api/staff/reports/{number}/commands/{commandId}</c>: what became of one's own command. One point read.</summary>
public sealed class StaffCommandOutcomeFunction(StaffAuthentication staff, IReportFinder reports)
{
    [Function("StaffCommandOutcome")]
    [Access(Caller.Staff)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/staff/reports/{number}/commands/{commandId}")] HttpRequest request,
        string number,
        string commandId,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (staff.Authenticate(request) is not { } principal)
        {
            return request.Problem("unauthorized");
        }

        if (!ReportNumber.IsValid(number) || commandId is not { Length: > 0 and <= 128 } || commandId.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter != '-'))
        {
            return request.Problem("notFound");
        }

        var outcome = await reports.FindOutcomeAsync(number, commandId, cancellationToken);
        if (outcome is not null && outcome.By != principal.Id)
        {
            return request.Problem("notFound");
        }

        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return outcome is null
            ? Results.Ok(new { status = "pending" })
            : outcome.Outcome == Platform.Storage.InboxOutcome.Refused
                ? Results.Ok(new { status = "refused", reason = outcome.Code, at = outcome.At })
                : Results.Ok(new { status = "applied", at = outcome.At });
    }
}
