using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Insights;
using Serverless940.Core.Text;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Insights;

/// <summary>
/// <c>GET /api/insights/kpis</c>: the figures of a period and of the one before it. Anyone gets the public ones, small groups told
/// together; managers all of their scope. At most 32 storage operations for any month.
/// </summary>
public sealed class KpisFunction(KpiReader reader, StaffAuthentication staff)
{
    private static readonly string[] SeesAll = ["manager", "admin", "satisfaction"];

    // By day, or by who took it in, a group is too small or too personal for everybody's eyes.
    private static readonly KpiGroupBy[] ForManagers = [KpiGroupBy.Priority, KpiGroupBy.AgentGroup, KpiGroupBy.Day];

    [Function("Kpis")]
    [Access(Caller.AnyoneLimited)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/insights/kpis")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var principal = staff.Authenticate(request);
        var open = principal?.Roles.Overlaps(SeesAll) != true;
        var errors = new List<FieldError>();
        var calendar = InsightQuery.Choice(request, "calendar", CalendarKind.Gregorian, errors);
        var groupBy = InsightQuery.Choice(request, "groupBy", KpiGroupBy.None, errors);
        var format = InsightQuery.Format(request, ["json", "csv"], errors);
        var (period, periodErrors) = KpiPeriod.Read(request.Query["from"], request.Query["to"], calendar, reader.Hijri, reader.Today);
        errors.AddRange(periodErrors);
        if (errors.Count > 0)
        {
            return request.Problem("invalidRequest", errors);
        }

        if (open && ForManagers.Contains(groupBy))
        {
            return request.Problem(principal is null ? "unauthorized" : "forbidden");
        }

        var question = new KpiQuestionnaire(
            period!.Value, calendar, groupBy, open ? null : cell => principal!.Covers(cell.Municipality, cell.Department), Fold: open);
        var language = ProblemResults.Language(request);
        var view = KpiView.Of(await reader.AnswerAsync(question, cancellationToken), question, reader.Policy, reader.Hijri, language, open);
        InsightQuery.Label(request, language, isPublic: open);
        return format == "csv"
            ? Results.Text(view.ToCsv(), "text/csv; charset=utf-8", Encoding.UTF8)
            : Results.Json(view, KpiJson.Default.KpiView);
    }
}
