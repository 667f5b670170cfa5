using System.Text.Json;
using Serverless940.Core.Escalation;
using Serverless940.Core.Time;
using static Serverless940.Core.Tests.Time.Calendars;

namespace Serverless940.Core.Tests.Escalation;

public sealed class EscalationClockTests
{
    private static readonly WorkingCalendar _office = new(Office());

    private static readonly Ladder _normal = new(
        "normal",
        RealTime: false,
        [
            new LadderStep("teamLead", TimeSpan.FromHours(4), TellCitizen: false),
            new LadderStep("departmentHead", TimeSpan.FromHours(7), TellCitizen: true),
            new LadderStep("municipalityHead", TimeSpan.FromHours(14), TellCitizen: true),
        ],
        TimeSpan.FromHours(7));

    private static readonly EscalationClock _clock = new(_normal, _office);

    [Fact]
    public void A_report_nobody_works_climbs_the_ladder_in_working_time_and_stays_loud_at_the_top()
    {
        var state = _clock.Start(Riyadh("2026-01-08 13:30")); // Thursday
        Assert.Equal(0, state.Level);
        (string Due, string Role, int Level, int Repeat)[] expected =
        [
            ("2026-01-11 10:30", "teamLead", 1, 0), // Sunday: 1 h of Thursday, 3 h of Sunday
            ("2026-01-12 10:30", "departmentHead", 2, 0), // Monday
            ("2026-01-14 10:30", "municipalityHead", 3, 0), // Wednesday
            ("2026-01-15 10:30", "municipalityHead", 3, 1), // Thursday
            ("2026-01-18 10:30", "municipalityHead", 3, 2), // Sunday
            ("2026-01-19 10:30", "municipalityHead", 3, 3), // Monday
        ];
        foreach (var (due, role, level, repeat) in expected)
        {
            Assert.Equal(Riyadh(due), state.NextDue);
            var early = _clock.Escalate(state, Riyadh(due).AddTicks(-1));
            Assert.Null(early.Taken);
            Assert.Same(state, early.State);

            var (next, taken) = _clock.Escalate(state, Riyadh(due));
            Assert.Equal(new EscalationStep(level, repeat, _normal.Steps[level - 1], Riyadh(due), Riyadh(due)), taken);
            Assert.Equal(role, taken!.Step.Role);
            Assert.Equal((level, repeat), (next.Level, next.Repeats));
            state = next;
        }
    }

    [Fact]
    public void An_emergency_does_not_wait_for_the_office()
    {
        var clock = new EscalationClock(_normal with { RealTime = true }, _office);

        Assert.Equal(Riyadh("2026-03-20 03:00"), clock.FirstDue(Riyadh("2026-03-19 23:00"))); // the night to Eid
        Assert.Equal(Riyadh("2026-03-24 11:30"), _clock.FirstDue(Riyadh("2026-03-19 23:00"))); // Tuesday after it
    }

    [Fact]
    public void A_tick_that_comes_twice_takes_one_step()
    {
        var state = _clock.Start(Riyadh("2026-01-11 07:30"));
        var first = _clock.Escalate(state, Riyadh("2026-01-11 11:30"));
        var second = _clock.Escalate(first.State, Riyadh("2026-01-11 11:30"));

        Assert.NotNull(first.Taken);
        Assert.Null(second.Taken);
        Assert.Same(first.State, second.State);
    }

    [Fact]
    public void After_missed_ticks_each_level_is_told_once_and_keeps_its_whole_patience()
    {
        var state = _clock.Start(Riyadh("2026-01-11 07:30")); // Sunday
        var (late, taken) = _clock.Escalate(state, Riyadh("2026-01-18 09:00")); // a week later

        Assert.Equal("teamLead", taken!.Step.Role);
        Assert.Equal(Riyadh("2026-01-11 11:30"), taken.DueAt);
        Assert.Equal(Riyadh("2026-01-19 09:00"), late.NextDue); // seven working hours from when it was taken
        Assert.Null(_clock.Escalate(late, Riyadh("2026-01-18 09:01")).Taken);
    }

    [Fact]
    public void A_ladder_without_patience_still_takes_one_step_a_minute()
    {
        var clock = new EscalationClock(
            new Ladder("hasty", true, [new LadderStep("teamLead", TimeSpan.Zero, false), new LadderStep("amin", TimeSpan.Zero, false)], TimeSpan.Zero), _office);
        var now = Riyadh("2026-01-11 07:30");

        Assert.Equal(now.AddMinutes(1), clock.FirstDue(now));
        var first = clock.Escalate(clock.Start(now), now.AddMinutes(1));
        Assert.NotNull(first.Taken);
        Assert.Null(clock.Escalate(first.State, now.AddMinutes(1)).Taken);
    }

    [Fact]
    public void A_pause_keeps_the_patience_that_was_left()
    {
        var state = _clock.Start(Riyadh("2026-01-11 07:30")); // Sunday
        var paused = _clock.Pause(state, Riyadh("2026-01-11 10:30")); // one hour left
        Assert.Equal(EscalationPhase.Paused, paused.Phase);
        Assert.Null(paused.NextDue);
        Assert.Null(paused.WakeAt);
        Assert.Same(paused, _clock.Escalate(paused, Riyadh("2026-02-11 10:30")).State);

        var resumed = _clock.Resume(paused, Riyadh("2026-01-14 14:00")); // Wednesday
        Assert.Equal(Riyadh("2026-01-15 08:00"), resumed.NextDue); // Thursday: half an hour each
        Assert.Same(resumed, _clock.Resume(resumed, Riyadh("2026-01-14 14:00")));

        var again = _clock.Resume(_clock.Pause(resumed, Riyadh("2026-01-14 14:15")), Riyadh("2026-01-18 07:30"));
        Assert.Equal(Riyadh("2026-01-18 08:15"), again.NextDue); // Sunday: a quarter of it was used before
        var (_, taken) = _clock.Escalate(again, Riyadh("2026-01-18 08:15"));
        Assert.Equal(1, taken!.Level);
    }

    [Fact]
    public void A_pause_ends_by_itself_at_its_own_time_also_when_the_tick_is_late()
    {
        var state = _clock.Start(Riyadh("2026-01-11 07:30")); // Sunday
        var paused = _clock.Pause(state, Riyadh("2026-01-11 10:30"), until: Riyadh("2026-01-13 09:00")); // one hour left
        Assert.Equal(Riyadh("2026-01-13 09:00"), paused.WakeAt);
        Assert.Same(paused, _clock.Escalate(paused, Riyadh("2026-01-13 08:59")).State);

        var (onTime, nothing) = _clock.Escalate(paused, Riyadh("2026-01-13 09:00"));
        Assert.Null(nothing);
        Assert.Equal(Riyadh("2026-01-13 10:00"), onTime.NextDue);

        var (_, taken) = _clock.Escalate(paused, Riyadh("2026-01-13 12:00"));
        Assert.Equal(Riyadh("2026-01-13 10:00"), taken!.DueAt);
        Assert.Equal(onTime, _clock.Resume(paused, Riyadh("2026-01-20 09:00")));
    }

    [Fact]
    public void A_second_pause_only_moves_the_end_of_the_first()
    {
        var paused = _clock.Pause(_clock.Start(Riyadh("2026-01-11 07:30")), Riyadh("2026-01-11 10:30"), Riyadh("2026-01-13 09:00"));
        var longer = _clock.Pause(paused, Riyadh("2026-01-12 10:30"), Riyadh("2026-01-20 09:00"));

        Assert.Equal(paused with { ResumeAt = Riyadh("2026-01-20 09:00") }, longer);
        Assert.Equal(paused, _clock.Pause(paused, Riyadh("2026-01-11 10:30"), Riyadh("2026-01-13 09:00")));
    }

    [Fact]
    public void A_step_that_was_due_before_the_pause_is_due_when_it_ends()
    {
        var state = _clock.Start(Riyadh("2026-01-11 07:30"));
        var resumed = _clock.Resume(_clock.Pause(state, Riyadh("2026-01-11 13:00")), Riyadh("2026-01-14 08:00"));

        Assert.Equal(Riyadh("2026-01-14 08:00"), resumed.NextDue);
    }

    [Fact]
    public void Commands_out_of_order_count_no_time_twice()
    {
        var state = _clock.Start(Riyadh("2026-01-11 10:00"));
        var before = _clock.Pause(state, Riyadh("2026-01-11 09:00"));
        Assert.Equal(TimeSpan.Zero, before.Used);
        Assert.Equal(Riyadh("2026-01-11 10:00"), before.PausedAt);

        var paused = _clock.Pause(state, Riyadh("2026-01-11 11:00"));
        Assert.Equal(_clock.Resume(paused, Riyadh("2026-01-11 11:00")), _clock.Resume(paused, Riyadh("2026-01-11 10:30")));
        Assert.Equal(Riyadh("2026-01-11 11:00"), _clock.Pause(state, Riyadh("2026-01-11 11:00"), Riyadh("2026-01-01 00:00")).ResumeAt);
    }

    [Fact]
    public void A_closed_report_is_silent_for_good_and_a_reopened_one_begins_again()
    {
        var escalated = _clock.Escalate(_clock.Start(Riyadh("2026-01-11 07:30")), Riyadh("2026-01-11 11:30")).State;
        foreach (var stopped in new[] { escalated.Stop(), _clock.Pause(escalated, Riyadh("2026-01-11 12:00"), Riyadh("2026-01-12 12:00")).Stop() })
        {
            Assert.Equal((EscalationPhase.Stopped, 1), (stopped.Phase, stopped.Level));
            Assert.Null(stopped.WakeAt);
            Assert.Same(stopped, stopped.Stop());
            Assert.Same(stopped, _clock.Escalate(stopped, Riyadh("2027-01-11 11:30")).State);
            Assert.Same(stopped, _clock.Pause(stopped, Riyadh("2027-01-11 11:30")));
            Assert.Same(stopped, _clock.Resume(stopped, Riyadh("2027-01-11 11:30")));
            Assert.Equal(stopped, _clock.Recompute(stopped));
        }

        var reopened = _clock.Start(Riyadh("2026-02-01 07:30"));
        Assert.Equal((0, 0, Riyadh("2026-02-01 11:30")), (reopened.Level, reopened.Repeats, reopened.NextDue));
    }

    [Fact]
    public void A_holiday_announced_today_moves_open_clocks()
    {
        var state = _clock.Start(Riyadh("2026-01-11 13:30")); // Sunday; due Monday 10:30
        var closedOnMonday = new WorkingCalendar(Office() with { Holidays = [new Holiday.Announced(Name("Storm"), Day("2026-01-12"), Day("2026-01-12"))] });
        var clock = new EscalationClock(_normal, closedOnMonday);

        var moved = clock.Recompute(state);
        Assert.Equal(Riyadh("2026-01-13 10:30"), moved.NextDue); // Tuesday
        Assert.Equal(moved, clock.Recompute(moved));
        Assert.Equal(state, _clock.Recompute(moved));
    }

    [Fact]
    public void A_changed_ladder_moves_open_clocks_and_keeps_what_was_used()
    {
        var paused = _clock.Pause(_clock.Start(Riyadh("2026-01-11 07:30")), Riyadh("2026-01-11 09:30")); // two hours used
        var quicker = new EscalationClock(_normal with { Steps = [_normal.Steps[0] with { Patience = TimeSpan.FromHours(3) }] }, _office);
        Assert.Equal(paused, quicker.Recompute(paused));
        Assert.Equal(Riyadh("2026-01-12 08:30"), quicker.Resume(paused, Riyadh("2026-01-12 07:30")).NextDue);

        var running = _clock.Resume(paused, Riyadh("2026-01-12 07:30"));
        Assert.Equal(Riyadh("2026-01-12 08:30"), quicker.Recompute(running).NextDue);
    }

    [Fact]
    public void A_ladder_that_became_shorter_or_longer_goes_on_from_where_the_report_stands()
    {
        var state = _clock.StateAt(Riyadh("2026-01-11 07:30"), Riyadh("2026-01-25 07:30"));
        Assert.Equal(3, state.Level);
        Assert.True(state.Repeats > 0);

        var shorter = new EscalationClock(_normal with { Steps = [.. _normal.Steps.Take(2)] }, _office);
        var stands = shorter.Recompute(state);
        Assert.Equal((2, state.Repeats), (stands.Level, stands.Repeats));
        var (_, repeated) = shorter.Escalate(stands, stands.NextDue!.Value);
        Assert.Equal(("departmentHead", state.Repeats + 1), (repeated!.Step.Role, repeated.Repeat));
        // Also where nobody recomputed it yet.
        Assert.Equal("departmentHead", shorter.Escalate(state, state.NextDue!.Value).Taken!.Step.Role);

        var longer = new EscalationClock(_normal with { Steps = [.. _normal.Steps, new LadderStep("amin", TimeSpan.FromHours(1), true)] }, _office);
        var climbs = longer.Recompute(state);
        Assert.Equal((3, 0), (climbs.Level, climbs.Repeats));
        Assert.Equal(("amin", 4, 0), longer.Escalate(climbs, climbs.NextDue!.Value).Taken is { } t ? (t.Step.Role, t.Level, t.Repeat) : default);
    }

    [Fact]
    public void The_level_at_an_instant_is_the_one_that_punctual_ticks_reach()
    {
        var assigned = Riyadh("2026-01-08 13:30");
        var state = _clock.Start(assigned);
        for (var now = assigned; now < assigned.AddDays(60); now = now.AddMinutes(30))
        {
            state = _clock.Escalate(state, now).State;
            Assert.Equal(state, _clock.StateAt(assigned, now));
            Assert.Equal(state.Level, _clock.LevelAt(assigned, now));
        }

        Assert.True(state.Repeats > 10);
        Assert.Equal(0, _clock.LevelAt(assigned, assigned.AddDays(-1)));
    }

    [Fact]
    public void A_state_survives_being_written_down()
    {
        EscalationState[] states =
        [
            _clock.Start(Riyadh("2026-01-11 07:30")),
            _clock.Pause(_clock.Start(Riyadh("2026-01-11 07:30")), Riyadh("2026-01-11 09:30"), Riyadh("2026-01-18 09:30")),
            _clock.StateAt(Riyadh("2026-01-11 07:30"), Riyadh("2026-03-11 07:30")).Stop(),
        ];
        Assert.All(states, state => Assert.Equal(state, JsonSerializer.Deserialize<EscalationState>(JsonSerializer.Serialize(state))));
    }

    [Fact]
    public void A_ladder_without_steps_is_refused() =>
        Assert.Throws<ArgumentException>(() => new EscalationClock(_normal with { Steps = [] }, _office));
}
