using System.Text.Json;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Core.Tests.Policies;

namespace Serverless940.Core.Tests.Reports;

/// <summary>One report as the handler would keep it: commands go in, events add up.</summary>
internal sealed class Life(Policy? policy = null)
{
    public Policy Policy { get; set; } = policy ?? ExamplePolicy.Policy;

    public DateTimeOffset Now { get; set; } = Orders.Sunday;

    public Report? State { get; private set; }

    public Report Report => State ?? throw new InvalidOperationException("Nothing was received.");

    public List<RecordedEvent> Events { get; } = [];

    public static Life Of(SubmitReport submit, Policy? policy = null)
    {
        var life = new Life(policy);
        life.Accepts(submit);
        return life;
    }

    /// <summary>A report in any status, made by events alone.</summary>
    public static Life In(ReportStatus status, ReportKind kind = ReportKind.Report)
    {
        var life = new Life();
        var policy = life.Policy;
        var submit = Orders.Submit(kind: kind, files: [Orders.File("proof", purpose: AttachmentPurpose.Proof)]);
        var events = ((Decision.Accepted)ReportDecider.Decide(null, submit, policy, life.Now)).Events;
        life.Apply(events[0], submit.Actor);
        life.Apply(new Followed(new Reporter("+966500000008", false, null, "ar"), Orders.KeyOf("+966500000008")), submit.Actor);
        if (status == ReportStatus.Received)
        {
            return life;
        }

        life.Apply(events[1], submit.Actor);
        var clock = life.Report.Clock!;
        var paused = clock with { Phase = Core.Escalation.EscalationPhase.Paused, NextDue = null, PausedAt = life.Now, ResumeAt = life.Now.AddDays(2) };
        var staff = new Actor(ActorKind.Staff, Orders.Worker, "field");
        var mended = new Resolved("mended", ["proof"], clock);
        ReportEvent[] then = status switch
        {
            ReportStatus.Assigned => [],
            ReportStatus.InProgress => [new Started()],
            ReportStatus.OnHold => [new Held("a part", life.Now.AddDays(2), paused)],
            ReportStatus.Referred => [new Referred("traffic", null, paused)],
            ReportStatus.Resolved => [mended],
            ReportStatus.Closed => [mended, new Closed(1, life.Now.AddDays(14), null)],
            ReportStatus.Rejected => [new Rejected("nothing there")],
            ReportStatus.Merged => [new Merged(Orders.OtherNumber)],
            _ => throw new ArgumentOutOfRangeException(nameof(status)),
        };
        foreach (var body in then)
        {
            life.Apply(body, staff);
        }

        return life;
    }

    public Decision Send(ReportCommand command)
    {
        var decision = ReportDecider.Decide(State, command, Policy, Now);
        if (decision is Decision.Accepted accepted)
        {
            foreach (var body in accepted.Events)
            {
                Apply(body, command.Actor);
            }
        }

        return decision;
    }

    public IReadOnlyList<ReportEvent> Accepts(ReportCommand command) => Assert.IsType<Decision.Accepted>(Send(command)).Events;

    public void Refuses(Refusal reason, ReportCommand command) => Assert.Equal(reason, Assert.IsType<Decision.Refused>(Send(command)).Reason);

    public void Ignores(ReportCommand command) => Assert.IsType<Decision.Ignored>(Send(command));

    /// <summary>To the report's next moment, and its tick.</summary>
    public IReadOnlyList<ReportEvent> NextTick()
    {
        Now = Report.NextDue!.Value;
        return Accepts(Orders.Tick(Now));
    }

    public Life Closed()
    {
        Accepts(Orders.Add(Orders.File("closing", purpose: AttachmentPurpose.Proof)));
        return ClosedAgain();
    }

    public Life ClosedAgain()
    {
        Accepts(Orders.Resolve(files: "closing"));
        Accepts(Orders.Verify());
        return this;
    }

    public string Json() => JsonSerializer.Serialize(State, ReportJson.Compact.Report);

    private void Apply(ReportEvent body, Actor actor)
    {
        var recorded = new RecordedEvent(Orders.Number, Events.Count + 1, Now, actor, Policy.Version, body);
        State = ReportHistory.Apply(State, recorded);
        Events.Add(recorded);
    }
}
