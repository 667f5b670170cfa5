using System.Globalization;
using Serverless940.Core.Text;
using Serverless940.Core.Time;

namespace Serverless940.Core.Insights;

/// <summary>Which calendar a question is asked in (التقويم).</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(CamelCaseEnumConverter<CalendarKind>))]
public enum CalendarKind
{
    Gregorian,
    Hijri,
}

/// <summary>The days that a question is about, both ends included, in the city's time.</summary>
public readonly record struct KpiPeriod(DateOnly From, DateOnly To)
{
    /// <summary>Longest period that is answered: a year of either calendar, with a leap day.</summary>
    public const int LongestDays = 366;

    public int Days => To.DayNumber - From.DayNumber + 1;

    public bool Contains(DateOnly day) => day >= From && day <= To;

    /// <summary>The period before, for comparison: the month before a whole month, else as many days.</summary>
    public KpiPeriod Before(HijriMonths hijri)
    {
        ArgumentNullException.ThrowIfNull(hijri);
        if (this == MonthOf(From))
        {
            return MonthOf(From.AddDays(-1));
        }

        if (hijri.From(From) is { Day: 1 } first && hijri.Month(first.Year, first.Month)?.Last == To && hijri.From(From.AddDays(-1)) is { } last)
        {
            var month = hijri.Month(last.Year, last.Month)!.Value;
            return new KpiPeriod(month.First, month.Last);
        }

        return new KpiPeriod(From.AddDays(-Days), From.AddDays(-1));
    }

    /// <summary>
    /// Reads a period: days (<c>2026-03-29</c>, <c>1447-10-10</c>), or months (<c>2026-03</c>, <c>1447-10</c>); without
    /// any, the current month as far as it has come.
    /// </summary>
    /// <returns>The period, or what needs correcting.</returns>
    public static (KpiPeriod? Period, IReadOnlyList<FieldError> Errors) Read(string? from, string? to, CalendarKind calendar, HijriMonths hijri, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(hijri);
        if (string.IsNullOrEmpty(from) && string.IsNullOrEmpty(to))
        {
            return (new KpiPeriod(calendar == CalendarKind.Hijri && hijri.From(today) is { } now ? today.AddDays(1 - now.Day) : MonthOf(today).From, today), []);
        }

        var errors = new List<FieldError>();
        var first = ReadDays("from", from, calendar, hijri, errors);
        var last = ReadDays("to", to, calendar, hijri, errors);
        if (errors.Count > 0)
        {
            return (null, errors);
        }

        var period = new KpiPeriod(first!.Value.From, last!.Value.To);
        if (period.Days < 1)
        {
            errors.Add(new FieldError("to", new LocalizedText("تسبق النهاية البداية", "The end comes before the beginning")));
        }
        else if (period.Days > LongestDays)
        {
            errors.Add(new FieldError("to", new LocalizedText($"أطول مدة {LongestDays} يومًا", $"A period has {LongestDays} days at most")));
        }

        return errors.Count > 0 ? (null, errors) : (period, errors);
    }

    private static KpiPeriod? ReadDays(string field, string? text, CalendarKind calendar, HijriMonths hijri, List<FieldError> errors)
    {
        var parts = (text ?? string.Empty).Split('-');
        if (parts.Length is 2 or 3 && parts[0].Length == 4 && parts.Skip(1).All(part => part.Length == 2)
            && Numbers(parts) is [var year, var month, .. var rest]
            && DaysOf(year, month, rest is [var day] ? day : null, calendar, hijri) is { } days)
        {
            return days;
        }

        errors.Add(new FieldError(field, calendar == CalendarKind.Hijri
            ? new LocalizedText("تاريخ هجري مثل 1447-10-01 أو شهر مثل 1447-10", "A Hijri day such as 1447-10-01, or a month such as 1447-10")
            : new LocalizedText("تاريخ ميلادي مثل 2026-03-29 أو شهر مثل 2026-03", "A day such as 2026-03-29, or a month such as 2026-03")));
        return null;
    }

    private static int[]? Numbers(string[] parts)
    {
        var numbers = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }

        return numbers;
    }

    private static KpiPeriod? DaysOf(int year, int month, int? day, CalendarKind calendar, HijriMonths hijri)
    {
        if (calendar == CalendarKind.Hijri)
        {
            return day is { } hijriDay
                ? hijri.ToDay(new HijriDate(year, month, hijriDay)) is { } found ? new KpiPeriod(found, found) : null
                : hijri.Month(year, month) is { } whole ? new KpiPeriod(whole.First, whole.Last) : null;
        }

        if (year is < 2000 or > 2100 || month is < 1 or > 12 || day > DateTime.DaysInMonth(year, month) || day < 1)
        {
            return null;
        }

        return day is { } one ? new KpiPeriod(new DateOnly(year, month, one), new DateOnly(year, month, one)) : MonthOf(new DateOnly(year, month, 1));
    }

    private static KpiPeriod MonthOf(DateOnly day)
    {
        var first = new DateOnly(day.Year, day.Month, 1);
        return new KpiPeriod(first, first.AddMonths(1).AddDays(-1));
    }
}
