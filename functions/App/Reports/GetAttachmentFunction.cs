using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Media;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Reports;

/// <summary>A report's file, as what its bytes are and as nothing else.</summary>
public sealed class GetAttachmentFunction(ReportStore store, ReportReader reader, ReportAccess access, StaffAuthentication staff, IMediaStore media)
{
    [Function("GetAttachment")]
    [Access(Caller.ReportTokenOrStaff)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/reports/{number}/attachments/{id}")] HttpRequest request,
        string number,
        string id,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var principal = staff.Authenticate(request);
        Report? report;
        if (principal is not null)
        {
            report = ReportNumber.IsValid(number) ? await store.FindAsync(number, cancellationToken) : null;
            if (report is not null && !principal.Covers(report.Municipality, report.Department))
            {
                return request.Problem("notYours");
            }
        }
        else if (access.Verify(request, number) is { } source)
        {
            report = (await reader.FollowAsync(number, source, cancellationToken)).Report;
        }
        else
        {
            return request.Problem("unauthorized");
        }

        var file = report?.Attachments.FirstOrDefault(candidate => candidate.Id == id);
        if (file is null || (principal is null && file.Purpose == AttachmentPurpose.Recording))
        {
            return request.Problem("notFound");
        }

        var headers = request.HttpContext.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.CacheControl = "private, max-age=3600, immutable";
        headers.ContentDisposition = "inline";
        return Results.Stream(await media.OpenAsync(file, cancellationToken), file.ContentType, enableRangeProcessing: true);
    }
}
