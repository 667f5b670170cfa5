using System.Globalization;
using Serverless940.Core.Time;
using static Serverless940.Core.Tests.Time.Calendars;

namespace Serverless940.Core.Tests.Time;

public sealed class HijriMonthsTests
{
    [Theory]
    [InlineData(1318, "1900-04-30", "1900-12-23", "1901-01-21", "1901-03-29", 29)]
    [InlineData(1401, "1980-11-08", "1981-07-02", "1981-08-01", "1981-10-07", 30)]
    [InlineData(1420, "1999-04-17", "1999-12-09", "2000-01-08", "2000-03-15", 30)]
    [InlineData(1432, "2010-12-07", "2011-08-01", "2011-08-30", "2011-11-05", 29)]
    [InlineData(1441, "2019-08-31", "2020-04-24", "2020-05-24", "2020-07-30", 30)]
    [InlineData(1442, "2020-08-20", "2021-04-13", "2021-05-13", "2021-07-19", 30)]
    [InlineData(1443, "2021-08-09", "2022-04-02", "2022-05-02", "2022-07-08", 30)]
    [InlineData(1444, "2022-07-30", "2023-03-23", "2023-04-21", "2023-06-27", 29)]
    [InlineData(1445, "2023-07-19", "2024-03-11", "2024-04-10", "2024-06-15", 30)]
    [InlineData(1446, "2024-07-07", "2025-03-01", "2025-03-30", "2025-06-05", 29)]
    [InlineData(1447, "2025-06-26", "2026-02-18", "2026-03-20", "2026-05-26", 30)]
    [InlineData(1448, "2026-06-16", "2027-02-08", "2027-03-09", "2027-05-15", 29)]
    [InlineData(1449, "2027-06-06", "2028-01-28", "2028-02-26", "2028-05-04", 29)]
    [InlineData(1450, "2028-05-25", "2029-01-16", "2029-02-14", "2029-04-23", 29)]
    [InlineData(1500, "2076-11-27", "2077-07-21", "2077-08-19", "2077-10-26", 29)]
    public void Key_dates_are_those_of_the_printed_calendar(int year, string newYear, string ramadan, string eid, string arafah, int ramadanDays)
    {
        var calendar = HijriMonths.Printed;
        Assert.Equal(new HijriDate(year, 1, 1), calendar.From(Day(newYear)));
        Assert.Equal(new HijriDate(year, 9, 1), calendar.From(Day(ramadan)));
        Assert.Equal(new HijriDate(year, 10, 1), calendar.From(Day(eid)));
        Assert.Equal(new HijriDate(year, 12, 9), calendar.From(Day(arafah)));
        Assert.Equal(new DayRange(Day(ramadan), Day(eid).AddDays(-1)), calendar.Month(year, HijriDate.Ramadan));
        Assert.Equal(ramadanDays, calendar.Month(year, HijriDate.Ramadan)!.Value.Days);
        Assert.Equal(Day(arafah), calendar.ToDay(new HijriDate(year, 12, 9)));
    }

    [Fact]
    public void Every_day_agrees_with_the_platform_and_comes_back()
    {
        var platform = new UmAlQuraCalendar();
        for (var day = Day("1900-04-30"); day <= Day("2077-11-16"); day = day.AddDays(1))
        {
            var instant = day.ToDateTime(TimeOnly.MinValue);
            var date = HijriMonths.Printed.From(day)!.Value;
            Assert.Equal((platform.GetYear(instant), platform.GetMonth(instant), platform.GetDayOfMonth(instant)), (date.Year, date.Month, date.Day));
            Assert.Equal(day, HijriMonths.Printed.ToDay(date));
        }
    }

    [Fact]
    public void Outside_of_its_range_there_is_no_Hijri_date()
    {
        var calendar = HijriMonths.Printed;
        Assert.All(new[] { DateOnly.MinValue, Day("1900-04-29"), Day("2077-11-17"), DateOnly.MaxValue }, day => Assert.Null(calendar.From(day)));
        Assert.Null(calendar.Month(1317, 12));
        Assert.Null(calendar.Month(1501, 1));
        Assert.Null(calendar.Month(1447, 0));
        Assert.Null(calendar.Month(1447, 13));
        Assert.Null(calendar.ToDay(new HijriDate(1446, 9, 30)));
        Assert.Null(calendar.ToDay(new HijriDate(1446, 9, 0)));
        Assert.Equal(Day("2077-11-16"), calendar.Month(1500, 12)!.Value.Last);
    }

    [Fact]
    public void A_day_changes_at_midnight_in_the_zone()
    {
        var riyadh = TimeZoneInfo.FindSystemTimeZoneById("Asia/Riyadh");
        Assert.Equal(new HijriDate(1447, 9, 30), HijriMonths.Printed.From(Utc("2026-03-19 20:59"), riyadh));
        Assert.Equal(new HijriDate(1447, 10, 1), HijriMonths.Printed.From(Utc("2026-03-19 21:00"), riyadh));
    }

    [Fact]
    public void Weeks_of_a_month_count_from_its_first_day()
    {
        Assert.Equal([1, 1, 2, 4, 5, 5], new[] { 1, 7, 8, 28, 29, 30 }.Select(day => new HijriDate(1447, 10, day).WeekOfMonth));
        var calendar = HijriMonths.Printed;
        Assert.Equal(new DayRange(Day("2026-03-20"), Day("2026-03-26")), calendar.Week(1447, HijriDate.Shawwal, 1));
        Assert.Equal(new DayRange(Day("2026-03-18"), Day("2026-03-19")), calendar.Week(1447, HijriDate.Ramadan, 5));
        Assert.Equal(1, calendar.Week(1446, HijriDate.Ramadan, 5)!.Value.Days);
        Assert.Null(calendar.Week(1447, 10, 6));
        Assert.Null(calendar.Week(1447, 10, 0));
        Assert.Null(calendar.Week(1600, 10, 1));
    }

    [Fact]
    public void Dates_read_well_whatever_the_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("ar-SA");
            var date = new HijriDate(1447, 9, 3);
            Assert.Equal("1447-09-03", date.ToString());
            Assert.Equal("3 رمضان 1447هـ", date.Format("ar"));
            Assert.Equal("3 Ramadan 1447 AH", date.Format("en"));
            Assert.Equal("ذو الحجة", HijriDate.MonthName(12, "ar"));
            Assert.Equal("Muharram", HijriDate.MonthName(1, "ur"));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => HijriDate.MonthName(13, "ar"));
        Assert.Throws<ArgumentOutOfRangeException>(() => HijriDate.MonthName(0, "ar"));
    }

    [Fact]
    public void A_late_Eid_lengthens_Ramadan_and_an_early_one_shortens_it()
    {
        var late = new HijriMonths([new HijriCorrection(1446, 10, Day("2025-03-31"))]);
        Assert.Equal(new HijriDate(1446, 9, 30), late.From(Day("2025-03-30")));
        Assert.Equal(new HijriDate(1446, 10, 1), late.From(Day("2025-03-31")));

        var early = new HijriMonths([new HijriCorrection(1445, 10, Day("2024-04-09"))]);
        Assert.Equal(new HijriDate(1445, 9, 29), early.From(Day("2024-04-08")));
        Assert.Equal(new HijriDate(1445, 10, 1), early.From(Day("2024-04-09")));
    }

    [Fact]
    public void Every_correction_gives_months_the_moon_allows_or_is_refused_with_the_month()
    {
        var (taken, pushed, refused) = (0, 0, 0);
        for (var month = 1; month < 183 * 12; month++)
        {
            foreach (var shift in new[] { -1, 0, 1 })
            {
                var (year, number) = (HijriMonths.FirstYear + (month / 12), (month % 12) + 1);
                var first = Printed(month).First.AddDays(shift);
                var lengthBefore = Printed(month - 1).Days + shift;
                if (lengthBefore is not (29 or 30))
                {
                    var error = Assert.Throws<ArgumentException>(() => new HijriMonths([new HijriCorrection(year, number, first)]));
                    Assert.Contains($"{HijriMonths.FirstYear + ((month - 1) / 12)}-{((month - 1) % 12) + 1:00} would have {lengthBefore} days", error.Message, StringComparison.Ordinal);
                    refused++;
                    continue;
                }

                var corrected = new HijriMonths([new HijriCorrection(year, number, first)]);
                taken++;
                Assert.Equal(new HijriDate(year, number, 1), corrected.From(first));
                for (var near = Math.Max(0, month - 12); near < Math.Min(183 * 12, month + 24); near++)
                {
                    var range = corrected.Month(HijriMonths.FirstYear + (near / 12), (near % 12) + 1)!.Value;
                    Assert.InRange(range.Days, 29, 30);
                    var moved = range.First.DayNumber - Printed(near).First.DayNumber;
                    Assert.True(near < month ? moved == 0 : moved == 0 || moved == shift);
                    pushed += near > month && moved != 0 ? 1 : 0;
                    Assert.True(near < month + 8 || moved == 0);
                }
            }
        }

        Assert.True(taken > 3000 && pushed > 500 && refused > 1000, $"{taken} {pushed} {refused}");
    }

    [Fact]
    public void Corrections_that_contradict_each_other_are_refused()
    {
        Refused("corrected twice", new(1446, 10, Day("2025-03-31")), new(1446, 10, Day("2025-03-30")));
        Refused("1446-09 would have 28 days", new(1446, 9, Day("2025-03-02")), new(1446, 10, Day("2025-03-30")));
        Refused("is not a month", new HijriCorrection(1446, 13, Day("2025-03-30")));
        Refused("is not a month", new HijriCorrection(1501, 1, Day("2078-03-30")));
        Refused("by more than a day", new HijriCorrection(1446, 10, Day("2025-04-01")));
        Assert.NotNull(new HijriMonths([new(1446, 10, Day("2025-03-31")), new(1446, 10, Day("2025-03-31"))]));
    }

    private static DayRange Printed(int month) => HijriMonths.Printed.Month(HijriMonths.FirstYear + (month / 12), (month % 12) + 1)!.Value;

    private static void Refused(string why, params HijriCorrection[] corrections) =>
        Assert.Contains(why, Assert.Throws<ArgumentException>(() => new HijriMonths(corrections)).Message, StringComparison.Ordinal);
}
