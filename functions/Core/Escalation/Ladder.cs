namespace Serverless940.Core.Escalation;

/// <summary>
/// An escalation ladder (سلّم التصعيد): who is told, and after how much patience, while a report stays open. The first
/// owner stays responsible; higher levels are informed.
/// </summary>
/// <param name="Id">Name by which categories refer to it.</param>
/// <param name="RealTime">Whether patience counts around the clock (emergencies) rather than in working time.</param>
/// <param name="Steps">In order, at least one; level n of a report means that step n (1-based) was taken.</param>
/// <param name="RepeatEvery">Patience before the last step is taken again, and again until the report is closed.</param>
public sealed record Ladder(string Id, bool RealTime, IReadOnlyList<LadderStep> Steps, TimeSpan RepeatEvery);

/// <summary>One step of a ladder.</summary>
/// <param name="Role">Whom it tells: <c>teamLead</c>, <c>departmentHead</c>, <c>municipalityHead</c>, <c>amin</c>.</param>
/// <param name="Patience">Time since the step before (since assignment for the first), working or real by the ladder.</param>
/// <param name="TellCitizen">Whether the reporter is told that the report went up.</param>
public sealed record LadderStep(string Role, TimeSpan Patience, bool TellCitizen);
