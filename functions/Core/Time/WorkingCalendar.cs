namespace Serverless940.Core.Time;

/// <summary>Working time of one calendar (ساعات الدوام): adds and measures it. Immutable and safe for many threads.</summary>
public sealed class WorkingCalendar
{
    private readonly TimeZoneInfo _zone;

    /// <exception cref="ArgumentException">The time zone is unknown, or the calendar never works.</exception>
    public WorkingCalendar(CalendarDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Definition = definition;
        _zone = TimeZoneInfo.FindSystemTimeZoneById(definition.TimeZone);
    }

    public CalendarDefinition Definition { get; }

    /// <summary>Wall-clock time here of an instant.</summary>
    public DateTime ToLocal(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, _zone).DateTime;
}
