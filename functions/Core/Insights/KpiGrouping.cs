using System.Globalization;
using Serverless940.Core.Text;
using Serverless940.Core.Time;

namespace Serverless940.Core.Insights;

/// <summary>By what figures are broken down.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(CamelCaseEnumConverter<KpiGroupBy>))]
public enum KpiGroupBy
{
    None,
    Municipality,
    Department,
    Category,
    Channel,
    Priority,
    AgentGroup,
    Day,

    /// <summary>Gregorian: from Sunday on. Hijri: of the month, as people count it.</summary>
    Week,
    Month,
}

/// <summary>Names the group that a count belongs to.</summary>
public static class KpiGrouping
{
    /// <summary>What nobody is responsible for yet.</summary>
    public const string Unassigned = "unassigned";

    /// <summary>The key of a count's group, sorting by time where it is one.</summary>
    public static string KeyOf(KpiGroupBy by, KpiRow row, KpiCell cell, CalendarKind calendar, HijriMonths hijri)
    {
        ArgumentNullException.ThrowIfNull(hijri);
        return by switch
        {
            KpiGroupBy.Municipality => cell.Municipality ?? Unassigned,
            KpiGroupBy.Department => cell.Department ?? Unassigned,
            KpiGroupBy.Category => cell.Category,
            KpiGroupBy.Channel => Camel(cell.Channel.ToString()),
            KpiGroupBy.Priority => Camel(cell.Priority.ToString()),
            KpiGroupBy.AgentGroup => cell.AgentGroup,
            KpiGroupBy.Day => calendar == CalendarKind.Hijri && hijri.From(row.Day) is { } date ? date.ToString() : Iso(row.Day),
            KpiGroupBy.Week => calendar == CalendarKind.Hijri && hijri.From(row.Day) is { } date
                ? string.Create(CultureInfo.InvariantCulture, $"{date.Year:0000}-{date.Month:00}-W{date.WeekOfMonth}")
                : Iso(row.Day.AddDays(-(int)row.Day.DayOfWeek)),
            KpiGroupBy.Month => calendar == CalendarKind.Hijri && hijri.From(row.Day) is { } date
                ? string.Create(CultureInfo.InvariantCulture, $"{date.Year:0000}-{date.Month:00}")
                : row.Day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            _ => string.Empty,
        };
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
