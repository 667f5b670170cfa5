using Serverless940.Core.Time;
using static Serverless940.Core.Tests.Time.Calendars;

namespace Serverless940.Core.Tests.Time;

public sealed class ReckoningTests
{
    private static readonly WorkingCalendar _office = new(Office());

    [Fact]
    public void Real_time_runs_through_nights_and_Eids()
    {
        var clock = Reckoning.Of(realTime: true, _office);
        Assert.True(clock.IsRealTime);
        Assert.Equal(Riyadh("2026-03-20 02:00"), clock.Add(Riyadh("2026-03-19 23:00"), TimeSpan.FromHours(3)));
        Assert.Equal(TimeSpan.FromHours(3), clock.Between(Riyadh("2026-03-19 23:00"), Riyadh("2026-03-20 02:00")));
        Assert.Equal(TimeSpan.Zero, clock.Between(Riyadh("2026-03-20 02:00"), Riyadh("2026-03-19 23:00")));
        Assert.Equal(TimeSpan.Zero, clock.Add(Riyadh("2026-03-19 23:00"), TimeSpan.Zero).Offset);
    }

    [Fact]
    public void Working_time_waits_for_the_office()
    {
        var clock = Reckoning.Of(realTime: false, _office);
        Assert.False(clock.IsRealTime);
        Assert.Equal(Riyadh("2026-03-24 10:30"), clock.Add(Riyadh("2026-03-19 23:00"), TimeSpan.FromHours(3)));
        Assert.Equal(TimeSpan.FromHours(3), clock.Between(Riyadh("2026-03-19 23:00"), Riyadh("2026-03-24 10:30")));
    }

    [Fact]
    public void Real_time_is_the_default_and_ends_where_working_time_ends()
    {
        Assert.Equal(Reckoning.RealTime, default);
        Assert.Equal(WorkingCalendar.ReckonedUntil, Reckoning.RealTime.Add(Utc("2026-01-01 00:00"), TimeSpan.MaxValue));
        Assert.Equal(DateTimeOffset.MaxValue, Reckoning.RealTime.Add(DateTimeOffset.MaxValue, TimeSpan.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => Reckoning.RealTime.Add(Utc("2026-01-01 00:00"), TimeSpan.FromTicks(-1)));
    }
}
