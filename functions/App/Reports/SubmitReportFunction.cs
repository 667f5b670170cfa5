using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Media;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Reports;

/// <summary>
/// <c>POST /api/reports</c>. Without a file: one send. With files: an upload each, before the send, so that nothing is
/// acknowledged that is not kept. Beside the send at most two queries for similar reports nearby, which the answer does
/// not wait for.
/// </summary>
public sealed class SubmitReportFunction(ReportIntake intake, IMediaStore media, Suggestions suggestions, Policy policy, TimeProvider time)
{
    [Function("SubmitReport")]
    [Access(Caller.AnyoneLimited)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var key = request.Headers["Idempotency-Key"].ToString();
        if (key.Length > 0 && (key.Length is < 16 or > 128 || key.Any(letter => letter is < '!' or > '~')))
        {
            return request.Problem("invalidIdempotencyKey");
        }

        var multipart = IntakeReader.Multipart(request);
        var (wanted, _, problem) = multipart is null
            ? await IntakeReader.ReadJsonAsync(request, cancellationToken)
            : await IntakeReader.ReadReportPartAsync(multipart, cancellationToken);
        if (wanted is null)
        {
            return request.Problem(problem!);
        }

        if (wanted.Attachments?.Count > policy.Intake.MaxAttachments)
        {
            return request.Problem("tooManyAttachments");
        }

        var (checkedIntake, errors) = IntakeCheck.Check(wanted, multipart is not null || wanted.Attachments?.Count > 0, policy, Channel.Web);
        if (checkedIntake is null)
        {
            return request.Problem("invalidRequest", errors);
        }

        return await AcceptAsync(request, wanted, checkedIntake, multipart, key, cancellationToken);
    }

    private async Task<IResult> AcceptAsync(
        HttpRequest request, IntakeRequest wanted, CheckedIntake checkedIntake, MultipartReader? multipart, string key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // Never the name of an earlier upload: the same key with other files is another report.
        var owner = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var upload = new Upload(owner, [], []);
        if (await StoreAsync(upload, wanted.Attachments, multipart, cancellationToken) is var (code, detail))
        {
            return request.Problem(code, detail: detail);
        }

        var source = key.Length == 0
            ? ReportNumber.SourceHash(Route, owner)
            : ReportNumber.SourceHash(
                [Route, key, checkedIntake.Reporter.Phone ?? string.Empty, IntakeReader.CanonicalHash(wanted), .. upload.Hashes]);
        var files = upload.Files.Select((file, index) => file with { Id = FileId(source, index) }).ToList();
        var receipt = intake.ReceiptOf(source, now);
        var submitted = intake.SubmitAsync(receipt, source, checkedIntake, files, Actor.Citizen, null, now, cancellationToken);
        var similar = suggestions.FindAsync(receipt.Number, checkedIntake, cancellationToken);
        await submitted;
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Results.Accepted("/" + Route + "/" + receipt.Number, new AcceptedReport(receipt.Number, receipt.Token, receipt.TrackUrl.AbsoluteUri, await similar));
    }

    private async Task<(string Code, string? Detail)?> StoreAsync(
        Upload upload, IReadOnlyList<IntakeFile?>? inline, MultipartReader? multipart, CancellationToken cancellationToken)
    {
        foreach (var file in inline ?? [])
        {
            // A null among the files is a file without bytes.
            using var content = new MemoryStream(file?.Data ?? [], writable: false);
            if (await StoreOneAsync(upload, content, cancellationToken) is { } problem)
            {
                return problem;
            }
        }

        while (multipart is not null && await multipart.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (upload.Files.Count == policy.Intake.MaxAttachments)
            {
                return ("tooManyAttachments", null);
            }

            if (await StoreOneAsync(upload, section.Body, cancellationToken) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private async Task<(string Code, string? Detail)?> StoreOneAsync(Upload upload, Stream content, CancellationToken cancellationToken)
    {
        var stored = await media.StoreAsync(upload.Owner, FileId(upload.Owner, upload.Files.Count), AttachmentPurpose.Report, content, cancellationToken);
        if (stored.Attachment is null)
        {
            return (stored.Problem!, stored.Detail);
        }

        upload.Files.Add(stored.Attachment);
        upload.Hashes.Add(Convert.ToHexStringLower(stored.Sha256!.Value.Span));
        return null;
    }

    private static string FileId(string owner, int index) =>
        ReportNumber.SourceHash(owner, index.ToString(CultureInfo.InvariantCulture))[..24];

    private const string Route = "api/reports";

    /// <summary>The files of one request, as far as they are stored.</summary>
    private sealed record Upload(string Owner, List<Attachment> Files, List<string> Hashes);
}

/// <summary>The answer to a report that was taken in.</summary>
/// <param name="PossibleDuplicates">Open reports that look alike and lie near; never a stranger's number.</param>
public sealed record AcceptedReport(string Number, string Token, string TrackUrl, IReadOnlyList<PossibleDuplicate> PossibleDuplicates);

/// <param name="FollowId">Opaque; lets a citizen follow that report instead of filing again.</param>
public sealed record PossibleDuplicate(string FollowId, string Category, int DistanceMetres, DateTimeOffset ReceivedAt);
