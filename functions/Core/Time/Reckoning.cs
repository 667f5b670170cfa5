namespace Serverless940.Core.Time;

/// <summary>
/// How patience and promises count: in the working time of a calendar, or around the clock (emergencies, خطر). The same
/// two questions have the same answers' shape in both, so that ladders need not ask which it is.
/// </summary>
public readonly record struct Reckoning
{
    private readonly WorkingCalendar? _calendar;

    private Reckoning(WorkingCalendar? calendar) => _calendar = calendar;

    /// <summary>Around the clock. It is also the default value.</summary>
    public static Reckoning RealTime => default;

    public bool IsRealTime => _calendar is null;

    /// <summary>Working time of <paramref name="calendar"/>.</summary>
    public static Reckoning Working(WorkingCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        return new Reckoning(calendar);
    }

    /// <summary>Real time when <paramref name="realTime"/> says so, else working time of <paramref name="calendar"/>.</summary>
    public static Reckoning Of(bool realTime, WorkingCalendar calendar) => realTime ? RealTime : Working(calendar);

    /// <summary>
    /// The earliest instant, in UTC, by which <paramref name="time"/> has passed since <paramref name="from"/>; at most
    /// <see cref="WorkingCalendar.ReckonedUntil"/>, or <paramref name="from"/> where that is later still.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative.</exception>
    public DateTimeOffset Add(DateTimeOffset from, TimeSpan time)
    {
        if (_calendar is { } calendar)
        {
            return calendar.Add(from, time);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        var room = Math.Max(0, WorkingCalendar.ReckonedUntil.UtcTicks - from.UtcTicks);
        return new DateTimeOffset(from.UtcTicks + Math.Min(time.Ticks, room), TimeSpan.Zero);
    }

    /// <summary>How much time passed from <paramref name="from"/> to <paramref name="to"/>; zero when <paramref name="to"/> is not later.</summary>
    public TimeSpan Between(DateTimeOffset from, DateTimeOffset to) =>
        _calendar is { } calendar ? calendar.Between(from, to)
        : to > from ? to - from
        : TimeSpan.Zero;
}
