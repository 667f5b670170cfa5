using Serverless940.Core.Time;

namespace Serverless940.Core.Tests.Time;

/// <summary>What holds for every calendar; a failure names the seed that shows it.</summary>
public sealed class WorkingCalendarPropertyTests
{
    private const int _window = 16 * 24 * 60;

    [Fact]
    public void A_naive_simulation_minute_by_minute_agrees()
    {
        var (opened, closed) = (0, 0);
        for (var seed = 0; seed < 120; seed++)
        {
            var random = new Random(seed);
            var definition = RandomCalendars.Next(random);
            var (calendar, from) = (new WorkingCalendar(definition), WindowStart(random, definition));
            var open = new NaiveCalendar(definition).Minutes(from, _window);
            var worked = new int[_window + 1];
            for (var i = 0; i < _window; i++)
            {
                worked[i + 1] = worked[i] + (open[i] ? 1 : 0);
                Assert.True(open[i] == calendar.IsOpen(from.AddMinutes(i)), $"seed {seed}, {definition.TimeZone}, {from.AddMinutes(i):u}: expected {open[i]}");
            }

            opened += worked[_window];
            closed += _window - worked[_window];
            for (var pair = 0; pair < 200; pair++)
            {
                var (a, b) = (random.Next(_window), random.Next(_window));
                var expected = Math.Max(0, worked[Math.Max(a, b)] - worked[a]);
                Assert.True(TimeSpan.FromMinutes(expected) == calendar.Between(from.AddMinutes(a), from.AddMinutes(b)), $"seed {seed}: between {a} and {b}");

                var end = Array.IndexOf(worked, worked[a] + 1 + (pair % 97), a);
                Assert.True(end < 0 || from.AddMinutes(end) == calendar.Add(from.AddMinutes(a), TimeSpan.FromMinutes(1 + (pair % 97))), $"seed {seed}: add at {a}");

                var next = Array.IndexOf(open, true, a);
                Assert.True(next < 0 || from.AddMinutes(next) == calendar.NextOpen(from.AddMinutes(a)), $"seed {seed}: next open at {a}");
            }
        }

        Assert.True(opened > 100_000 && closed > 100_000, $"{opened} open and {closed} closed minutes say little.");
    }

    [Fact]
    public void Adding_and_measuring_are_inverse_additive_and_monotonic_to_the_tick()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var calendar = new WorkingCalendar(RandomCalendars.Next(random));
            for (var i = 0; i < 40; i++)
            {
                var a = RandomCalendars.NextMinute(random).AddTicks(random.NextInt64(TimeSpan.TicksPerMinute));
                var b = a.AddTicks(random.NextInt64(400 * TimeSpan.TicksPerDay));
                var c = b.AddTicks(random.NextInt64(400 * TimeSpan.TicksPerDay));
                var (w, v) = (NextSpan(random), NextSpan(random));
                var end = calendar.Add(a, w);

                Assert.True(calendar.Between(a, end) == w, $"seed {seed}.{i}: what was added is measured");
                Assert.True(end == a || calendar.Between(a, end.AddTicks(-1)) == w - TimeSpan.FromTicks(1), $"seed {seed}.{i}: not later than it must be");
                Assert.True(calendar.Add(a, calendar.Between(a, b)) <= b, $"seed {seed}.{i}: what was measured fits");
                Assert.True(calendar.Add(end, v) == calendar.Add(a, w + v), $"seed {seed}.{i}: adding is additive");
                Assert.True(calendar.Between(a, b) + calendar.Between(b, c) == calendar.Between(a, c), $"seed {seed}.{i}: measuring is additive");
                Assert.True(calendar.Add(b, w) >= end && calendar.Add(a, w + v) >= end, $"seed {seed}.{i}: monotonic");
                Assert.True(calendar.Between(a, b) <= b - a && calendar.Between(c, a) == TimeSpan.Zero, $"seed {seed}.{i}: never more than passes");
                var open = calendar.NextOpen(a);
                Assert.True(open >= a && calendar.IsOpen(open) && calendar.Between(a, open) == TimeSpan.Zero, $"seed {seed}.{i}: next open");
            }
        }
    }

    private static TimeSpan NextSpan(Random random) => TimeSpan.FromTicks(random.NextInt64(1L << random.Next(1, 47)));

    // Half of the windows lie where something happens: clocks change, Ramadan begins or ends, a year ends.
    private static DateTimeOffset WindowStart(Random random, CalendarDefinition definition)
    {
        var from = RandomCalendars.NextMinute(random);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(definition.TimeZone);
        for (var day = random.Next(2) * 400; day < 400; day++)
        {
            from = from.AddDays(1);
            var hijri = HijriMonths.Printed.From(DateOnly.FromDateTime(from.UtcDateTime))!.Value;
            if (zone.GetUtcOffset(from) != zone.GetUtcOffset(from.AddDays(8)) || hijri is { Month: 8 or 9, Day: 22 } || from is { Month: 12, Day: 24 })
            {
                break;
            }
        }

        return from;
    }
}
