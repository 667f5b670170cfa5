namespace Serverless940.Core.Escalation;

/// <summary>Whether a report's escalation clock counts.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(Text.CamelCaseEnumConverter<EscalationPhase>))]
public enum EscalationPhase
{
    /// <summary>Counting; <see cref="EscalationState.NextDue"/> is set.</summary>
    Running,

    /// <summary>Waiting for someone who is not ours (the citizen, an agency): nothing counts.</summary>
    Paused,

    /// <summary>The report is closed.</summary>
    Stopped,
}

/// <summary>
/// Where a report stands on its ladder (موضع البلاغ في سلّم التصعيد), kept with the report. <see cref="EscalationClock"/>
/// makes each next one; instants are UTC.
/// </summary>
public sealed record EscalationState
{
    public required EscalationPhase Phase { get; init; }

    /// <summary>Steps taken: 0 while only the owner knows, then the 1-based number of the last step taken.</summary>
    public int Level { get; init; }

    /// <summary>How often the last step was taken again.</summary>
    public int Repeats { get; init; }

    /// <summary>From when the patience of the next step counts: assignment, the last step, or the end of the last pause.</summary>
    public required DateTimeOffset ClockFrom { get; init; }

    /// <summary>Patience used up before <see cref="ClockFrom"/>, between pauses; working or real time by the ladder.</summary>
    public TimeSpan Used { get; init; }

    /// <summary>When the next step is due; set while running, and only then.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>Since when it is paused; set while paused, and only then.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>When the pause ends by itself; <see langword="null"/> when it waits to be resumed, and while not paused.</summary>
    public DateTimeOffset? ResumeAt { get; init; }

    /// <summary>
    /// When the timer must look at this report: the next step or the end of the pause. <see langword="null"/> when it is
    /// stopped or paused without an end.
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public DateTimeOffset? WakeAt => NextDue ?? ResumeAt;

    /// <summary>Closed: nothing is due any more; the level stays readable. Stopping twice changes nothing.</summary>
    public EscalationState Stop() =>
        Phase == EscalationPhase.Stopped ? this : this with { Phase = EscalationPhase.Stopped, NextDue = null, PausedAt = null, ResumeAt = null };
}

/// <summary>A step that was just taken.</summary>
/// <param name="Level">1-based number of the step.</param>
/// <param name="Repeat">0 the first time, then how often the last step was taken again.</param>
/// <param name="Step">Whom to tell.</param>
/// <param name="DueAt">When it was due.</param>
/// <param name="TakenAt">When it was taken, at or after that.</param>
public sealed record EscalationStep(int Level, int Repeat, LadderStep Step, DateTimeOffset DueAt, DateTimeOffset TakenAt);

/// <summary>What a tick did.</summary>
/// <param name="State">The state from now on; the same object when nothing changed.</param>
/// <param name="Taken">The step taken; <see langword="null"/> when none was due.</param>
public readonly record struct EscalationResult(EscalationState State, EscalationStep? Taken);
