namespace Serverless940.Core.Time;

/// <summary>
/// Working time of one calendar (ساعات الدوام): adds and measures it. Immutable and safe for many threads. A look-up
/// allocates nothing and does not depend on how far apart the instants are; each year is laid out when first asked for.
/// </summary>
/// <remarks>
/// <para>A shift belongs to the day on which it begins: whether it is worked, and whether in Ramadan hours, is that day's
/// matter, also past midnight. Hours that overlap count once.</para>
/// <para>A shift begins and ends when the wall clock first shows its time or a later one. Where clocks go forward over it,
/// that is the moment of the jump; where they go back, the first of the two passings. So the length of a shift is the time
/// that really passes.</para>
/// <para>Hijri dates are known from 1900-04-30 to 2077-11-16. Outside of that no day is in Ramadan or a Hijri holiday.
/// Working time is reckoned from <see cref="ReckonedFrom"/> to <see cref="ReckonedUntil"/>; outside, nobody works.</para>
/// </remarks>
public sealed class WorkingCalendar
{
    private const int _firstYear = 1900;
    private const int _endYear = 2200;

    // A night shift and the widest offset reach over a year's ends by less than this.
    private const int _marginDays = 3;

    private static readonly long _reckonedFrom = new DateTime(_firstYear, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
    private static readonly long _reckonedUntil = new DateTime(_endYear, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    private readonly TimeZoneInfo _zone;
    private readonly Shift[][] _weekly;
    private readonly Shift[][]? _ramadan;
    private readonly WorkingYear?[] _years = new WorkingYear?[_endYear - _firstYear + 1];

    /// <exception cref="ArgumentException">
    /// The time zone is unknown, a holiday or correction is out of its range, or there is a year in which the calendar
    /// never works; the message says which.
    /// </exception>
    public WorkingCalendar(CalendarDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Definition = definition;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(definition.TimeZone, out var zone))
        {
            throw new ArgumentException($"Calendar '{definition.Id}': '{definition.TimeZone}' is not a time zone.", nameof(definition));
        }

        _zone = zone;
        _weekly = ByDay(definition.Weekly);
        _ramadan = definition.Ramadan is null ? null : ByDay(definition.Ramadan);
        CalendarCheck.RequireValid(definition);
        Hijri = new HijriMonths(definition.HijriCorrections);
        var idle = CalendarCheck.YearsThatMayBeIdle(definition, _firstYear, _endYear).FirstOrDefault(year => Year(year).Total == 0);
        if (idle != 0)
        {
            throw new ArgumentException(FormattableString.Invariant($"Calendar '{definition.Id}' has no working time in {idle}."), nameof(definition));
        }
    }

    /// <summary>Start of reckoning, UTC: instants before it count from here.</summary>
    public static DateTimeOffset ReckonedFrom { get; } = new(_reckonedFrom, TimeSpan.Zero);

    /// <summary>End of reckoning, UTC, and the answer to what would come later: "not in anyone's time".</summary>
    public static DateTimeOffset ReckonedUntil { get; } = new(_reckonedUntil, TimeSpan.Zero);

    public CalendarDefinition Definition { get; }

    /// <summary>Hijri dates with this calendar's corrections.</summary>
    public HijriMonths Hijri { get; }

    public TimeZoneInfo Zone => _zone;

    /// <summary>Wall-clock time here of an instant.</summary>
    public DateTime ToLocal(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, _zone).DateTime;

    /// <summary>The day that an instant falls on here.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(ToLocal(instant));

    /// <summary>The Hijri date that an instant has here; <see langword="null"/> outside of Umm al-Qura's range.</summary>
    public HijriDate? HijriOf(DateTimeOffset instant) => Hijri.From(DayOf(instant));

    /// <summary>
    /// The earliest instant, in UTC, by which <paramref name="working"/> has been worked since <paramref name="from"/>. So
    /// it is the end of a shift, not the start of the next, when the time runs out there; and <paramref name="from"/>
    /// itself, inside or outside of hours, for zero. What would lie past <see cref="ReckonedUntil"/> answers that instant,
    /// or <paramref name="from"/> where that is later still.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="working"/> is negative.</exception>
    public DateTimeOffset Add(DateTimeOffset from, TimeSpan working)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(working, TimeSpan.Zero);
        var ticks = from.UtcTicks;
        if (working == TimeSpan.Zero || ticks >= _reckonedUntil)
        {
            return from.ToUniversalTime();
        }

        ticks = Math.Max(ticks, _reckonedFrom);
        var number = new DateTime(ticks).Year;
        var year = Year(number);
        var worked = year.Before(ticks);
        var left = working.Ticks;
        // Not a sum: the longest TimeSpan would overflow.
        while (left > year.Total - worked)
        {
            left -= year.Total - worked;
            worked = 0;
            if (++number == _endYear)
            {
                return ReckonedUntil;
            }

            year = Year(number);
        }

        return new DateTimeOffset(year.WhenWorked(worked + left), TimeSpan.Zero);
    }

    /// <summary>Working time from <paramref name="from"/> to <paramref name="to"/>; zero when <paramref name="to"/> is not later.</summary>
    public TimeSpan Between(DateTimeOffset from, DateTimeOffset to)
    {
        var start = Math.Clamp(from.UtcTicks, _reckonedFrom, _reckonedUntil);
        var end = Math.Clamp(to.UtcTicks, _reckonedFrom, _reckonedUntil);
        if (end <= start)
        {
            return TimeSpan.Zero;
        }

        var last = new DateTime(end).Year;
        var worked = Year(last).Before(end);
        for (var number = new DateTime(start).Year; number < last; number++)
        {
            worked += Year(number).Total;
        }

        return TimeSpan.FromTicks(worked - Year(new DateTime(start).Year).Before(start));
    }

    /// <summary>Whether anyone works at an instant; a shift's end is no longer in it.</summary>
    public bool IsOpen(DateTimeOffset instant) =>
        instant.UtcTicks >= _reckonedFrom && instant.UtcTicks < _reckonedUntil && Year(instant.UtcDateTime.Year).IsOpen(instant.UtcTicks);

    /// <summary>
    /// <paramref name="instant"/> itself when someone works then, else the start of the next shift, in UTC; past
    /// <see cref="ReckonedUntil"/> as <see cref="Add"/>.
    /// </summary>
    public DateTimeOffset NextOpen(DateTimeOffset instant)
    {
        var ticks = Math.Max(instant.UtcTicks, _reckonedFrom);
        for (var number = new DateTime(ticks).Year; number < _endYear; number++)
        {
            var year = Year(number);
            var open = year.NextOpen(ticks);
            if (open >= 0)
            {
                return new DateTimeOffset(open, TimeSpan.Zero);
            }

            ticks = new DateTime(number + 1, 1, 1).Ticks;
        }

        return new DateTimeOffset(Math.Max(instant.UtcTicks, _reckonedUntil), TimeSpan.Zero);
    }

    /// <summary>Whether a day is in Ramadan, corrections included.</summary>
    public bool IsRamadan(DateOnly day) => Hijri.From(day) is { Month: HijriDate.Ramadan };

    /// <summary>The holiday that a day belongs to, the first in the definition's order; <see langword="null"/> on other days.</summary>
    public Holiday? HolidayOn(DateOnly day)
    {
        var hijri = Hijri.From(day);
        foreach (var holiday in Definition.Holidays)
        {
            if (Covers(holiday, day, hijri))
            {
                return holiday;
            }
        }

        return null;
    }

    /// <summary>The shifts that begin on a day: none on a holiday, Ramadan's in Ramadan.</summary>
    public IReadOnlyList<Shift> ShiftsOn(DateOnly day) =>
        HolidayOn(day) is not null ? []
        : _ramadan is not null && IsRamadan(day) ? _ramadan[(int)day.DayOfWeek]
        : _weekly[(int)day.DayOfWeek];

    // A day that its month lacks (30 Ramadan, 29 February) is the day after the month's last: a range keeps its length.
    private bool Covers(Holiday holiday, DateOnly day, HijriDate? hijri) => holiday switch
    {
        Holiday.Gregorian g => Within(day, GregorianFirst(day.Year, g.Month), g.Day, g.Days) || Within(day, GregorianFirst(day.Year - 1, g.Month), g.Day, g.Days),
        Holiday.Hijri h => hijri is { } date
            && (Within(day, HijriFirst(date.Year, h.Month), h.Day, h.Days) || Within(day, HijriFirst(date.Year - 1, h.Month), h.Day, h.Days)),
        Holiday.Announced a => day >= a.From && day <= a.To,
        _ => false,
    };

    private static int? GregorianFirst(int year, int month) => year < 1 ? null : new DateOnly(year, month, 1).DayNumber;

    private int? HijriFirst(int year, int month) => Hijri.Month(year, month)?.First.DayNumber;

    private static bool Within(DateOnly day, int? monthStart, int startDay, int days) =>
        monthStart is { } start && day.DayNumber >= start + startDay - 1 && day.DayNumber < start + startDay - 1 + days;

    private static Shift[][] ByDay(IReadOnlyList<Shift> shifts) =>
        [.. Enum.GetValues<DayOfWeek>().Select(day => shifts.Where(shift => shift.Day == day).ToArray())];

    // Two threads may lay out the same year; they get the same one.
    private WorkingYear Year(int number) =>
        Volatile.Read(ref _years[number - _firstYear]) is { } year ? year : _years[number - _firstYear] = LayOut(number);

    private WorkingYear LayOut(int number)
    {
        var (start, end) = (new DateTime(number, 1, 1).Ticks, new DateTime(number + 1, 1, 1).Ticks);
        var stretches = new List<(long, long)>(1024);
        var last = new DateOnly(number, 12, 31).AddDays(_marginDays);
        for (var day = new DateOnly(number, 1, 1).AddDays(-_marginDays); number < _endYear && day <= last; day = day.AddDays(1))
        {
            foreach (var shift in ShiftsOn(day))
            {
                var nextDay = shift.End <= shift.Start ? 1 : 0;
                stretches.Add((FirstInstant(day.ToDateTime(shift.Start).Ticks), FirstInstant(day.AddDays(nextDay).ToDateTime(shift.End).Ticks)));
            }
        }

        return new WorkingYear(start, end, stretches);
    }

    /// <summary>The UTC ticks at which the wall clock first shows <paramref name="local"/> or later; no zone changes twice in 30 hours.</summary>
    private long FirstInstant(long local)
    {
        var (low, high) = (local - (15 * TimeSpan.TicksPerHour), local + (15 * TimeSpan.TicksPerHour));
        var (before, after) = (OffsetAt(low), OffsetAt(high));
        if (before == after)
        {
            return local - after;
        }

        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = OffsetAt(middle) == before ? (middle, high) : (low, middle);
        }

        // The change comes at high: shown before it, jumped over by it, or shown after it.
        return local - before < high ? local - before : Math.Max(high, local - after);
    }

    private long OffsetAt(long utcTicks) => _zone.GetUtcOffset(new DateTime(utcTicks, DateTimeKind.Utc)).Ticks;
}
