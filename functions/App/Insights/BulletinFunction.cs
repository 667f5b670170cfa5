using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Insights;
using Serverless940.Core.Text;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Insights;

/// <summary>
/// <c>GET /api/insights/bulletin</c>: the press statement of a Hijri week or month, or of any days, as a page for print, JSON, text, SVG
/// or CSV, in Arabic or English. Without a period, the last whole week. At most 32 storage operations for any month.
/// </summary>
public sealed class BulletinFunction(KpiReader reader)
{
    [Function("Bulletin")]
    [Access(Caller.AnyoneLimited)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/insights/bulletin")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var errors = new List<FieldError>();
        var calendar = InsightQuery.Choice(request, "calendar", CalendarKind.Hijri, errors);
        var page = request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        var format = InsightQuery.Format(request, page ? ["html", "json", "text", "svg", "csv"] : ["json", "html", "text", "svg", "csv"], errors);
        var period = Period(request, calendar, errors);
        var language = request.Query["lang"] is [("ar" or "en") and { } chosen] ? chosen : ProblemResults.Language(request);
        if (errors.Count > 0)
        {
            return request.Problem("invalidRequest", errors);
        }

        InsightQuery.Label(request, language, isPublic: true);
        if (format == "csv")
        {
            var question = new KpiQuestionnaire(period!.Value, calendar, KpiGroupBy.Municipality, Fold: true);
            var view = KpiView.Of(await reader.AnswerAsync(question, cancellationToken), question, reader.Policy, reader.Hijri, language, open: true);
            return Results.Text(view.ToCsv(), "text/csv; charset=utf-8", Encoding.UTF8);
        }

        var bulletin = await reader.BulletinAsync(period!.Value, language, cancellationToken);
        if (format == "html")
        {
            request.HttpContext.Response.Headers.ContentSecurityPolicy = BulletinPage.ContentSecurityPolicy;
        }

        return format switch
        {
            "html" => Results.Text(BulletinPage.Render(bulletin, request.Query), "text/html; charset=utf-8", Encoding.UTF8),
            "text" => Results.Text(bulletin.Text, "text/plain; charset=utf-8", Encoding.UTF8),
            "svg" => Results.Text(BulletinPicture.Render(bulletin), "image/svg+xml; charset=utf-8", Encoding.UTF8),
            _ => Results.Json(bulletin, KpiJson.Default.Bulletin),
        };
    }

    private KpiPeriod? Period(HttpRequest request, CalendarKind calendar, List<FieldError> errors)
    {
        if (request.Query.ContainsKey("from") || request.Query.ContainsKey("to"))
        {
            var (period, periodErrors) = KpiPeriod.Read(request.Query["from"], request.Query["to"], calendar, reader.Hijri, reader.Today);
            errors.AddRange(periodErrors);
            return period;
        }

        // The week that ended last: of the month, as people count it.
        var today = reader.Today;
        if (reader.Hijri.From(today) is not { } date)
        {
            return new KpiPeriod(today.AddDays(-7), today.AddDays(-1));
        }

        var last = today.AddDays(-((date.Day - 1) % 7) - 1);
        return reader.Hijri.From(last) is { } end && reader.Hijri.Week(end.Year, end.Month, end.WeekOfMonth) is { } week
            ? new KpiPeriod(week.First, week.Last)
            : new KpiPeriod(last.AddDays(-6), last);
    }
}
