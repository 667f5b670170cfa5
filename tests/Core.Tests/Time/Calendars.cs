using System.Globalization;
using Serverless940.Core.Text;
using Serverless940.Core.Time;

namespace Serverless940.Core.Tests.Time;

/// <summary>Calendars and instants that tests talk about.</summary>
internal static class Calendars
{
    public static readonly DayOfWeek[] SundayToThursday =
        [DayOfWeek.Sunday, DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday];

    public static LocalizedText Name(string english) => new("إجازة", english);

    /// <summary>Sunday to Thursday 07:30 to 14:30, in Ramadan 10:00 to 15:00, both Eids, Founding Day and National Day.</summary>
    public static CalendarDefinition Office(params HijriCorrection[] corrections) => new(
        "office",
        "Asia/Riyadh",
        Shifts("07:30-14:30", SundayToThursday),
        Shifts("10:00-15:00", SundayToThursday),
        [
            new Holiday.Gregorian(Name("Founding Day"), 2, 22, 1),
            new Holiday.Gregorian(Name("National Day"), 9, 23, 1),
            new Holiday.Hijri(Name("Eid al-Fitr"), 10, 1, 4),
            new Holiday.Hijri(Name("Eid al-Adha"), 12, 9, 5),
        ],
        corrections);

    public static CalendarDefinition Plain(string zone, params Shift[] shifts) => new("plain", zone, shifts, null, [], []);

    /// <summary>Shifts such as <c>09:00-12:00 16:00-21:00</c>, the same on each day; all days when none is named.</summary>
    public static Shift[] Shifts(string times, params DayOfWeek[] days) =>
    [
        .. from day in days.Length == 0 ? Enum.GetValues<DayOfWeek>() : days
           from shift in times.Split(' ')
           let ends = shift.Split('-')
           select new Shift(day, Clock(ends[0]), Clock(ends[1])),
    ];

    /// <summary>An instant written as Riyadh's wall clock shows it: <c>2026-01-08 13:30</c>.</summary>
    public static DateTimeOffset Riyadh(string local) =>
        new(DateTime.ParseExact(local, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), TimeSpan.FromHours(3));

    public static DateTimeOffset Utc(string utc) =>
        new(DateTime.ParseExact(utc, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), TimeSpan.Zero);

    public static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static TimeOnly Clock(string time) => TimeOnly.ParseExact(time, "HH:mm", CultureInfo.InvariantCulture);
}
