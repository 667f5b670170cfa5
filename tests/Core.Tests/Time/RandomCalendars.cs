using System.Globalization;
using Serverless940.Core.Time;

namespace Serverless940.Core.Tests.Time;

/// <summary>Calendars by chance, from a seed: split, overlapping and night shifts, Ramadan hours, holidays, corrections, zones.</summary>
internal static class RandomCalendars
{
    private static readonly string[] _zones =
    [
        "Asia/Riyadh", "Asia/Riyadh", "Asia/Riyadh", "UTC", "Europe/London", "America/New_York", "Africa/Casablanca",
        "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo", "America/Santiago",
    ];

    private static readonly UmAlQuraCalendar _ummAlQura = new();

    public static CalendarDefinition Next(Random random)
    {
        var weekly = Shifts(random, random.Next(1, 16));
        var ramadan = random.Next(3) switch { 0 => null, 1 => Shifts(random, random.Next(0, 8)), _ => Shifts(random, random.Next(1, 12)) };
        var holidays = Enumerable.Range(0, random.Next(6)).Select(_ => NextHoliday(random)).ToArray();
        return new CalendarDefinition("random", _zones[random.Next(_zones.Length)], weekly, ramadan, holidays, Corrections(random));
    }

    /// <summary>A whole minute within 2020 to 2031.</summary>
    public static DateTimeOffset NextMinute(Random random) => new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(random.Next(12 * 365 * 24 * 60));

    /// <summary>The first day of a month as printed.</summary>
    public static DateOnly Printed(int year, int month) => DateOnly.FromDateTime(_ummAlQura.ToDateTime(year, month, 1, 0, 0, 0, 0));

    private static Shift[] Shifts(Random random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => new Shift(
            (DayOfWeek)random.Next(7),
            new TimeOnly(random.Next(24), random.Next(4) * 15),
            new TimeOnly(random.Next(24), random.Next(4) * 15))),
    ];

    private static Holiday NextHoliday(Random random) => random.Next(3) switch
    {
        0 => new Holiday.Gregorian(Calendars.Name("g"), random.Next(1, 13), random.Next(1, 29), random.Next(1, 11)),
        1 => new Holiday.Hijri(Calendars.Name("h"), random.Next(1, 13), random.Next(1, 30), random.Next(1, 11)),
        _ => NextAnnounced(random),
    };

    private static Holiday.Announced NextAnnounced(Random random)
    {
        var from = DateOnly.FromDateTime(NextMinute(random).UtcDateTime);
        return new Holiday.Announced(Calendars.Name("a"), from, from.AddDays(random.Next(20)));
    }

    // Only where the months around stay as long as months are, so that nothing else has to follow.
    private static List<HijriCorrection> Corrections(Random random)
    {
        var corrections = new List<HijriCorrection>();
        for (var year = 1441; year < 1454 && random.Next(4) > 0; year++)
        {
            var month = random.Next(2) == 0 ? 9 : 10;
            var (before, here) = (_ummAlQura.GetDaysInMonth(year, month - 1), _ummAlQura.GetDaysInMonth(year, month));
            var shift = before == 29 && here == 30 ? 1 : before == 30 && here == 29 ? -1 : 0;
            corrections.Add(new HijriCorrection(year, month, Printed(year, month).AddDays(shift)));
        }

        return corrections;
    }
}

/// <summary>
/// The same calendar, minute by minute and day by day, without any of the arithmetic under test: someone works in a minute
/// when a shift spans the highest time that the wall clock has shown so far.
/// </summary>
internal sealed class NaiveCalendar(CalendarDefinition definition)
{
    private readonly UmAlQuraCalendar _ummAlQura = new();
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(definition.TimeZone);
    private readonly Dictionary<DateOnly, Shift[]> _days = [];

    /// <summary>For each minute from <paramref name="from"/> on, whether someone works in it.</summary>
    public bool[] Minutes(DateTimeOffset from, int count)
    {
        var open = new bool[count];
        var shown = DateTime.MinValue;
        for (var minute = -3 * 24 * 60; minute < count; minute++)
        {
            var local = TimeZoneInfo.ConvertTimeFromUtc(from.UtcDateTime.AddMinutes(minute), _zone);
            shown = local > shown ? local : shown;
            if (minute >= 0)
            {
                open[minute] = Works(shown);
            }
        }

        return open;
    }

    private bool Works(DateTime shown)
    {
        var day = DateOnly.FromDateTime(shown);
        var time = TimeOnly.FromDateTime(shown);
        return Array.Exists(On(day), shift => time >= shift.Start && (time < shift.End || shift.End <= shift.Start))
            || Array.Exists(On(day.AddDays(-1)), shift => shift.End <= shift.Start && time < shift.End);
    }

    private Shift[] On(DateOnly day)
    {
        if (!_days.TryGetValue(day, out var shifts))
        {
            var week = definition.Ramadan is not null && Hijri(day).Month == 9 ? definition.Ramadan : definition.Weekly;
            shifts = IsHoliday(day) ? [] : [.. week.Where(shift => shift.Day == day.DayOfWeek)];
            _days.Add(day, shifts);
        }

        return shifts;
    }

    // A holiday covers a day when it began on it or on one of the days before.
    private bool IsHoliday(DateOnly day) => definition.Holidays.Any(holiday => holiday switch
    {
        Holiday.Gregorian g => Enumerable.Range(0, g.Days).Any(ago => day.AddDays(-ago) is var d && d.Month == g.Month && d.Day == g.Day),
        Holiday.Hijri h => Enumerable.Range(0, h.Days).Any(ago => Hijri(day.AddDays(-ago)) is var d && d.Month == h.Month && d.Day == h.Day),
        Holiday.Announced a => a.From <= day && day <= a.To,
        _ => false,
    });

    private (int Month, int Day) Hijri(DateOnly day)
    {
        var noon = day.ToDateTime(new TimeOnly(12, 0));
        var (year, month) = (_ummAlQura.GetYear(noon), _ummAlQura.GetMonth(noon));
        foreach (var ahead in new[] { 1, 0, -1 })
        {
            var (y, m) = month + ahead == 13 ? (year + 1, 1) : month + ahead == 0 ? (year - 1, 12) : (year, month + ahead);
            var first = definition.HijriCorrections.FirstOrDefault(c => c.Year == y && c.Month == m)?.FirstDay ?? RandomCalendars.Printed(y, m);
            if (first <= day)
            {
                return (m, day.DayNumber - first.DayNumber + 1);
            }
        }

        throw new InvalidOperationException($"No month has {day:O}.");
    }
}
