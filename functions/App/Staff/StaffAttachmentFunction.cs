using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Media;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Staff;

/// <summary><c>POST /api/staff/reports/{number}/attachments</c>: proof of a repair, or with <c>?purpose=recording</c> a call's recording.</summary>
public sealed class StaffAttachmentFunction(StaffAuthentication staff, IReportFinder reports, IAttachmentUpload upload)
{
    [Function("StaffAttachment")]
    [Access(Caller.Staff)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/staff/reports/{number}/attachments")] HttpRequest request,
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

        var purpose = request.Query["purpose"] == "recording" ? AttachmentPurpose.Recording : AttachmentPurpose.Proof;
        return await upload.TakeAsync(request, number, null, purpose, new Actor(ActorKind.Staff, principal.Id), cancellationToken);
    }
}
