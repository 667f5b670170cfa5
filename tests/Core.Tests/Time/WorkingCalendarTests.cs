using Serverless940.Core.Time;
using static Serverless940.Core.Tests.Time.Calendars;

namespace Serverless940.Core.Tests.Time;

public sealed class WorkingCalendarTests
{
    private static readonly WorkingCalendar _office = new(Office());

    [Theory]
    [InlineData("2026-01-08 13:30", "PT30M", "2026-01-08 14:00")] // Thursday, within hours
    [InlineData("2026-01-08 13:30", "PT1H", "2026-01-08 14:30")] // Thursday -> the end of Thursday, not Sunday's start
    [InlineData("2026-01-08 13:30", "PT2H", "2026-01-11 08:30")] // Thursday 13:30 -> Sunday
    [InlineData("2026-01-08 14:30", "PT1M", "2026-01-11 07:31")] // Thursday at closing -> Sunday
    [InlineData("2026-01-09 12:00", "PT1H", "2026-01-11 08:30")] // Friday -> Sunday
    [InlineData("2026-01-10 23:59", "PT1H", "2026-01-11 08:30")] // Saturday night -> Sunday
    [InlineData("2026-01-11 06:00", "PT1H", "2026-01-11 08:30")] // Sunday before hours -> Sunday
    [InlineData("2026-01-11 07:30", "PT7H", "2026-01-11 14:30")] // Sunday, the whole day
    [InlineData("2026-01-11 07:30", "PT7H1M", "2026-01-12 07:31")] // Sunday -> Monday
    [InlineData("2026-01-11 07:30", "PT35H", "2026-01-15 14:30")] // Sunday -> Thursday, the whole week
    [InlineData("2026-01-11 20:00", "PT70H", "2026-01-25 14:30")] // Sunday evening -> Sunday after two whole weeks
    [InlineData("2026-12-31 14:00", "PT1H", "2027-01-03 08:00")] // Thursday -> Sunday, over the Gregorian year's end
    [InlineData("2026-02-17 14:00", "PT1H", "2026-02-18 10:30")] // Tuesday 29 Shaban -> Wednesday 1 Ramadan
    [InlineData("2026-02-18 08:00", "PT5H", "2026-02-18 15:00")] // Wednesday 1 Ramadan, its whole day
    [InlineData("2026-02-19 14:30", "PT1H", "2026-02-23 10:30")] // Thursday -> Monday: Sunday is Founding Day, in Ramadan
    [InlineData("2026-03-19 14:00", "PT2H", "2026-03-24 08:30")] // Thursday 30 Ramadan -> Tuesday after Eid al-Fitr
    [InlineData("2026-03-21 12:00", "PT1H", "2026-03-24 08:30")] // Saturday of Eid -> Tuesday
    [InlineData("2026-05-25 14:00", "PT1H", "2026-05-31 08:00")] // Monday 8 Dhu al-Hijjah -> Sunday after Eid al-Adha
    [InlineData("2026-09-22 14:00", "PT1H", "2026-09-24 08:00")] // Tuesday -> Thursday: Wednesday is National Day
    public void Working_time_ends_when_the_office_has_worked_it(string from, string working, string expected) =>
        Assert.Equal(Riyadh(expected), _office.Add(Riyadh(from), IsoDuration.Parse(working)));

    [Theory]
    [InlineData("2025-03-27 14:00", "PT2H", null, "2025-04-03 08:30")] // Thursday 27 Ramadan -> Thursday after Eid, as printed
    [InlineData("2025-03-27 14:00", "PT2H", "1446-10 2025-03-31", "2025-03-30 11:00")] // -> Sunday 30 Ramadan: Eid a day late
    [InlineData("2025-03-30 14:00", "PT2H", "1446-10 2025-03-31", "2025-04-06 08:30")] // Sunday 30 Ramadan -> Sunday: Eid Monday to Thursday
    [InlineData("2024-04-08 14:30", "PT1H", null, "2024-04-09 10:30")] // Monday 29 Ramadan -> Tuesday 30 Ramadan, as printed
    [InlineData("2024-04-08 14:30", "PT1H", "1445-10 2024-04-09", "2024-04-14 08:00")] // -> Sunday: Eid on Tuesday, a day early
    [InlineData("2026-02-17 14:00", "PT1H", "1447-09 2026-02-19", "2026-02-18 08:00")] // Tuesday -> Wednesday 30 Shaban in ordinary hours
    public void An_announced_first_day_moves_Ramadan_and_Eid(string from, string working, string? announced, string expected)
    {
        HijriCorrection[] corrections = announced is null
            ? []
            : [new(int.Parse(announced[..4], null), int.Parse(announced[5..7], null), Day(announced[8..]))];

        Assert.Equal(Riyadh(expected), new WorkingCalendar(Office(corrections)).Add(Riyadh(from), IsoDuration.Parse(working)));
    }

    [Theory]
    [InlineData("2026-01-04 11:30", "PT1H", "2026-01-04 16:30")] // Sunday over the midday break
    [InlineData("2026-01-04 11:00", "PT1H", "2026-01-04 12:00")] // Sunday, to the break's start
    [InlineData("2026-01-04 13:00", "PT5H", "2026-01-04 21:00")] // Sunday, from within the break
    [InlineData("2026-01-04 09:00", "PT8H1M", "2026-01-05 09:01")] // Sunday -> Monday
    public void A_split_shift_does_not_count_its_break(string from, string working, string expected)
    {
        var calendar = new WorkingCalendar(Plain("Asia/Riyadh", Shifts("09:00-12:00 16:00-21:00", SundayToThursday)));

        Assert.Equal(Riyadh(expected), calendar.Add(Riyadh(from), IsoDuration.Parse(working)));
    }

    [Theory]
    [InlineData("2026-01-08 23:00", "PT7H", "2026-01-09 06:00")] // Thursday night runs into Friday
    [InlineData("2026-01-09 05:00", "PT2H", "2026-01-11 23:00")] // Friday morning -> Sunday night
    [InlineData("2026-01-11 01:00", "PT1H", "2026-01-11 23:00")] // Saturday's night has no shift: Sunday begins at 22:00
    public void A_night_shift_belongs_to_the_day_it_begins(string from, string working, string expected)
    {
        var calendar = new WorkingCalendar(Plain("Asia/Riyadh", Shifts("22:00-06:00", SundayToThursday)));

        Assert.Equal(Riyadh(expected), calendar.Add(Riyadh(from), IsoDuration.Parse(working)));
    }

    [Fact]
    public void A_night_shift_before_a_holiday_is_worked_to_its_end()
    {
        var calendar = new WorkingCalendar(Office() with { Weekly = Shifts("22:00-06:00") });

        Assert.True(calendar.IsOpen(Riyadh("2026-09-23 05:59"))); // Tuesday's shift, on National Day
        Assert.False(calendar.IsOpen(Riyadh("2026-09-23 22:00")));
        Assert.False(calendar.IsOpen(Riyadh("2026-09-24 05:59")));
        Assert.True(calendar.IsOpen(Riyadh("2026-09-24 22:00")));
    }

    [Fact]
    public void A_shift_that_ends_when_it_begins_lasts_a_day_and_overlaps_count_once()
    {
        var calendar = new WorkingCalendar(Plain("Asia/Riyadh", [.. Shifts("08:00-08:00"), .. Shifts("12:00-20:00")]));

        Assert.Equal(TimeSpan.FromDays(30), calendar.Between(Riyadh("2026-01-01 00:00"), Riyadh("2026-01-31 00:00")));
        Assert.Equal(Riyadh("2027-01-01 00:00"), calendar.Add(Riyadh("2026-01-01 00:00"), TimeSpan.FromDays(365)));
    }

    [Theory]
    [InlineData("2026-03-28 20:00", "2026-03-29 12:00", 7)] // Saturday night, clocks go forward
    [InlineData("2026-10-24 20:00", "2026-10-25 12:00", 9)] // Saturday night, clocks go back
    [InlineData("2026-06-06 20:00", "2026-06-07 12:00", 8)]
    public void A_night_is_as_long_as_it_really_is(string from, string to, int hours)
    {
        var calendar = new WorkingCalendar(Plain("Europe/London", Shifts("22:00-06:00")));

        Assert.Equal(TimeSpan.FromHours(hours), calendar.Between(Utc(from), Utc(to)));
    }

    [Fact]
    public void A_shift_in_the_repeated_hour_is_worked_at_its_first_passing_and_one_in_the_skipped_hour_not_at_all()
    {
        var calendar = new WorkingCalendar(Plain("Europe/London", Shifts("01:15-01:45")));

        // Clocks go back at 01:00 UTC: 01:15 is shown at 00:15 UTC and again at 01:15 UTC.
        Assert.Equal(TimeSpan.FromMinutes(30), calendar.Between(Utc("2026-10-24 12:00"), Utc("2026-10-25 12:00")));
        Assert.True(calendar.IsOpen(Utc("2026-10-25 00:15")));
        Assert.False(calendar.IsOpen(Utc("2026-10-25 01:15")));
        Assert.Equal(TimeSpan.Zero, calendar.Between(Utc("2026-03-28 12:00"), Utc("2026-03-29 12:00")));
    }

    [Fact]
    public void A_day_that_a_zone_left_out_has_no_working_time()
    {
        // Samoa went over the date line: Thursday 29 December 2011 was followed by Saturday the 31st.
        var calendar = new WorkingCalendar(Plain("Pacific/Apia", Shifts("08:00-16:00")));

        Assert.Equal(TimeSpan.FromHours(16), calendar.Between(Utc("2011-12-29 12:00"), Utc("2011-12-31 12:00")));
        Assert.Equal(DayOfWeek.Saturday, calendar.DayOf(calendar.NextOpen(Utc("2011-12-30 06:00"))).DayOfWeek);
    }

    [Fact]
    public void Zero_working_time_passes_at_once_inside_and_outside_of_hours()
    {
        foreach (var instant in new[] { Riyadh("2026-01-08 13:30"), Riyadh("2026-01-09 13:30"), DateTimeOffset.MinValue, DateTimeOffset.MaxValue })
        {
            Assert.Equal(instant, _office.Add(instant, TimeSpan.Zero));
        }
    }

    [Fact]
    public void Negative_working_time_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _office.Add(Riyadh("2026-01-08 13:30"), TimeSpan.FromTicks(-1)));

    [Fact]
    public void Between_counts_hours_and_nothing_backwards()
    {
        Assert.Equal(TimeSpan.FromHours(2), _office.Between(Riyadh("2026-01-08 13:30"), Riyadh("2026-01-11 08:30")));
        Assert.Equal(TimeSpan.Zero, _office.Between(Riyadh("2026-01-11 08:30"), Riyadh("2026-01-08 13:30")));
        Assert.Equal(TimeSpan.Zero, _office.Between(Riyadh("2026-01-08 15:00"), Riyadh("2026-01-11 07:30")));
    }

    [Fact]
    public void The_office_is_open_from_its_start_to_just_before_its_end()
    {
        Assert.False(_office.IsOpen(Riyadh("2026-01-11 07:29")));
        Assert.True(_office.IsOpen(Riyadh("2026-01-11 07:30")));
        Assert.True(_office.IsOpen(Riyadh("2026-01-11 14:29")));
        Assert.False(_office.IsOpen(Riyadh("2026-01-11 14:30")));
    }

    [Fact]
    public void Next_open_is_now_when_open_and_the_next_start_otherwise()
    {
        Assert.Equal(Riyadh("2026-01-11 09:00"), _office.NextOpen(Riyadh("2026-01-11 09:00")));
        Assert.Equal(Riyadh("2026-01-12 07:30"), _office.NextOpen(Riyadh("2026-01-11 14:30")));
        Assert.Equal(Riyadh("2026-03-24 07:30"), _office.NextOpen(Riyadh("2026-03-19 15:00")));
        Assert.Equal(Riyadh("2027-01-03 07:30"), _office.NextOpen(Riyadh("2026-12-31 20:00")));
    }

    [Fact]
    public void Days_name_their_holiday_and_their_shifts()
    {
        Assert.Equal("Eid al-Fitr", _office.HolidayOn(Day("2026-03-23"))?.Name.In("en"));
        Assert.Null(_office.HolidayOn(Day("2026-03-24")));
        Assert.Empty(_office.ShiftsOn(Day("2026-03-23")));
        Assert.Equal(new TimeOnly(10, 0), Assert.Single(_office.ShiftsOn(Day("2026-03-19"))).Start);
        Assert.Equal(new TimeOnly(7, 30), Assert.Single(_office.ShiftsOn(Day("2026-03-24"))).Start);
        Assert.True(_office.IsRamadan(Day("2026-03-19")));
        Assert.Equal(new HijriDate(1447, 10, 1), _office.HijriOf(Riyadh("2026-03-20 00:00")));
        Assert.Equal(new HijriDate(1447, 9, 30), _office.HijriOf(Riyadh("2026-03-19 23:59")));
    }

    [Fact]
    public void A_holiday_over_the_year_end_and_a_day_its_month_lacks_keep_their_length()
    {
        var calendar = new WorkingCalendar(Office() with
        {
            Holidays =
            [
                new Holiday.Gregorian(Name("New year"), 12, 30, 4),
                new Holiday.Gregorian(Name("Leap day"), 2, 29, 2),
                new Holiday.Hijri(Name("Eid with the thirtieth"), 9, 30, 3),
                new Holiday.Hijri(Name("Turn of the year"), 12, 28, 5),
            ],
        });

        bool IsOff(string day) => calendar.HolidayOn(Day(day)) is not null;
        Assert.Equal([false, true, true, true, true, false], new[] { "2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03" }.Select(IsOff));
        Assert.Equal([false, true, true, false], new[] { "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02" }.Select(IsOff));
        Assert.Equal([false, true, true, false], new[] { "2026-02-28", "2026-03-01", "2026-03-02", "2026-03-03" }.Select(IsOff));
        // Ramadan 1446 had 29 days, to 2025-03-29; Ramadan 1447 had 30, to 2026-03-19.
        Assert.Equal([false, true, true, true, false], new[] { "2025-03-29", "2025-03-30", "2025-03-31", "2025-04-01", "2025-04-02" }.Select(IsOff));
        Assert.Equal([false, true, true, true, false], new[] { "2026-03-18", "2026-03-19", "2026-03-20", "2026-03-21", "2026-03-22" }.Select(IsOff));
        // 1448 began on 2026-06-16; 1447's last month has 29 days.
        Assert.Equal([false, true, true, true, true, true, false], Enumerable.Range(13, 7).Select(day => IsOff($"2026-06-{day:00}")));
    }

    [Fact]
    public void Outside_of_Umm_al_Qura_there_is_no_Ramadan_and_no_Hijri_holiday()
    {
        Assert.Equal(TimeSpan.FromHours(7), _office.Between(Utc("1900-03-01 00:00"), Utc("1900-03-02 00:00"))); // Thursday
        var after = Enumerable.Range(0, 400).Select(Day("2077-11-17").AddDays).ToArray();
        Assert.DoesNotContain(after, _office.IsRamadan);
        Assert.DoesNotContain(after, day => _office.HolidayOn(day) is Holiday.Hijri);
        Assert.Equal(TimeSpan.FromHours(7), _office.Between(Utc("2077-11-17 00:00"), Utc("2077-11-18 00:00"))); // Wednesday
    }

    [Fact]
    public void The_ends_of_time_are_answered_and_never_thrown()
    {
        DateTimeOffset[] instants =
        [
            DateTimeOffset.MinValue, Utc("1850-06-01 10:00"), WorkingCalendar.ReckonedFrom, Utc("1900-04-29 23:00"), Utc("1900-04-30 00:00"),
            Utc("2077-11-16 23:59"), Utc("2077-11-17 00:00"), Utc("2199-12-31 23:59"), WorkingCalendar.ReckonedUntil, DateTimeOffset.MaxValue,
        ];
        foreach (var from in instants)
        {
            Assert.True(_office.Add(from, TimeSpan.MaxValue) >= from);
            Assert.True(_office.Add(from, TimeSpan.FromTicks(1)) >= from);
            Assert.True(_office.NextOpen(from) >= from);
            _ = (_office.IsOpen(from), _office.HolidayOn(_office.DayOf(from)), _office.HijriOf(from), _office.ShiftsOn(DateOnly.MinValue));
            Assert.All(instants, to => Assert.True(_office.Between(from, to) >= TimeSpan.Zero));
        }

        Assert.Equal(WorkingCalendar.ReckonedUntil, _office.Add(Utc("2026-01-01 00:00"), TimeSpan.MaxValue));
        Assert.Equal(Riyadh("1900-01-01 07:30").DateTime, _office.ToLocal(_office.NextOpen(DateTimeOffset.MinValue))); // Monday
        Assert.False(_office.IsOpen(WorkingCalendar.ReckonedUntil));
        Assert.Equal(WorkingCalendar.ReckonedUntil, _office.NextOpen(Utc("2199-12-31 23:00")));
    }

    [Fact]
    public void Answers_are_in_UTC()
    {
        Assert.Equal(TimeSpan.Zero, _office.Add(Riyadh("2026-01-08 13:30"), TimeSpan.FromHours(1)).Offset);
        Assert.Equal(TimeSpan.Zero, _office.Add(Riyadh("2026-01-08 13:30"), TimeSpan.Zero).Offset);
        Assert.Equal(TimeSpan.Zero, _office.NextOpen(Riyadh("2026-01-08 13:30")).Offset);
    }

    [Fact]
    public void Many_threads_see_one_calendar()
    {
        var alone = new WorkingCalendar(Office());
        var shared = new WorkingCalendar(Office());
        var instants = Enumerable.Range(0, 4000).Select(i => Utc("1990-01-01 00:00").AddHours(i * 171)).ToArray();
        var expected = Array.ConvertAll(instants, from => alone.Add(from, TimeSpan.FromHours(500)));
        var actual = new DateTimeOffset[instants.Length];

        Parallel.For(0, instants.Length, i => actual[i] = shared.Add(instants[i], TimeSpan.FromHours(500)));

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Counting_allocates_nothing()
    {
        var (from, to) = (Riyadh("2026-01-08 13:30"), Riyadh("2026-12-08 13:30"));
        long Count()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                _ = _office.Add(from, TimeSpan.FromHours(40 + i));
                _ = _office.Between(from, to);
                _ = _office.IsOpen(to);
                _ = _office.NextOpen(to);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Count();
        Assert.Equal(0, Count());
    }

    [Fact]
    public void A_calendar_that_never_works_is_refused()
    {
        var everyDay = Enumerable.Range(1, 12).Select(month => new Holiday.Gregorian(Name("Month off"), month, 1, 30)).ToList<Holiday>();
        everyDay.Add(new Holiday.Gregorian(Name("The rest"), 1, 31, 2));
        List<Holiday> all =
        [
            .. everyDay,
            .. new[] { 3, 5, 7, 8, 10, 12 }.Select(month => new Holiday.Gregorian(Name("The thirty-first"), month, 31, 1)),
        ];

        Refused(Office() with { Weekly = [] }, "no working time");
        Refused(Office() with { Holidays = all }, "no working time in 1900");
        // One whole year off, by announcements.
        Refused(
            Office() with
            {
                Holidays = [.. Enumerable.Range(0, 7).Select(i => new Holiday.Announced(Name("Closed"), Day("2029-12-30").AddDays(i * 60), Day("2029-12-30").AddDays((i * 60) + 59)))],
            },
            "no working time in 2030");
        // Only on Fridays, and never in Ramadan: little, but it works.
        Assert.True(new WorkingCalendar(Office() with { Weekly = Shifts("08:00-09:00", DayOfWeek.Friday), Ramadan = [] }).IsOpen(Riyadh("2026-01-09 08:30")));
    }

    [Fact]
    public void What_does_not_fit_a_calendar_is_refused_with_its_name()
    {
        Refused(Office() with { TimeZone = "Asia/Atlantis" }, "'Asia/Atlantis' is not a time zone");
        RefusedHoliday(new Holiday.Gregorian(Name("X"), 13, 1, 1), "'X' in no Gregorian month");
        RefusedHoliday(new Holiday.Gregorian(Name("X"), 2, 30, 1), "'X' on no day of its month");
        RefusedHoliday(new Holiday.Gregorian(Name("X"), 2, 1, 31), "'X' that does not last 1 to 30 days");
        RefusedHoliday(new Holiday.Hijri(Name("X"), 0, 1, 1), "'X' in no Hijri month");
        RefusedHoliday(new Holiday.Hijri(Name("X"), 9, 31, 1), "'X' on no day of its month");
        RefusedHoliday(new Holiday.Hijri(Name("X"), 9, 1, 0), "'X' that does not last 1 to 30 days");
        RefusedHoliday(new Holiday.Announced(Name("X"), Day("2026-01-02"), Day("2026-01-01")), "'X' that ends before it begins");
        RefusedHoliday(new Holiday.Announced(Name("X"), Day("2026-01-01"), Day("2026-03-02")), "'X' of 61 days");
        Refused(Office(new HijriCorrection(1446, 10, Day("2025-04-01"))), "1446-10 is corrected by more than a day");
    }

    private static void RefusedHoliday(Holiday holiday, string why) => Refused(Office() with { Holidays = [holiday] }, why);

    private static void Refused(CalendarDefinition definition, string why) =>
        Assert.Contains(why, Assert.Throws<ArgumentException>(() => new WorkingCalendar(definition)).Message, StringComparison.Ordinal);
}
