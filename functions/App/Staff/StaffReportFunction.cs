using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Staff;

/// <summary><c>GET /api/staff/reports/{number}</c>: one report with everything staff in its scope may know. One query.</summary>
public sealed class StaffReportFunction(StaffAuthentication staff, IReportFinder reports)
{
    // Who talks with citizens sees how to reach them; the others see the report.
    private static readonly string[] SeesReporter = ["agent", "satisfaction", "admin"];

    [Function("StaffReport")]
    [Access(Caller.Staff)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/staff/reports/{number}")] HttpRequest request,
        string number,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (staff.Authenticate(request) is not { } principal)
        {
            return request.Problem("unauthorized");
        }

        var found = ReportNumber.IsValid(number) ? await reports.LoadHistoryAsync(number, cancellationToken) : null;
        if (found?.Report is not { } report)
        {
            return request.Problem("unknownReport");
        }

        if (!principal.Covers(report.Municipality, report.Department))
        {
            return request.Problem("notYours");
        }

        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Results.Ok(StaffReportView.Of(report, found.Events, SeesReporter.Any(principal.Roles.Contains)));
    }
}
