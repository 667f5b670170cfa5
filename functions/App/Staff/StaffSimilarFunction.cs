using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Geo;
using Serverless940.Core.Nearby;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Nearby;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Staff;

/// <summary>
/// <c>GET /api/staff/reports/{number}/similar</c>: open reports that may be about the same thing, to merge with, but for
/// those of which the reporter said that his is different. One point read, one query; up to four at a border of cells.
/// </summary>
public sealed class StaffSimilarFunction(StaffAuthentication staff, IReportFinder reports, INearbyReports nearby)
{
    [Function("StaffSimilar")]
    [Access(Caller.Staff)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/staff/reports/{number}/similar")] HttpRequest request,
        string number,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (staff.Authenticate(request) is not { } principal)
        {
            return request.Problem("unauthorized");
        }

        if (!ReportNumber.IsValid(number) || await reports.FindAsync(number, cancellationToken) is not { } report)
        {
            return request.Problem("unknownReport");
        }

        if (!principal.Covers(report.Municipality, report.Department))
        {
            return request.Problem("notYours");
        }

        var found = report.Place is { Lat: { } lat, Lon: { } lon }
            ? await nearby.FindAsync(new GeoPoint(lat, lon), report.Category, [number, .. report.Different], NearbyCells.MostReads, cancellationToken)
            : [];
        return Results.Ok(found.Select(candidate => new
        {
            number = candidate.Report.Number,
            category = candidate.Report.Category,
            distanceMetres = (int)Math.Round(candidate.DistanceMetres),
            receivedAt = candidate.Report.ReceivedAt,
            likeness = Math.Round(candidate.Likeness, 2),
        }));
    }
}
