using Serverless940.Core.Escalation;
using Serverless940.Core.Tests.Time;
using Serverless940.Core.Time;

namespace Serverless940.Core.Tests.Escalation;

/// <summary>What holds on every ladder, calendar and clock; a failure names the seed that shows it.</summary>
public sealed class EscalationPropertyTests
{
    [Fact]
    public void No_level_is_skipped_doubled_or_early_and_an_open_report_is_never_silent()
    {
        var (taken, repeated, pauses) = (0, 0, 0);
        for (var seed = 0; seed < 400; seed++)
        {
            var run = new Run(seed);
            for (var i = 0; i < 150; i++)
            {
                run.Step();
            }

            run.Close();
            Assert.Equal(run.ExpectedRoles().Take(run.Told.Count), run.Told);
            (taken, repeated, pauses) = (taken + run.Told.Count, repeated + run.State.Repeats, pauses + run.Pauses);
        }

        Assert.True(taken > 5000 && repeated > 1000 && pauses > 1000, $"{taken} steps, {repeated} repetitions and {pauses} pauses say little.");
    }

    [Fact]
    public void A_tick_every_minute_takes_each_step_in_the_minute_it_is_due_and_pauses_lose_nothing()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var ladder = NextLadder(random, longest: TimeSpan.FromHours(20));
            var calendar = new WorkingCalendar(RandomCalendars.Next(random));
            var clock = new EscalationClock(ladder, calendar);
            var now = RandomCalendars.NextMinute(random);
            var state = clock.Start(now);
            var counted = TimeSpan.Zero;
            for (var minute = 0; minute < 8 * 24 * 60; minute++)
            {
                // The model counts minutes in which someone works and nothing pauses.
                if (state.Phase == EscalationPhase.Running && (ladder.RealTime || calendar.IsOpen(now)))
                {
                    counted += TimeSpan.FromMinutes(1);
                }

                now = now.AddMinutes(1);
                if (random.Next(500) == 0)
                {
                    state = state.Phase == EscalationPhase.Running ? clock.Pause(state, now) : clock.Resume(state, now);
                }

                var due = state.Phase == EscalationPhase.Running && counted >= clock.PatienceAfter(state.Level);
                (state, var taken) = clock.Escalate(state, now);
                Assert.True(due == taken is not null, $"seed {seed}, minute {minute}: counted {counted}");
                counted = due ? TimeSpan.Zero : counted;
            }
        }
    }

    [Fact]
    public void Recomputing_at_any_time_under_the_same_policy_changes_nothing()
    {
        for (var seed = 1000; seed < 1100; seed++)
        {
            var run = new Run(seed);
            for (var i = 0; i < 60; i++)
            {
                run.Step();
                Assert.Equal(run.State, run.Clock.Recompute(run.State));
            }
        }
    }

    [Fact]
    public void Under_a_new_policy_each_report_climbs_on_from_its_level_and_stays_loud()
    {
        for (var seed = 2000; seed < 2200; seed++)
        {
            var (run, other) = (new Run(seed), new Run(seed + 10_000));
            for (var i = 0; i < 40; i++)
            {
                run.Step();
            }

            var state = other.Clock.Recompute(run.State);
            var steps = other.Clock.Ladder.Steps.Count;
            Assert.Equal(Math.Min(run.State.Level, steps), state.Level);
            Assert.Equal(state.Phase == EscalationPhase.Running, state.NextDue is not null);
            if (state.NextDue is { } due)
            {
                var taken = other.Clock.Escalate(state, due).Taken!;
                Assert.Equal(Math.Min(state.Level + 1, steps), taken.Level);
            }
        }
    }

    private static Ladder NextLadder(Random random, TimeSpan longest)
    {
        TimeSpan Patience() => TimeSpan.FromMinutes(random.Next(1, (int)longest.TotalMinutes));
        var steps = Enumerable.Range(1, random.Next(1, 6)).Select(i => new LadderStep($"role{i}", Patience(), random.Next(2) == 0)).ToArray();
        return new Ladder("random", random.Next(4) == 0, steps, Patience());
    }

    /// <summary>One report under ticks that are missed, late, doubled and out of order, with pauses, beside a model of what must happen.</summary>
    private sealed class Run
    {
        private readonly Random _random;
        private readonly string _name;
        private readonly List<(DateTimeOffset From, DateTimeOffset To)> _counted = [];
        private DateTimeOffset _now;
        private DateTimeOffset _countsFrom;

        public Run(int seed)
        {
            _random = new Random(seed);
            _name = $"seed {seed}";
            Clock = new EscalationClock(NextLadder(_random, TimeSpan.FromDays(3)), new WorkingCalendar(RandomCalendars.Next(_random)));
            _now = _countsFrom = RandomCalendars.NextMinute(_random);
            State = Clock.Start(_now);
        }

        public EscalationClock Clock { get; }

        public EscalationState State { get; private set; }

        public List<string> Told { get; } = [];

        public int Pauses { get; private set; }

        public IEnumerable<string> ExpectedRoles() =>
            Clock.Ladder.Steps.Select(step => step.Role).Concat(Enumerable.Repeat(Clock.Ladder.Steps[^1].Role, int.MaxValue));

        public void Step()
        {
            // Mostly the next minute; sometimes the very instant it is due, sometimes days later.
            _now = _random.Next(8) switch
            {
                0 => _now.AddMinutes(_random.Next(20 * 24 * 60)),
                1 or 2 => State.NextDue is { } due && due > _now ? due : _now,
                3 => State.NextDue is { } due && due > _now.AddTicks(1) ? due.AddTicks(-1) : _now,
                4 => _now,
                _ => _now.AddMinutes(1 + _random.Next(300)),
            };
            switch (_random.Next(12))
            {
                case 0 when State.Phase == EscalationPhase.Running:
                    Pause();
                    break;
                case < 3 when State.Phase == EscalationPhase.Paused:
                    State = Clock.Resume(State, _now);
                    _countsFrom = _now;
                    break;
                default:
                    Tick(_now);
                    break;
            }

            Assert.True((State.Phase == EscalationPhase.Running) == (State.NextDue is not null), $"{_name}: silent while open");
        }

        public void Close()
        {
            State = State.Stop();
            Assert.Null(Clock.Escalate(State, _now.AddYears(1)).Taken);
        }

        private void Tick(DateTimeOffset now)
        {
            var counted = _counted.Aggregate(TimeSpan.Zero, (sum, part) => sum + Clock.Reckoning.Between(part.From, part.To));
            counted += Clock.Reckoning.Between(_countsFrom, now);
            var due = State.Phase == EscalationPhase.Running && counted >= Clock.PatienceAfter(State.Level);
            var before = State;

            (State, var taken) = Clock.Escalate(before, now);

            Assert.True(due == taken is not null, $"{_name}: at {now:O} counted {counted}, level {before.Level}");
            if (taken is null)
            {
                Assert.Same(before, State);
                return;
            }

            Assert.True(taken.Level == Math.Min(before.Level + 1, Clock.Ladder.Steps.Count) && taken.DueAt <= now, $"{_name}: level {taken.Level}");
            Assert.Equal((taken.Level, taken.Repeat), (State.Level, State.Repeats));
            Told.Add(taken.Step.Role);
            _counted.Clear();
            _countsFrom = now;

            // The same tick again, and one that was overtaken on its way.
            Assert.Null(Clock.Escalate(State, now).Taken);
            Assert.Null(Clock.Escalate(State, now.AddMinutes(-_random.Next(5000))).Taken);
        }

        private void Pause()
        {
            Pauses++;
            _counted.Add((_countsFrom, _now));
            State = Clock.Pause(State, _now);
            Assert.Same(State, Clock.Escalate(State, _now.AddDays(400)).State);
            Assert.Equal(State, Clock.Pause(State, _now.AddMinutes(1)));
        }
    }
}
