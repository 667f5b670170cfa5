using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Media;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Photos;

/// <summary><c>POST /api/reports/{number}/attachments</c>: a photo or voice note for a report, by its token.</summary>
public sealed class UploadAttachmentFunction(IAttachmentUpload upload, ReportAccess access)
{
    [Function("UploadAttachment")]
    [Access(Caller.ReportToken)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/reports/{number}/attachments")] HttpRequest request,
        string number,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return access.Verify(request, number) is { } source
            ? await upload.TakeAsync(request, number, source, AttachmentPurpose.Report, Actor.Citizen, cancellationToken)
            : request.Problem("unauthorized");
    }
}
