using System.Globalization;
using Serverless940.Local.Functions;

namespace Serverless940.Contract.Tests.Functions;

public class NcrontabTests
{
    [Theory]
    [InlineData("0 * * * * *", "2026-01-01T00:00:00", "2026-01-01T00:01:00")]
    [InlineData("0 * * * * *", "2026-01-01T00:00:59.999", "2026-01-01T00:01:00")]
    [InlineData("*/15 * * * * *", "2026-01-01T00:00:15", "2026-01-01T00:00:30")]
    [InlineData("*/15 * * * * *", "2026-01-01T00:00:44.5", "2026-01-01T00:00:45")]
    [InlineData("0 */5 * * * *", "2026-01-01T00:58:00", "2026-01-01T01:00:00")]
    [InlineData("0 0 7 * * *", "2026-01-01T07:00:00", "2026-01-02T07:00:00")] // Thursday to Friday
    [InlineData("0 0 7 * * 0-4", "2026-01-01T07:00:00", "2026-01-04T07:00:00")] // Thursday to Sunday
    [InlineData("0 0 7 * * Sun-Thu", "2026-01-01T07:00:00", "2026-01-04T07:00:00")]
    [InlineData("0 0 7 * * sunday", "2026-01-01T07:00:00", "2026-01-04T07:00:00")]
    [InlineData("0 30 9 1 * *", "2026-01-01T09:30:00", "2026-02-01T09:30:00")]
    [InlineData("0 30 9 31 * *", "2026-01-31T09:30:00", "2026-03-31T09:30:00")]
    [InlineData("0 0 0 29 2 *", "2026-01-01T00:00:00", "2028-02-29T00:00:00")]
    [InlineData("0 0 0 29 2 1", "2026-01-01T00:00:00", "2044-02-29T00:00:00")] // a Monday
    [InlineData("0 0 0 1 Jan *", "2026-01-01T00:00:00", "2027-01-01T00:00:00")]
    [InlineData("0 0 0 1 march,SEP *", "2026-03-01T00:00:00", "2026-09-01T00:00:00")]
    [InlineData("5,10 0 8-9 * * *", "2026-01-01T08:00:10", "2026-01-01T09:00:05")]
    [InlineData("0 5/20 * * * *", "2026-01-01T00:05:00", "2026-01-01T00:25:00")] // from 5 to the end
    [InlineData("0 5/20 * * * *", "2026-01-01T00:45:00", "2026-01-01T01:05:00")]
    [InlineData("0 10-30/10 * * * *", "2026-01-01T00:30:00", "2026-01-01T01:10:00")]
    [InlineData("59 59 23 31 12 *", "2026-12-31T23:59:58", "2026-12-31T23:59:59")]
    [InlineData("59 59 23 31 12 *", "2026-12-31T23:59:59", "2027-12-31T23:59:59")]
    [InlineData("0 0 0 13 * 5", "2026-01-01T00:00:00", "2026-02-13T00:00:00")] // a Friday and the 13th
    [InlineData("*/5 * * * *", "2026-01-01T00:05:00", "2026-01-01T00:10:00")] // five fields
    public void The_next_occurrence_is_the_first_instant_after_that_matches_every_field(string expression, string after, string next)
    {
        Assert.Equal(Utc(next), Ncrontab.Parse(expression).Next(Utc(after)));
    }

    [Fact]
    public void A_day_that_never_comes_has_no_next_occurrence()
    {
        Assert.Null(Ncrontab.Parse("0 0 0 30 2 *").Next(Utc("2026-01-01T00:00:00")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * * *")]
    [InlineData("60 * * * * *")]
    [InlineData("* * 24 * * *")]
    [InlineData("* * * 0 * *")]
    [InlineData("* * * * 13 *")]
    [InlineData("* * * * * 7")]
    [InlineData("*/0 * * * * *")]
    [InlineData("a * * * * *")]
    [InlineData("1- * * * * *")]
    [InlineData("-1 * * * * *")]
    [InlineData("1,,2 * * * * *")]
    [InlineData("* * * * * Su")]
    public void What_is_no_expression_is_refused(string expression)
    {
        Assert.Throws<FormatException>(() => Ncrontab.Parse(expression));
    }

    [Fact]
    public void Every_occurrence_of_a_year_matches_a_look_at_every_minute()
    {
        var cron = Ncrontab.Parse("0 */7 3,9-11 * 2-12/5 1-5");
        var expected = new List<DateTime>();
        for (var minute = Utc("2026-01-01T00:00:00"); minute.Year == 2026; minute = minute.AddMinutes(1))
        {
            var isDay = minute.Month is 2 or 7 or 12 && minute.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
            if (isDay && minute.Hour is 3 or 9 or 10 or 11 && isDay && minute.Minute % 7 == 0)
            {
                expected.Add(minute);
            }
        }

        var found = new List<DateTime>();
        for (var next = cron.Next(Utc("2025-12-31T23:59:59")); next is { Year: 2026 } instant; next = cron.Next(instant))
        {
            found.Add(instant);
        }

        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData("00:05:00", "2026-01-01T00:00:01", "2026-01-01T00:05:01")]
    [InlineData("1.00:00:00", "2026-01-01T00:00:00", "2026-01-02T00:00:00")]
    [InlineData("0 * * * * *", "2026-01-01T00:00:01", "2026-01-01T00:01:00")]
    public void A_schedule_is_an_expression_or_a_span_of_time(string schedule, string after, string next)
    {
        Assert.Equal(Utc(next), TimerSchedule.Parse(schedule).Next(Utc(after)).UtcDateTime);
    }

    [Theory]
    [InlineData("*/10 * * * * *", true)]
    [InlineData("0 * * * * *", false)]
    [InlineData("0,30 1 * * * *", false)]
    [InlineData("00:00:30", true)]
    [InlineData("00:01:00", false)]
    public void Only_a_schedule_that_runs_more_than_once_a_minute_is_not_kept(string schedule, bool tooFrequent)
    {
        Assert.Equal(tooFrequent, TimerSchedule.Parse(schedule).IsTooFrequentToKeep);
    }

    private static DateTime Utc(string text) =>
        DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
