using System.Globalization;
using System.Numerics;

namespace Serverless940.Local.Functions;

/// <summary>
/// An NCRONTAB expression: seconds, minutes, hours, days, months, weekdays (or five fields, without the seconds). Each
/// field is <c>*</c>, a value, a range, a step or a list of them; months and weekdays also by their English names. Unlike
/// Unix cron, a day must match both its day of the month and its weekday.
/// </summary>
internal sealed class Ncrontab
{
    // Beyond this no combination of a day of the month and a weekday is still to come.
    private const int HorizonYears = 45;

    private static readonly Field Seconds = new("seconds", 0, 59, []);
    private static readonly Field Minutes = new("minutes", 0, 59, []);
    private static readonly Field Hours = new("hours", 0, 23, []);
    private static readonly Field Days = new("days", 1, 31, []);
    private static readonly Field Months = new("months", 1, 12, CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[..12]);
    private static readonly Field Weekdays = new("weekdays", 0, 6, CultureInfo.InvariantCulture.DateTimeFormat.DayNames);

    private readonly ulong _seconds;
    private readonly ulong _minutes;
    private readonly ulong _hours;
    private readonly ulong _days;
    private readonly ulong _months;
    private readonly ulong _weekdays;

    private Ncrontab(ulong[] fields)
    {
        (_seconds, _minutes, _hours) = (fields[0], fields[1], fields[2]);
        (_days, _months, _weekdays) = (fields[3], fields[4], fields[5]);
    }

    /// <summary>Whether it runs more often than once a minute, all day long: such a schedule is not kept.</summary>
    public bool IsSubMinute =>
        BitOperations.PopCount(_seconds) > 1 && _minutes == Minutes.All && _hours == Hours.All && _days == Days.All && _months == Months.All && _weekdays == Weekdays.All;

    /// <exception cref="FormatException">The expression is none; the message says which field and why.</exception>
    public static Ncrontab Parse(string expression)
    {
        var parts = expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is not (5 or 6))
        {
            throw new FormatException($"'{expression}' has {parts.Length.ToString(CultureInfo.InvariantCulture)} fields, not six.");
        }

        Field[] fields = [Seconds, Minutes, Hours, Days, Months, Weekdays];
        var sets = new ulong[6];
        var shift = 6 - parts.Length;
        sets[0] = 1;
        for (var i = 0; i < parts.Length; i++)
        {
            sets[i + shift] = fields[i + shift].Parse(parts[i]);
        }

        return new Ncrontab(sets);
    }

    /// <summary>The first occurrence after <paramref name="after"/>, or <see langword="null"/> when there is none (30 February).</summary>
    public DateTime? Next(DateTime after)
    {
        var from = new DateTime(after.Ticks - (after.Ticks % TimeSpan.TicksPerSecond), after.Kind).AddSeconds(1);
        var day = from.Date;
        var time = from.TimeOfDay;
        for (var last = day.AddYears(HorizonYears); day < last;)
        {
            if (!Has(_months, day.Month))
            {
                day = new DateTime(day.Year, day.Month, 1, 0, 0, 0, day.Kind).AddMonths(1);
                time = TimeSpan.Zero;
                continue;
            }

            if (Has(_days, day.Day) && Has(_weekdays, (int)day.DayOfWeek) && TimeOfDay(time) is { } found)
            {
                return day + found;
            }

            day = day.AddDays(1);
            time = TimeSpan.Zero;
        }

        return null;
    }

    private TimeSpan? TimeOfDay(TimeSpan from)
    {
        for (var hour = At(_hours, from.Hours); hour >= 0; hour = At(_hours, hour + 1))
        {
            var sameHour = hour == from.Hours;
            for (var minute = At(_minutes, sameHour ? from.Minutes : 0); minute >= 0; minute = At(_minutes, minute + 1))
            {
                var second = At(_seconds, sameHour && minute == from.Minutes ? from.Seconds : 0);
                if (second >= 0)
                {
                    return new TimeSpan(hour, minute, second);
                }
            }
        }

        return null;
    }

    private static bool Has(ulong set, int value) => (set >> value & 1) == 1;

    /// <summary>The smallest member that is not below <paramref name="value"/>, or -1.</summary>
    private static int At(ulong set, int value)
    {
        var rest = value > 63 ? 0 : set >> value << value;
        return rest == 0 ? -1 : BitOperations.TrailingZeroCount(rest);
    }

    private sealed record Field(string Name, int Least, int Most, string[] Names)
    {
        public ulong All => Set(Least, Most, 1);

        public ulong Parse(string text)
        {
            var set = 0UL;
            foreach (var item in text.Split(','))
            {
                set |= ParseItem(item, text);
            }

            return set;
        }

        private ulong ParseItem(string item, string text)
        {
            var step = 1;
            var slash = item.IndexOf('/', StringComparison.Ordinal);
            if (slash >= 0)
            {
                if (!int.TryParse(item.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out step) || step == 0)
                {
                    throw Bad(text, $"the step in '{item}' is no number above 0");
                }

                item = item[..slash];
            }

            if (item == "*")
            {
                return Set(Least, Most, step);
            }

            var dash = item.IndexOf('-', StringComparison.Ordinal);
            if (dash > 0)
            {
                var (first, last) = (Number(item[..dash], text), Number(item[(dash + 1)..], text));
                return Set(Math.Min(first, last), Math.Max(first, last), step);
            }

            // A step after a single value runs from it to the end of the field.
            var value = Number(item, text);
            return Set(value, slash < 0 ? value : Most, step);
        }

        private int Number(string word, string text)
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number >= Least && number <= Most
                    ? number
                    : throw Bad(text, string.Create(CultureInfo.InvariantCulture, $"{number} is not from {Least} to {Most}"));
            }

            if (word.Length >= 3)
            {
                for (var i = 0; i < Names.Length; i++)
                {
                    if (Names[i].StartsWith(word, StringComparison.OrdinalIgnoreCase))
                    {
                        return i + Least;
                    }
                }
            }

            throw Bad(text, $"'{word}' is not a value");
        }

        private FormatException Bad(string text, string why) => new($"the field for {Name}, '{text}', is wrong: {why}.");

        private static ulong Set(int first, int last, int step)
        {
            var set = 0UL;
            for (var i = first; i <= last; i += step)
            {
                set |= 1UL << i;
            }

            return set;
        }
    }
}

/// <summary>When a timer runs: by NCRONTAB, or always the same span after the last time.</summary>
internal sealed class TimerSchedule
{
    private readonly Ncrontab? _cron;
    private readonly TimeSpan _span;

    private TimerSchedule(Ncrontab? cron, TimeSpan span)
    {
        _cron = cron;
        _span = span;
    }

    /// <summary>Whether the host leaves the schedule unkept because it runs so often.</summary>
    public bool IsTooFrequentToKeep => _cron?.IsSubMinute ?? _span < TimeSpan.FromMinutes(1);

    /// <exception cref="FormatException">It is neither.</exception>
    public static TimerSchedule Parse(string expression)
    {
        if (TimeSpan.TryParse(expression, CultureInfo.InvariantCulture, out var span))
        {
            return span > TimeSpan.Zero
                ? new TimerSchedule(null, span)
                : throw new FormatException($"'{expression}' is not a span of time above zero.");
        }

        return new TimerSchedule(Ncrontab.Parse(expression), default);
    }

    /// <summary>The next occurrence after an instant; <see cref="DateTimeOffset.MaxValue"/> when there is none.</summary>
    public DateTimeOffset Next(DateTimeOffset after)
    {
        if (_cron is null)
        {
            return after + _span;
        }

        return _cron.Next(after.UtcDateTime) is { } next ? new DateTimeOffset(next, TimeSpan.Zero) : DateTimeOffset.MaxValue;
    }
}
