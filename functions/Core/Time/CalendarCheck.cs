using System.Globalization;

namespace Serverless940.Core.Time;

/// <summary>What a calendar's definition must satisfy before anyone counts by it.</summary>
internal static class CalendarCheck
{
    private const int _longestHoliday = 30;
    private const int _longestAnnounced = 60;

    /// <exception cref="ArgumentException">A holiday is out of its range.</exception>
    public static void RequireValid(CalendarDefinition definition)
    {
        if (definition.Weekly.Count == 0)
        {
            throw Refused(definition, "has no shift in its week, so it has no working time");
        }

        foreach (var holiday in definition.Holidays)
        {
            if (Fault(holiday) is { } fault)
            {
                throw Refused(definition, $"has a holiday '{holiday.Name.In("en")}' {fault}");
            }
        }
    }

    /// <summary>
    /// Years from <paramref name="first"/> to before <paramref name="end"/> whose holidays are so many that only counting
    /// shows whether a working day is left: usually none, so that a calendar is made without laying out any year.
    /// </summary>
    public static IEnumerable<int> YearsThatMayBeIdle(CalendarDefinition definition, int first, int end)
    {
        // Every weekday comes 52 times a year, perhaps cut at its ends; a Gregorian year can hold parts of two Ramadans, and
        // a Hijri holiday twice.
        const int weeks = 51;
        const int ramadanDays = 60;
        var workdays = (weeks * definition.Weekly.Select(shift => shift.Day).Distinct().Count()) - (definition.Ramadan is null ? 0 : ramadanDays);
        var yearly = definition.Holidays.Sum(holiday => holiday switch
        {
            Holiday.Gregorian gregorian => 2 * gregorian.Days,
            Holiday.Hijri hijri => 2 * hijri.Days,
            _ => 0,
        });
        var announced = definition.Holidays.OfType<Holiday.Announced>().ToArray();
        return Enumerable.Range(first, end - first)
            .Where(year => yearly + announced.Where(range => range.From.Year <= year && range.To.Year >= year).Sum(Days) >= workdays);
    }

    private static int Days(Holiday.Announced range) => range.To.DayNumber - range.From.DayNumber + 1;

    private static string? Fault(Holiday holiday) => holiday switch
    {
        Holiday.Gregorian { Month: < 1 or > 12 } => "in no Gregorian month",
        Holiday.Gregorian g when g.Day < 1 || g.Day > DateTime.DaysInMonth(2024, g.Month) => "on no day of its month",
        Holiday.Gregorian { Days: < 1 or > _longestHoliday } => "that does not last 1 to 30 days",
        Holiday.Hijri { Month: < 1 or > 12 } => "in no Hijri month",
        Holiday.Hijri { Day: < 1 or > 30 } => "on no day of its month",
        Holiday.Hijri { Days: < 1 or > _longestHoliday } => "that does not last 1 to 30 days",
        Holiday.Announced a when a.To < a.From => "that ends before it begins",
        Holiday.Announced a when Days(a) > _longestAnnounced => string.Create(CultureInfo.InvariantCulture, $"of {Days(a)} days (60 at most)"),
        _ => null,
    };

    private static ArgumentException Refused(CalendarDefinition definition, string why) => new($"Calendar '{definition.Id}' {why}.", nameof(definition));
}
