using System.Globalization;

namespace Serverless940.Core.Time;

/// <summary>
/// Hijri dates by Umm al-Qura (تقويم أم القرى), as .NET's <see cref="UmAlQuraCalendar"/> has it, with the announced
/// corrections of months that the sighting began a day earlier or later. Days change at midnight, as in offices. It covers
/// 1900-04-30 to 2077-11-16; outside of that there is no Hijri date. Immutable and safe for many threads.
/// </summary>
public sealed class HijriMonths
{
    public const int FirstYear = 1318;
    public const int LastYear = 1500;

    private const double _meanMonth = 29.530588;

    // Day number of each month's first day, and one more for the day after the last month.
    private static readonly int[] _ummAlQura = UmmAlQuraMonths();

    private readonly int[] _starts;

    /// <summary>
    /// Each correction moves the first day of its month, so the month before ends later or earlier. The months after it
    /// follow as far as they must for every month to have 29 or 30 days: the moon allows no other length.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A correction names no month of 1318 to 1500, is more than a day from Umm al-Qura, contradicts another, or leaves a
    /// month with fewer than 29 or more than 30 days; the message says which.
    /// </exception>
    public HijriMonths(IReadOnlyList<HijriCorrection> corrections)
    {
        ArgumentNullException.ThrowIfNull(corrections);
        _starts = corrections.Count == 0 ? _ummAlQura : Corrected(corrections);
    }

    /// <summary>The printed calendar, without corrections.</summary>
    public static HijriMonths Printed { get; } = new([]);

    /// <summary>The Hijri date of a day; <see langword="null"/> outside of the covered range.</summary>
    public HijriDate? From(DateOnly day)
    {
        var number = day.DayNumber;
        if (number < _starts[0] || number >= _starts[^1])
        {
            return null;
        }

        // The mean month finds the right one or its neighbour.
        var month = Math.Min((int)((number - _starts[0]) / _meanMonth), _starts.Length - 2);
        while (_starts[month] > number)
        {
            month--;
        }

        while (_starts[month + 1] <= number)
        {
            month++;
        }

        return new HijriDate(FirstYear + (month / 12), (month % 12) + 1, number - _starts[month] + 1);
    }

    /// <summary>The Hijri date that an instant has in <paramref name="zone"/>; <see langword="null"/> outside of the covered range.</summary>
    public HijriDate? From(DateTimeOffset instant, TimeZoneInfo zone) =>
        From(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime));

    /// <summary>The day of a Hijri date; <see langword="null"/> when there is no such date.</summary>
    public DateOnly? ToDay(HijriDate date) =>
        Month(date.Year, date.Month) is { } month && date.Day >= 1 && date.Day <= month.Days ? month.First.AddDays(date.Day - 1) : null;

    /// <summary>First and last day of a month; <see langword="null"/> when it is outside of the covered range.</summary>
    public DayRange? Month(int year, int month) =>
        year is < FirstYear or > LastYear || month is < 1 or > 12
            ? null
            : new DayRange(DateOnly.FromDayNumber(_starts[Index(year, month)]), DateOnly.FromDayNumber(_starts[Index(year, month) + 1] - 1));

    /// <summary>First and last day of a week of a month (1 to 5, see <see cref="HijriDate.WeekOfMonth"/>); <see langword="null"/> when there is none.</summary>
    public DayRange? Week(int year, int month, int week)
    {
        if (week is < 1 or > 5 || Month(year, month) is not { } days)
        {
            return null;
        }

        var first = days.First.AddDays((week - 1) * 7);
        var last = first.AddDays(6);
        return new DayRange(first, last < days.Last ? last : days.Last);
    }

    private static int Index(int year, int month) => ((year - FirstYear) * 12) + month - 1;

    private static int[] UmmAlQuraMonths()
    {
        var calendar = new UmAlQuraCalendar();
        var starts = new int[((LastYear - FirstYear + 1) * 12) + 1];
        for (var i = 0; i < starts.Length - 1; i++)
        {
            starts[i] = DateOnly.FromDateTime(calendar.ToDateTime(FirstYear + (i / 12), (i % 12) + 1, 1, 0, 0, 0, 0)).DayNumber;
        }

        starts[^1] = DateOnly.FromDateTime(calendar.MaxSupportedDateTime).DayNumber + 1;
        return starts;
    }

    private static int[] Corrected(IReadOnlyList<HijriCorrection> corrections)
    {
        var starts = (int[])_ummAlQura.Clone();
        var announced = new Dictionary<int, HijriCorrection>();
        foreach (var correction in corrections)
        {
            var index = IndexOf(correction);
            if (!announced.TryAdd(index, correction) && announced[index].FirstDay != correction.FirstDay)
            {
                throw Refused(correction.Year, correction.Month, "is corrected twice, to different days");
            }

            starts[index] = correction.FirstDay.DayNumber;
        }

        foreach (var index in announced.Keys.Order())
        {
            if (index > 0)
            {
                RequireLength(starts, index - 1);
            }

            // What follows is not announced yet: it moves only as far as the moon makes it.
            for (var next = index + 1; next < starts.Length && !announced.ContainsKey(next) && !IsMonth(starts, next - 1); next++)
            {
                starts[next] += Math.Sign(29.5 - (starts[next] - starts[next - 1]));
            }

            RequireLength(starts, index);
        }

        return starts;
    }

    private static int IndexOf(HijriCorrection correction)
    {
        if (correction.Year is < FirstYear or > LastYear || correction.Month is < 1 or > 12)
        {
            throw Refused(correction.Year, correction.Month, "is not a month of 1318 to 1500");
        }

        var index = Index(correction.Year, correction.Month);
        return Math.Abs(correction.FirstDay.DayNumber - _ummAlQura[index]) <= 1
            ? index
            : throw Refused(correction.Year, correction.Month, "is corrected by more than a day");
    }

    private static bool IsMonth(int[] starts, int index) => starts[index + 1] - starts[index] is 29 or 30;

    private static void RequireLength(int[] starts, int index)
    {
        if (!IsMonth(starts, index))
        {
            var days = (starts[index + 1] - starts[index]).ToString(CultureInfo.InvariantCulture);
            throw Refused(FirstYear + (index / 12), (index % 12) + 1, $"would have {days} days; correct its first day, or the next month's");
        }
    }

    private static ArgumentException Refused(int year, int month, string why) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Hijri month {year:0000}-{month:00} {why}."));
}
