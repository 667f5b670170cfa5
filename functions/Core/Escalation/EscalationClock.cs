using Serverless940.Core.Time;

namespace Serverless940.Core.Escalation;

/// <summary>
/// When which step of a ladder is due. Pure: it reads no clock and keeps nothing. Each operation may come late, twice or
/// out of order; what no longer fits changes nothing.
/// </summary>
/// <remarks>
/// One tick takes at most one step, and the next patience counts from the moment at which a step was taken, not from when
/// it was due: after a stop of days the department head still gets the whole of the department head's patience.
/// </remarks>
public readonly record struct EscalationClock
{
    /// <summary>Least patience. With none at all, a doubled tick could not be told from the next step.</summary>
    public static readonly TimeSpan LeastPatience = TimeSpan.FromMinutes(1);

    /// <param name="ladder">The steps; emergencies' ladders count real time and ignore the calendar.</param>
    /// <param name="calendar">The working time in which patience counts otherwise.</param>
    /// <exception cref="ArgumentException">The ladder has no steps.</exception>
    public EscalationClock(Ladder ladder, WorkingCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(ladder);
        if (ladder.Steps.Count == 0)
        {
            throw new ArgumentException($"Ladder '{ladder.Id}' has no steps.", nameof(ladder));
        }

        Ladder = ladder;
        Reckoning = Reckoning.Of(ladder.RealTime, calendar);
    }

    public Ladder Ladder { get; }

    /// <summary>How this ladder's patience counts.</summary>
    public Reckoning Reckoning { get; }

    /// <summary>Patience before the step after <paramref name="level"/>, at least <see cref="LeastPatience"/>.</summary>
    public TimeSpan PatienceAfter(int level)
    {
        var patience = level < Ladder.Steps.Count ? Ladder.Steps[Math.Max(0, level)].Patience : Ladder.RepeatEvery;
        return patience > LeastPatience ? patience : LeastPatience;
    }

    /// <summary>When the first step is due for a report assigned at <paramref name="assignedAt"/>.</summary>
    public DateTimeOffset FirstDue(DateTimeOffset assignedAt) => NextDue(0, assignedAt);

    /// <summary>When the next step is due after <paramref name="level"/> was reached at <paramref name="takenAt"/>; from the last level on, its repetition.</summary>
    public DateTimeOffset NextDue(int level, DateTimeOffset takenAt) => Reckoning.Add(takenAt, PatienceAfter(level));

    /// <summary>The level reached by <paramref name="now"/> when every step is taken the moment it is due and nothing pauses.</summary>
    public int LevelAt(DateTimeOffset assignedAt, DateTimeOffset now) => StateAt(assignedAt, now).Level;

    /// <summary>As <see cref="LevelAt"/>, with everything else: for replays and forecasts. Its cost does not grow with the repetitions.</summary>
    public EscalationState StateAt(DateTimeOffset assignedAt, DateTimeOffset now)
    {
        var (level, at) = (0, assignedAt);
        for (var due = FirstDue(at); level < Ladder.Steps.Count && due <= now; due = NextDue(level, at))
        {
            (level, at) = (level + 1, due);
        }

        var repeats = 0;
        if (level == Ladder.Steps.Count)
        {
            var every = PatienceAfter(level);
            repeats = (int)Math.Min(int.MaxValue, Reckoning.Between(at, now).Ticks / every.Ticks);
            at = Reckoning.Add(at, TimeSpan.FromTicks(every.Ticks * repeats));
        }

        return Running(level, repeats, at, TimeSpan.Zero);
    }

    /// <summary>Level 0 from now: at assignment, and again at a new assignment or when the report is reopened.</summary>
    public EscalationState Start(DateTimeOffset now) => Running(0, 0, now, TimeSpan.Zero);

    /// <summary>
    /// A tick: takes one step when it is due, the last one again when there is no other. A pause whose end has passed ends
    /// first, at its own time.
    /// </summary>
    public EscalationResult Escalate(EscalationState state, DateTimeOffset now)
    {
        var current = Settle(state, now);
        if (current.NextDue is not { } due || now < due)
        {
            return new EscalationResult(current, null);
        }

        // A ladder may have become shorter since.
        var level = Math.Min(current.Level + 1, Ladder.Steps.Count);
        var repeats = current.Level >= Ladder.Steps.Count ? current.Repeats + 1 : 0;
        return new EscalationResult(
            Running(level, repeats, now, TimeSpan.Zero),
            new EscalationStep(level, repeats, Ladder.Steps[level - 1], due, now.ToUniversalTime()));
    }

    /// <summary>
    /// Stops counting and keeps the patience used so far. A second pause only changes the end of the first. A step that was
    /// due already is due when the pause ends.
    /// </summary>
    /// <param name="until">When the pause ends by itself; <see langword="null"/> when someone must resume it.</param>
    public EscalationState Pause(EscalationState state, DateTimeOffset now, DateTimeOffset? until = null)
    {
        var current = Settle(state, now);
        return current.Phase switch
        {
            EscalationPhase.Stopped => current,
            EscalationPhase.Paused => current with { ResumeAt = Latest(until, current.PausedAt!.Value) },
            _ => Paused(current, now > current.ClockFrom ? now.ToUniversalTime() : current.ClockFrom, until),
        };
    }

    /// <summary>Counts on with the patience that was left; no change unless it is paused.</summary>
    public EscalationState Resume(EscalationState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.PausedAt is not { } pausedAt)
        {
            return state;
        }

        // Never before the pause began, which would count that time twice; never after it ended by itself.
        var at = state.ResumeAt is { } end && end < now ? end : now;
        return Running(state.Level, state.Repeats, at > pausedAt ? at : pausedAt, state.Used);
    }

    /// <summary>
    /// The same report under this clock's ladder and calendar after a policy changed, or the report moved to another
    /// ladder. The running patience is counted anew from where it began, so a holiday announced today counts for the days
    /// already gone; what was used before a pause stays. On a shorter ladder it stands on the last step; on a longer one it
    /// goes on to the step after. Doing it twice changes nothing.
    /// </summary>
    public EscalationState Recompute(EscalationState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var level = Math.Min(state.Level, Ladder.Steps.Count);
        var repeats = level == Ladder.Steps.Count ? state.Repeats : 0;
        return state.Phase == EscalationPhase.Running
            ? Running(level, repeats, state.ClockFrom, state.Used)
            : state with { Level = level, Repeats = repeats };
    }

    private static DateTimeOffset? Latest(DateTimeOffset? until, DateTimeOffset start) =>
        until is { } end && end < start ? start : until?.ToUniversalTime();

    private EscalationState Settle(EscalationState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.ResumeAt is { } end && end <= now ? Resume(state, end) : state;
    }

    private EscalationState Paused(EscalationState state, DateTimeOffset at, DateTimeOffset? until) => state with
    {
        Phase = EscalationPhase.Paused,
        ClockFrom = at,
        Used = state.Used + Reckoning.Between(state.ClockFrom, at),
        NextDue = null,
        PausedAt = at,
        ResumeAt = Latest(until, at),
    };

    private EscalationState Running(int level, int repeats, DateTimeOffset from, TimeSpan used)
    {
        var left = PatienceAfter(level) - used;
        return new EscalationState
        {
            Phase = EscalationPhase.Running,
            Level = level,
            Repeats = repeats,
            ClockFrom = from.ToUniversalTime(),
            Used = used,
            NextDue = Reckoning.Add(from, left > TimeSpan.Zero ? left : TimeSpan.Zero),
        };
    }
}
