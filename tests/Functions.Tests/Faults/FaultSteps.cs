using Serverless940.Tests.Shared.Media;

namespace Serverless940.Functions.Tests.Faults;

/// <summary>One step of the walk: how reports get there, what happens, and what must be true afterwards.</summary>
internal abstract class FaultStep
{
    public virtual string EscalationSchedule => "0 0 0 1 1 *";

    /// <summary>Whether reports of this step do not disturb each other, so that many can be prepared together.</summary>
    public virtual bool IsBulk => true;

    /// <summary>The timeline after the step.</summary>
    public abstract IReadOnlyList<string> Steps { get; }

    /// <summary>The templates of the SMS that the citizen has got after the step.</summary>
    public abstract IReadOnlyList<string> Texts { get; }

    /// <summary>Whether an escalation is to come.</summary>
    public virtual bool IsDue => true;

    public abstract Task PrepareAsync(FaultLane lane, IReadOnlyList<FaultCase> cases);

    /// <summary>The step itself: one call of one client, or one tick.</summary>
    /// <param name="again">Whether the caller repeats it for want of an answer.</param>
    public abstract Task ActAsync(FaultLane lane, FaultCase report, bool again, CancellationToken cancellationToken);

    public virtual Task VerifyAsync(FaultLane lane, FaultCase report) => lane.VerifyAsync(report, Steps, Texts, IsDue);

    public virtual Task CleanUpAsync(FaultLane lane, FaultCase report) => Task.CompletedTask;

    public static object Body(FaultCase report, string category, byte[]? photo = null) => new
    {
        category,
        text = "بلاغ للتجربة",
        location = new { lat = 26.4282, lon = 50.0881 },
        reporter = new { phone = report.Phone },
        attachments = photo is null ? [] : new[] { new { contentType = "image/jpeg", data = Convert.ToBase64String(photo) } },
    };

    protected static async Task EachAsync(FaultLane lane, IReadOnlyList<FaultCase> cases, Func<FaultCase, CancellationToken, Task> act)
    {
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = 8 }, (report, token) => new ValueTask(act(report, token)));
        await lane.SettleAsync();
    }

    protected static Task SubmitAsync(FaultLane lane, IReadOnlyList<FaultCase> cases, string category) =>
        EachAsync(lane, cases, (report, token) => lane.SubmitAsync(report, Body(report, category), token));
}

internal sealed class SubmitStep : FaultStep
{
    private static readonly byte[] Photo = JpegSample.FromPhone(26.4282, 50.0881);

    public override IReadOnlyList<string> Steps => ["received", "assigned"];

    public override IReadOnlyList<string> Texts => ["received"];

    public override Task PrepareAsync(FaultLane lane, IReadOnlyList<FaultCase> cases) => Task.CompletedTask;

    public override Task ActAsync(FaultLane lane, FaultCase report, bool again, CancellationToken cancellationToken) =>
        lane.SubmitAsync(report, Body(report, "lighting.pole", Photo), cancellationToken);
}

/// <summary>The tick at which the second level is due, of which the citizen is told.</summary>
internal sealed class EscalateStep : FaultStep
{
    public override string EscalationSchedule => "0 0 * * * *";

    public override bool IsBulk => false;

    public override IReadOnlyList<string> Steps => ["received", "assigned", "escalated", "escalated"];

    public override IReadOnlyList<string> Texts => ["received", "escalated"];

    public override async Task PrepareAsync(FaultLane lane, IReadOnlyList<FaultCase> cases)
    {
        await SubmitAsync(lane, cases, "roads.manhole");
        await lane.AdvanceToAsync(Tick(await lane.NextDueAsync(cases[0])).AddMinutes(1));
        await lane.AdvanceToAsync(Tick(await lane.NextDueAsync(cases[0])).AddMinutes(-1));
    }

    public override async Task ActAsync(FaultLane lane, FaultCase report, bool again, CancellationToken cancellationToken) =>
        await lane.AdvanceAsync(TimeSpan.FromMinutes(2), cancellationToken);

    // Rejected, and the moment that stays behind in the index passed: the next report's tick finds nothing else.
    public override async Task CleanUpAsync(FaultLane lane, FaultCase report)
    {
        var due = await lane.NextDueAsync(report);
        await lane.CommandAsync(report, "dispatcher", new { command = "reject", reason = "انتهت التجربة" });
        await lane.AdvanceToAsync(Tick(due).AddMinutes(1));
    }

    private static DateTimeOffset Tick(DateTimeOffset due) => new(due.Ticks - (due.Ticks % TimeSpan.TicksPerHour) + TimeSpan.TicksPerHour, due.Offset);
}

internal sealed class StartStep : FaultStep
{
    public override IReadOnlyList<string> Steps => ["received", "assigned", "started"];

    public override IReadOnlyList<string> Texts => ["received", "started"];

    public override Task PrepareAsync(FaultLane lane, IReadOnlyList<FaultCase> cases) => SubmitAsync(lane, cases, "lighting.pole");

    public override Task ActAsync(FaultLane lane, FaultCase report, bool again, CancellationToken cancellationToken) =>
        lane.CommandAsync(report, "field", new { command = "start" }, cancellationToken);
}

internal sealed class ProofStep : FaultStep
{
    private static readonly byte[] Photo = JpegSample.FromPhone(26.43, 50.09);

    public override IReadOnlyList<string> Steps => ["received", "assigned", "attachmentAdded"];

    public override IReadOnlyList<string> Texts => ["received"];

    public override Task PrepareAsync(FaultLane lane, IReadOnlyList<FaultCase> cases) => SubmitAsync(lane, cases, "lighting.pole");

    public override Task ActAsync(FaultLane lane, FaultCase report, bool again, CancellationToken cancellationToken) =>
        lane.AttachProofAsync(report, Photo, cancellationToken);

    public static Task GiveAsync(FaultLane lane, IReadOnlyList<FaultCase> cases) =>
        EachAsync(lane, cases, (report, token) => lane.AttachProofAsync(report, Photo, token));
}

internal sealed class ResolveStep : FaultStep
{
    public override IReadOnlyList<string> Steps => ["received", "assigned", "attachmentAdded", "resolved"];

    public override IReadOnlyList<string> Texts => ["received"];

    public override async Task PrepareAsync(FaultLane lane, IReadOnlyList<FaultCase> cases)
    {
        await SubmitAsync(lane, cases, "lighting.pole");
        await ProofStep.GiveAsync(lane, cases);
    }

    public override Task ActAsync(FaultLane lane, FaultCase report, bool again, CancellationToken cancellationToken) =>
        lane.CommandAsync(report, "field", new { command = "resolve", note = "أُصلح", attachmentIds = new[] { report.Attachment } }, cancellationToken);
}

internal sealed class VerifyStep : FaultStep
{
    public override IReadOnlyList<string> Steps => ["received", "assigned", "resolved", "closed"];

    public override IReadOnlyList<string> Texts => ["received", "closed"];

    public override bool IsDue => false;

    public override async Task PrepareAsync(FaultLane lane, IReadOnlyList<FaultCase> cases)
    {
        await SubmitAsync(lane, cases, "other.complaint");
        await EachAsync(lane, cases, (report, token) => lane.CommandAsync(report, "field", new { command = "resolve", note = "أُصلح" }, token));
    }

    public override Task ActAsync(FaultLane lane, FaultCase report, bool again, CancellationToken cancellationToken) =>
        lane.CommandAsync(report, "verifier", new { command = "verify", confirmed = true }, cancellationToken);
}

internal sealed class RateStep : FaultStep
{
    private readonly VerifyStep _before = new();

    public override IReadOnlyList<string> Steps => ["received", "assigned", "resolved", "closed", "rated", "reopened"];

    public override IReadOnlyList<string> Texts => ["received", "closed", "reopened"];

    public override async Task PrepareAsync(FaultLane lane, IReadOnlyList<FaultCase> cases)
    {
        await _before.PrepareAsync(lane, cases);
        await EachAsync(lane, cases, (report, token) => _before.ActAsync(lane, report, false, token));
    }

    public override Task ActAsync(FaultLane lane, FaultCase report, bool again, CancellationToken cancellationToken) =>
        lane.RateAsync(report, again, cancellationToken);
}
