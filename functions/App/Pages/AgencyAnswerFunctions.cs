using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Core.Text;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Pages;

/// <summary>Body of an agency's answer.</summary>
/// <param name="Outcome"><c>done</c>, <c>willDo</c> or <c>notOurs</c>.</param>
/// <param name="By">A day (<c>2026-04-30</c>, until its end here) or an instant with its offset.</param>
public sealed record AgencyAnswerBody(string? Outcome, string? Note, string? By);

/// <summary>JSON of what agencies send.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AgencyAnswerBody))]
internal sealed partial class AgencyJson : JsonSerializerContext;

/// <summary>
/// <c>GET</c> and <c>POST /api/agencies/answers/{token}</c>: an agency reads what was referred to it and answers, by a page
/// or by JSON. The token of its e-mail is all that it takes, for one question and one answer.
/// Operations: one point read; an answer costs one send, a repeated one a second read.
/// </summary>
public sealed class AgencyAnswerFunctions(IReportFinder reports, ReportAccess access, BusSender bus, Policy policy, TimeProvider time)
{
    private const int MaxBody = 32 * 1024;
    private const int LongestNote = 2000;

    [Function("AgencyQuestion")]
    [Access(Caller.AnyoneLimited)]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/agencies/answers/{token}")] HttpRequest request, string token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (question, unknown) = Read(request, token);
        if (unknown is not null)
        {
            return unknown;
        }

        return await reports.FindAsync(question!.Number, cancellationToken) is not { } report ? Problem(request, "notFound")
            : ReportDecider.WhyNotAnswer(report, question.Agency, question.Referral) is { } reason ? Problem(request, RefusalCodes.Of(reason))
            : Html(request, AgencyPage.Question(report, token, policy, Calendar.ToLocal(time.GetUtcNow()), Language(request)), StatusCodes.Status200OK);
    }

    [Function("AgencyAnswer")]
    [Access(Caller.AnyoneLimited)]
    public async Task<IResult> AnswerAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/agencies/answers/{token}")] HttpRequest request, string token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (question, unknown) = Read(request, token);
        if (unknown is not null || !access.IsOwnOrigin(request))
        {
            return unknown ?? Problem(request, "unauthorized");
        }

        var (body, unread) = await BodyAsync(request, cancellationToken);
        if (unread is not null)
        {
            return unread;
        }

        var (command, errors) = Command(question!, body!);
        if (command is null)
        {
            return Problem(request, "invalidRequest", errors);
        }

        return await reports.FindAsync(command.Number, cancellationToken) is not { } report
            ? Problem(request, "notFound")
            : await SendAsync(request, report, command, cancellationToken);
    }

    private async Task<IResult> SendAsync(HttpRequest request, Report report, AnswerReferral command, CancellationToken cancellationToken)
    {
        if (ReportDecider.Decide(report, command, policy, command.At) is not Decision.Refused refused)
        {
            await bus.SendAsync(new OutgoingMessage(Names.Queues.Commands, command.CommandId, report.Number, command), cancellationToken);
        }
        else if (await reports.FindOutcomeAsync(report.Number, command.CommandId, cancellationToken) is not { Outcome: InboxOutcome.Applied })
        {
            return Problem(request, RefusalCodes.Of(refused.Reason));
        }

        // The same answer again, from a second tap or a system that retries, is answered as the first was.
        return request.HasFormContentType
            ? Html(request, AgencyPage.Word(Language(request), new LocalizedText("وصل ردكم، شكرًا لكم", "Your answer arrived, thank you"), []), StatusCodes.Status200OK)
            : Results.Json(new { status = "accepted", number = report.Number }, statusCode: StatusCodes.Status202Accepted);
    }

    private (AgencyQuestion? Question, IResult? Problem) Read(HttpRequest request, string token) =>
        access.ReadAgencyToken(token, time.GetUtcNow()) is not var (question, over) ? (null, Problem(request, "notFound"))
        : over ? (null, Problem(request, "referralLinkOver"))
        : (question, null);

    private async Task<(AgencyAnswerBody? Body, IResult? Problem)> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.HasFormContentType)
        {
            if (request.ContentLength is null or > MaxBody)
            {
                return (null, Problem(request, "invalidRequest"));
            }

            var form = await request.ReadFormAsync(cancellationToken);
            return (new AgencyAnswerBody(form["outcome"], form["note"], form["by"]), null);
        }

        var bytes = await RequestBody.ReadAsync(request, MaxBody, cancellationToken);
        if (bytes is null)
        {
            return (null, Problem(request, "tooLarge"));
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, AgencyJson.Default.AgencyAnswerBody) is { } body ? (body, null) : (null, Problem(request, "invalidJson"));
        }
        catch (JsonException)
        {
            return (null, Problem(request, "invalidJson"));
        }
    }

    private (AnswerReferral? Command, IReadOnlyList<FieldError> Errors) Command(AgencyQuestion question, AgencyAnswerBody body)
    {
        var now = time.GetUtcNow();
        var errors = new List<FieldError>();
        AgencyOutcome? outcome = body.Outcome switch
        {
            "done" => AgencyOutcome.Done,
            "willDo" => AgencyOutcome.WillDo,
            "notOurs" => AgencyOutcome.NotOurs,
            _ => null,
        };
        if (outcome is null)
        {
            errors.Add(new FieldError("outcome", new LocalizedText("done أو willDo أو notOurs", "done, willDo or notOurs")));
        }

        var note = PlainText.Clean(body.Note);
        if (note?.Length > LongestNote || (note is null && outcome is AgencyOutcome.Done or AgencyOutcome.NotOurs))
        {
            errors.Add(new FieldError("note", new LocalizedText("مطلوب، حتى 2000 حرف", "Needed, up to 2000 characters")));
        }

        var by = outcome == AgencyOutcome.WillDo ? ReadBy(body.By) : null;
        if (outcome == AgencyOutcome.WillDo && !(by > now))
        {
            errors.Add(new FieldError("by", new LocalizedText("تاريخ لم يمض، مثل 2026-04-30", "A date that is not over, such as 2026-04-30")));
        }

        if (errors.Count > 0)
        {
            return (null, errors);
        }

        var id = ReportNumber.SourceHash(
            "agency-answer", question.Number, question.Referral.ToString(CultureInfo.InvariantCulture), body.Outcome!, note ?? string.Empty, by?.ToString("O", CultureInfo.InvariantCulture) ?? string.Empty);
        return (new AnswerReferral
        {
            Number = question.Number, CommandId = id[..32], At = now, Actor = new Actor(ActorKind.Agency, question.Agency),
            Agency = question.Agency, Referral = question.Referral, Outcome = outcome!.Value, Note = note, By = by,
        }, errors);
    }

    // A day means its end, where the city is.
    private DateTimeOffset? ReadBy(string? text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            var end = day.ToDateTime(new TimeOnly(23, 59));
            return new DateTimeOffset(end, Calendar.Zone.GetUtcOffset(end)).ToUniversalTime();
        }

        return DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.ToUniversalTime()
            : null;
    }

    private Core.Time.WorkingCalendar Calendar => policy.Calendars[policy.City.Calendar];

    private static string Language(HttpRequest request) => request.Query["lang"] is [("ar" or "en") and { } chosen] ? chosen : ProblemResults.Language(request);

    // A person reads a page, a system a problem.
    private static IResult Problem(HttpRequest request, string code, IReadOnlyList<FieldError>? errors = null)
    {
        if (!request.HasFormContentType && !request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return request.Problem(code, errors);
        }

        var problem = Problems.Of(code);
        var language = Language(request);
        return Html(request, AgencyPage.Word(language, problem.Title, (errors ?? []).Select(error => error.Reason.In(language))), problem.Status);
    }

    private static IResult Html(HttpRequest request, string page, int status)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        // Not "no-referrer": with it browsers send the form with an origin of null.
        headers["Referrer-Policy"] = "same-origin";
        return Results.Content(page, "text/html; charset=utf-8", Encoding.UTF8, status);
    }
}
