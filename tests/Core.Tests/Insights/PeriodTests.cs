using Serverless940.Core.Insights;
using Serverless940.Core.Time;

namespace Serverless940.Core.Tests.Insights;

public sealed class PeriodTests
{
    private static readonly DateOnly s_today = new(2026, 3, 29);

    [Theory]
    [InlineData("2026-03-01", "2026-03-29", CalendarKind.Gregorian, "2026-03-01", "2026-03-29")]
    [InlineData("2026-02", "2026-02", CalendarKind.Gregorian, "2026-02-01", "2026-02-28")]
    [InlineData("2024-01-01", "2024-12-31", CalendarKind.Gregorian, "2024-01-01", "2024-12-31")]
    [InlineData("1447-10", "1447-10", CalendarKind.Hijri, "2026-03-20", "2026-04-17")]
    [InlineData("1447-10-01", "1447-10-07", CalendarKind.Hijri, "2026-03-20", "2026-03-26")]
    [InlineData(null, null, CalendarKind.Gregorian, "2026-03-01", "2026-03-29")]
    [InlineData(null, null, CalendarKind.Hijri, "2026-03-20", "2026-03-29")]
    public void Periods_are_read(string? from, string? to, CalendarKind calendar, string first, string last)
    {
        var (period, errors) = KpiPeriod.Read(from, to, calendar, HijriMonths.Printed, s_today);

        Assert.Empty(errors);
        Assert.Equal(new KpiPeriod(Day(first), Day(last)), period);
    }

    [Theory]
    [InlineData("2026-03-29", "2026-03-01", CalendarKind.Gregorian, "to")]
    [InlineData("2025-01-01", "2026-12-31", CalendarKind.Gregorian, "to")]
    [InlineData("2000-01-01", "2100-12-31", CalendarKind.Gregorian, "to")]
    [InlineData("2026-03-01", null, CalendarKind.Gregorian, "to")]
    [InlineData(null, "2026-03-01", CalendarKind.Gregorian, "from")]
    [InlineData("2026-02-30", "2026-03-01", CalendarKind.Gregorian, "from")]
    [InlineData("2026-03-00", "2026-03-01", CalendarKind.Gregorian, "from")]
    [InlineData("2026-13", "2026-12", CalendarKind.Gregorian, "from")]
    [InlineData("9999-12-31", "9999-12-31", CalendarKind.Gregorian, "from")]
    [InlineData("1447-10-30", "1447-10-30", CalendarKind.Hijri, "from")]
    [InlineData("2026-03-01", "2026-03-02", CalendarKind.Hijri, "from")]
    [InlineData("yesterday", "2026-03-01", CalendarKind.Gregorian, "from")]
    [InlineData("2026-3-1", "2026-03-01", CalendarKind.Gregorian, "from")]
    [InlineData("٢٠٢٦-٠٣-٠١", "2026-03-01", CalendarKind.Gregorian, "from")]
    public void What_is_no_period_is_refused_by_its_field(string? from, string? to, CalendarKind calendar, string field)
    {
        var (period, errors) = KpiPeriod.Read(from, to, calendar, HijriMonths.Printed, s_today);

        Assert.Null(period);
        Assert.Contains(errors, error => error.Field == field);
    }

    [Fact]
    public void The_time_before_a_month_is_a_month_and_before_days_as_many_days()
    {
        Assert.Equal(Of("2026-02-01", "2026-02-28"), Of("2026-03-01", "2026-03-31").Before(HijriMonths.Printed));
        Assert.Equal(Of("2026-02-18", "2026-03-19"), Of("2026-03-20", "2026-04-17").Before(HijriMonths.Printed));
        Assert.Equal(Of("2026-03-13", "2026-03-19"), Of("2026-03-20", "2026-03-26").Before(HijriMonths.Printed));
    }

    private static KpiPeriod Of(string from, string to) => new(Day(from), Day(to));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
