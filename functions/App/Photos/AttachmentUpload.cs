using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Media;
using Serverless940.Functions.Platform.Reports;

namespace Serverless940.Functions.Photos;

/// <summary>
/// Takes one file for a report: raw body or multipart. A report that is known to be full is told so before a byte is kept.
/// Operations: one point read, the upload, one send.
/// </summary>
public sealed class AttachmentUpload(IMediaStore media, IReportFinder reports, BusSender bus, Policy policy, TimeProvider time) : IAttachmentUpload
{
    public async Task<IResult> TakeAsync(
        HttpRequest request, string number, string? source, AttachmentPurpose purpose, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(actor);
        var content = await ContentAsync(request, cancellationToken);
        if (content is null)
        {
            return request.Problem("invalidRequest");
        }

        // With a key the same upload again is the same attachment; its bytes stand under a name of their own all the same.
        var key = request.Headers["Idempotency-Key"].ToString();
        var id = key.Length > 0
            ? Core.Reports.ReportNumber.SourceHash("attachment", number, actor.Id ?? string.Empty, key)[..24]
            : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        if (await IsFullAsync(number, source, purpose, id, cancellationToken))
        {
            return request.Problem("tooManyAttachments");
        }

        var owner = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var stored = await media.StoreAsync(owner, id, purpose, content, cancellationToken);
        if (stored.Attachment is null)
        {
            return request.Problem(stored.Problem!, detail: stored.Detail);
        }

        var command = new AddAttachment
        {
            Number = number, CommandId = "attach-" + id, At = time.GetUtcNow(), Actor = actor, Attachment = stored.Attachment, Source = source,
        };
        await bus.SendAsync(new OutgoingMessage(Names.Queues.Commands, command.CommandId, number, command), cancellationToken);
        return Results.Accepted($"/api/reports/{number}/attachments/{id}", new { attachmentId = id });
    }

    // A number that belongs to another source says nothing about this one's report; a file that is there already may come again.
    private async Task<bool> IsFullAsync(string number, string? source, AttachmentPurpose purpose, string id, CancellationToken cancellationToken) =>
        await reports.FindAsync(number, cancellationToken) is { } report
        && (source is null || report.SourceHash.StartsWith(source, StringComparison.Ordinal))
        && report.Attachments.All(file => file.Id != id)
        && report.Attachments.Count(file => file.Purpose == purpose) >= policy.Intake.MaxAttachments;

    private static async Task<Stream?> ContentAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return request.Body;
        }

        if (HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
        {
            return null;
        }

        var section = await new MultipartReader(boundary, request.Body).ReadNextSectionAsync(cancellationToken);
        return section?.Body;
    }
}
