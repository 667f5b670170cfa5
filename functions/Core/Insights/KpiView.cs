using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless940.Core.Policies;
using Serverless940.Core.Time;

namespace Serverless940.Core.Insights;

/// <summary>The figures as they are told: to managers all, to strangers what <see cref="Suppression"/> lets through.</summary>
/// <param name="Details">What only managers see.</param>
public sealed record KpiFiguresView(
    int? Received, int? Open, int? Overdue, int? ClosedOfReceived, int? Closed, int? Referred, int? Rejected, int? Merged, int? Reopened,
    KpiDurations? FirstResponse, KpiDurations? TimeToClose, KpiShare? OnTime, KpiSatisfactionView? Satisfaction, KpiDetails? Details)
{
    public static KpiFiguresView All(KpiFigures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        var said = figures.Satisfaction;
        return new KpiFiguresView(
            figures.Received, figures.Open, figures.Overdue, figures.ClosedOfReceived, figures.Closed, figures.Referred, figures.Rejected, figures.Merged,
            figures.Reopened, figures.FirstResponse, figures.TimeToClose, figures.OnTime,
            new KpiSatisfactionView(said.Response, said.Overall, said.Quality, said.Speed, said.Agent, said.Solved),
            new KpiDetails(figures.FollowUps, figures.FollowUpRate, figures.Escalations, figures.Sms, figures.Backlog));
    }

    public static KpiFiguresView Public(KpiFigures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        var said = figures.Satisfaction;
        // Those who are not told are a difference away: a complement that is small is left out as well.
        var closed = Suppression.Told(figures.Received - figures.ClosedOfReceived) is null ? null : Suppression.Told(figures.ClosedOfReceived);
        return new KpiFiguresView(
            Suppression.Told(figures.Received), Suppression.Told(figures.Open), Suppression.Told(figures.Overdue), closed, Suppression.Told(figures.Closed),
            Suppression.Told(figures.Referred), Suppression.Told(figures.Rejected), Suppression.Told(figures.Merged), Suppression.Told(figures.Reopened),
            Told(figures.FirstResponse), Told(figures.TimeToClose), Told(figures.OnTime),
            Told(said.Response) is { } && said.Quality.Answers >= Suppression.Fewest
                ? new KpiSatisfactionView(said.Response, said.Overall, Told(said.Quality), Told(said.Speed), null, null)
                : null,
            null);
    }

    private static KpiShare? Told(KpiShare share) => share.Denominator < Suppression.Fewest ? null : share;

    private static KpiQuestion? Told(KpiQuestion question) => question.Answers < Suppression.Fewest ? null : question;

    private static KpiDurations? Told(KpiDurations durations) => durations.Ended < Suppression.Fewest ? null : durations;
}

/// <param name="Overall">Answers of 4 and 5 to the questions on quality and speed.</param>
public sealed record KpiSatisfactionView(KpiShare Response, KpiShare Overall, KpiQuestion? Quality, KpiQuestion? Speed, KpiQuestion? Agent, KpiSolved? Solved);

/// <param name="Escalations">Steps taken by level.</param>
public sealed record KpiDetails(int FollowUps, double? FollowUpRate, IReadOnlyDictionary<int, int> Escalations, KpiSms Sms, KpiBacklog Backlog);

public sealed record KpiGroupView(string Key, string Name, KpiFiguresView Figures, KpiFiguresView? Before);

/// <param name="Hijri">The same days as Hijri dates; <see langword="null"/> outside of Umm al-Qura's range.</param>
public sealed record KpiDays(DateOnly From, DateOnly To, KpiHijriDays? Hijri);

public sealed record KpiHijriDays(string From, string To);

/// <summary>The answer on the wire. Durations are minutes of working time, within <see cref="DurationError"/>.</summary>
/// <param name="SuppressedBelow">Counts under this are left out; <see langword="null"/> for managers.</param>
public sealed record KpiView(
    KpiDays Period, KpiDays ComparedWith, CalendarKind Calendar, KpiGroupBy GroupBy, DateTimeOffset AsOf, double DurationError, int? SuppressedBelow,
    KpiGroupView Total, IReadOnlyList<KpiGroupView> Groups)
{
    /// <param name="open">Whether strangers read it.</param>
    public static KpiView Of(KpiReport report, KpiQuestionnaire question, Policy policy, HijriMonths hijri, string language, bool open)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(question);
        Func<KpiFigures, KpiFiguresView> tell = open ? KpiFiguresView.Public : KpiFiguresView.All;
        return new KpiView(
            DaysOf(report.Period, hijri), DaysOf(report.Compared, hijri), question.Calendar, question.GroupBy, report.AsOf,
            DurationBuckets.Error, open ? Suppression.Fewest : null,
            View(report.Total),
            [.. report.Groups.Where(group => !open || report.Total.Figures.Received >= Suppression.Fewest).Select(View)]);

        KpiGroupView View(KpiGroup group) => new(
            group.Key, KpiNames.Of(question.GroupBy, group.Key, policy, language), tell(group.Figures), group.Before is null ? null : tell(group.Before));
    }

    /// <summary>One line a group and one for the whole, for spreadsheets; what may not be told is empty.</summary>
    public string ToCsv()
    {
        var csv = new StringBuilder();
        csv.AppendLine(
            "from,to,key,name,received,open,overdue,closedOfReceived,closed,referred,rejected,merged,reopened,firstResponseMedianMinutes,firstResponseP90Minutes,"
            + "timeToCloseMedianMinutes,timeToCloseP90Minutes,onTime,onTimeOf,ratings,asked,satisfiedAnswers,answers,receivedBefore");
        foreach (var group in Groups.Prepend(Total))
        {
            var f = group.Figures;
            csv.AppendJoin(',', new object?[]
            {
                Period.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Period.To.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), group.Key, group.Name,
                f.Received, f.Open, f.Overdue, f.ClosedOfReceived, f.Closed, f.Referred, f.Rejected, f.Merged, f.Reopened,
                f.FirstResponse?.Median, f.FirstResponse?.P90, f.TimeToClose?.Median, f.TimeToClose?.P90, f.OnTime?.Numerator, f.OnTime?.Denominator,
                f.Satisfaction?.Response.Numerator, f.Satisfaction?.Response.Denominator, f.Satisfaction?.Overall.Numerator, f.Satisfaction?.Overall.Denominator,
                group.Before?.Received,
            }.Select(Field)).Append("\r\n");
        }

        return csv.ToString();
    }

    internal static KpiDays DaysOf(KpiPeriod period, HijriMonths hijri) => new(
        period.From, period.To, hijri.From(period.From) is { } from && hijri.From(period.To) is { } to ? new KpiHijriDays(from.ToString(), to.ToString()) : null);

    private static string Field(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

/// <summary>Names of groups, for readers.</summary>
public static class KpiNames
{
    /// <summary>The name in a language, or the key where it is one.</summary>
    public static string Of(KpiGroupBy by, string key, Policy policy, string language)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return by switch
        {
            _ when key is Suppression.Others or KpiGrouping.Unassigned or "" => BulletinTexts.In(language)["group." + (key.Length == 0 ? "all" : key)],
            KpiGroupBy.Municipality when policy.Municipalities.TryGetValue(key, out var municipality) => municipality.Name.In(language),
            KpiGroupBy.Department when policy.Departments.TryGetValue(key, out var department) => department.Name.In(language),
            KpiGroupBy.Category when policy.Categories.TryGetValue(key, out var category) => category.Name.In(language),
            _ => BulletinTexts.In(language).Find($"group.{by}.{key}") ?? key,
        };
    }
}

/// <summary>JSON of answers.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(KpiView))]
[JsonSerializable(typeof(Bulletin))]
public sealed partial class KpiJson : JsonSerializerContext;
