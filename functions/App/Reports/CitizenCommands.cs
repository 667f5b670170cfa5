using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Core.Text;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Reports;

/// <summary>Body of a rating.</summary>
public sealed record RatingBody(int? Quality, int? Speed, int? Agent, Solved? Solved, string? Comment);

/// <summary>Body of a follow-up.</summary>
public sealed record FollowUpBody(string? Text, IReadOnlyList<string>? AttachmentIds);

/// <summary>Body of a word on a possible duplicate.</summary>
/// <param name="Same">Whether it is the same thing: then the own report is joined with that one.</param>
public sealed record DuplicateBody(string? FollowId, bool? Same);

/// <summary>JSON of what citizens send about their report.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RatingBody))]
[JsonSerializable(typeof(FollowUpBody))]
[JsonSerializable(typeof(DuplicateBody))]
internal sealed partial class CitizenJson : JsonSerializerContext;

/// <summary>
/// Commands of the token's holder: read, previewed by the same core that will decide, then put on the bus.
/// Operations: one query, one send.
/// </summary>
public sealed class CitizenCommands(ReportReader reader, IReportFinder reports, ReportAccess access, BusSender bus, Policy policy, TimeProvider time)
{
    private const int MaxBody = 32 * 1024;
    private const int LongestComment = 2000;

    /// <summary>Rates by a JSON body.</summary>
    public async Task<IResult> RateAsync(HttpRequest request, string number, CancellationToken cancellationToken)
    {
        if (reader.Source(request, number) is null)
        {
            return request.Problem("unauthorized");
        }

        var (body, unread) = await ReadAsync(request, CitizenJson.Default.RatingBody, cancellationToken);
        return unread ?? await RateAsync(request, number, body!, cancellationToken);
    }

    public async Task<IResult> RateAsync(HttpRequest request, string number, RatingBody body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        var (found, problem) = await reader.ReadAsync(request, number, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var errors = Check(body);
        if (errors.Count > 0)
        {
            return request.Problem("invalidRequest", errors);
        }

        if (found!.Report is not { } report)
        {
            return request.Problem("notAllowedInStatus");
        }

        var now = time.GetUtcNow();
        // One rating a closing: the same id for all tries, so a double tap counts once.
        var id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"rate-{report.Number}-{report.Closures}");
        var rate = new Rate
        {
            Number = report.Number, CommandId = id, At = now, Actor = Actor.Citizen,
            Quality = body.Quality!.Value, Speed = body.Speed!.Value, Agent = body.Agent, Solved = body.Solved!.Value, Comment = PlainText.Clean(body.Comment),
        };
        return await SendAsync(request, report, rate, new { status = "accepted" }, cancellationToken);
    }

    /// <summary>Follows up by a JSON body.</summary>
    public async Task<IResult> FollowUpAsync(HttpRequest request, string number, CancellationToken cancellationToken)
    {
        if (reader.Source(request, number) is null)
        {
            return request.Problem("unauthorized");
        }

        var (body, unread) = await ReadAsync(request, CitizenJson.Default.FollowUpBody, cancellationToken);
        return unread ?? await FollowUpAsync(request, number, body!, cancellationToken);
    }

    public async Task<IResult> FollowUpAsync(HttpRequest request, string number, FollowUpBody body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        var (found, problem) = await reader.ReadAsync(request, number, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (body.Text?.Length > policy.Intake.MaxTextLength)
        {
            return request.Problem("invalidRequest", [new FieldError("text", new LocalizedText("النص طويل", "The text is too long"))]);
        }

        if (found!.Report is not { } report)
        {
            return request.Problem("notAllowedInStatus");
        }

        if (body.AttachmentIds?.Any(id => report.Attachments.All(file => file.Id != id)) == true)
        {
            return request.Problem("unknownAttachment");
        }

        var now = time.GetUtcNow();
        var source = ReportNumber.SourceHash("follow-up", report.Number, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        var caseNumber = ReportNumber.Derive(source, policy.Calendars[policy.City.Calendar].ToLocal(now).Year);
        var followUp = new FollowUp
        {
            Number = report.Number, CommandId = "follow-" + caseNumber, At = now, Actor = Actor.Citizen,
            CaseNumber = caseNumber, Text = PlainText.Clean(body.Text), AttachmentIds = body.AttachmentIds ?? [],
        };
        return await SendAsync(request, report, followUp, new { caseNumber }, cancellationToken);
    }

    /// <summary>
    /// Says of a possible duplicate that it is the same, which joins the own report with it, or that it is another thing,
    /// which is kept. One query and one send; a joining reads the other as well.
    /// </summary>
    public async Task<IResult> DuplicateAsync(HttpRequest request, string number, CancellationToken cancellationToken)
    {
        if (reader.Source(request, number) is null)
        {
            return request.Problem("unauthorized");
        }

        var (body, unread) = await ReadAsync(request, CitizenJson.Default.DuplicateBody, cancellationToken);
        if (unread is not null)
        {
            return unread;
        }

        var now = time.GetUtcNow();
        var (other, over) = access.ReadFollowId(body!.FollowId, now);
        if (over || other is null || body.Same is null)
        {
            return over ? request.Problem("followOver") : request.Problem("invalidRequest", [
                new FieldError(other is null ? "followId" : "same", new LocalizedText("مطلوب", "Needed"))]);
        }

        var (found, problem) = await reader.ReadAsync(request, number, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        return found!.Report is not { } report ? request.Problem("notAllowedInStatus")
            : body.Same.Value ? await JoinAsync(request, report, other, now, cancellationToken)
            : await SendAsync(request, report, new Differ { Number = report.Number, CommandId = $"differ-{other}", At = now, Actor = Actor.Citizen, Other = other },
                new { status = "accepted" }, cancellationToken);
    }

    private async Task<IResult> JoinAsync(HttpRequest request, Report report, string other, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (report.IsOpen && ReportDecider.WhyNotMerge(report, await reports.FindAsync(other, cancellationToken)) is { } reason)
        {
            // What became of a stranger's report is not said.
            return request.Problem(reason is Refusal.MergeOfMain or Refusal.MergeIntoItself or Refusal.EnquiryNeedsAnswer ? RefusalCodes.Of(reason) : "followOver");
        }

        var id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"join-{other}-{report.Version}");
        return await SendAsync(request, report, new Merge(other) { Number = report.Number, CommandId = id, At = now, Actor = Actor.Citizen },
            new { status = "accepted" }, cancellationToken);
    }

    private async Task<IResult> SendAsync(HttpRequest request, Report report, ReportCommand command, object answer, CancellationToken cancellationToken)
    {
        if (ReportDecider.Decide(report, command, policy, command.At) is Decision.Refused refused)
        {
            return request.Problem(RefusalCodes.Of(refused.Reason));
        }

        await bus.SendAsync(new OutgoingMessage(Names.Queues.Commands, command.CommandId, report.Number, command), cancellationToken);
        return Results.Accepted("/api/reports/" + report.Number, answer);
    }

    private static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(
        HttpRequest request, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var bytes = await RequestBody.ReadAsync(request, MaxBody, cancellationToken);
        if (bytes is null)
        {
            return (null, request.Problem("tooLarge"));
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, type) is { } body ? (body, null) : (null, request.Problem("invalidJson"));
        }
        catch (JsonException exception)
        {
            return (null, request.Problem(BodyRefusal.Of(exception)));
        }
    }

    private static List<FieldError> Check(RatingBody body)
    {
        var errors = new List<FieldError>();
        Range(body.Quality, "quality", required: true);
        Range(body.Speed, "speed", required: true);
        Range(body.Agent, "agent", required: false);
        if (body.Solved is null)
        {
            errors.Add(new FieldError("solved", new LocalizedText("yes أو partly أو no", "yes, partly or no")));
        }

        if (body.Comment?.Length > LongestComment)
        {
            errors.Add(new FieldError("comment", new LocalizedText("التعليق طويل", "The comment is too long")));
        }

        return errors;

        void Range(int? value, string field, bool required)
        {
            if ((value is null && required) || value is < 1 or > 5)
            {
                errors.Add(new FieldError(field, new LocalizedText("رقم من 1 إلى 5", "A number from 1 to 5")));
            }
        }
    }
}
