using Serverless940.Core.Insights;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;

namespace Serverless940.Simulator;

/// <summary>One report on its way through the core, driven as the app drives it: decided, applied, counted.</summary>
public sealed class Case
{
    private static readonly Actor s_fixer = new(ActorKind.Staff, "fixer", "field");
    private static readonly Actor s_checker = new(ActorKind.Staff, "checker", "verifier");
    private static readonly Actor s_dispatcher = new(ActorKind.Staff, "dispatcher", "dispatcher");

    private readonly Policy _policy;
    private readonly KpiCounter _counter;
    private readonly KpiBook _book;
    private ReportLife? _life;

    public Case(PastRequest request, Policy policy, KpiCounter counter, KpiBook book)
    {
        ArgumentNullException.ThrowIfNull(request);
        (Request, _policy, _counter, _book) = (request, policy, counter, book);
        var source = ReportNumber.SourceHash("simulator", request.Id);
        Number = ReportNumber.Derive(source, request.OpenedAt.Year);
        Do(new SubmitReport
        {
            Number = Number, CommandId = "submit", At = request.OpenedAt, Actor = Actor.Citizen, SourceHash = source, Channel = request.Channel,
            Kind = ReportKind.Report, Category = request.Category, Text = request.Text,
            Place = new ReportPlace(request.Lat, request.Lon, Municipality: request.Municipality),
            Reporter = new Reporter(null, false, null, "ar"), Agent = request.Channel == Channel.Desk ? "agent" : null,
        }, request.OpenedAt);
        if (Report.Status == ReportStatus.Received && CategoryOf().Department is { } department)
        {
            Do(new Assign(Report.Municipality, department, null) { Number = Number, CommandId = "assign", At = request.OpenedAt, Actor = s_dispatcher }, request.OpenedAt);
        }
    }

    public PastRequest Request { get; }

    public string Number { get; }

    public Report Report => _life!.Report;

    public int Commands { get; private set; }

    /// <summary>Lets the time go on to a moment: the ladder is climbed on the way.</summary>
    public void WaitUntil(DateTimeOffset moment)
    {
        while (Report.NextDue is { } due && due < moment)
        {
            Do(new Tick { Number = Number, CommandId = "tick", At = due, Actor = Actor.System, DueAt = due }, due);
        }
    }

    /// <summary>A crew begins, where somebody begins at all.</summary>
    public void Start(DateTimeOffset at)
    {
        WaitUntil(at);
        if (Report.Status == ReportStatus.Assigned)
        {
            Do(new Start { Number = Number, CommandId = "start", At = at, Actor = s_fixer }, at);
        }
    }

    /// <summary>Mended, shown and checked.</summary>
    public void Close(DateTimeOffset at)
    {
        WaitUntil(at);
        if (Report.Status == ReportStatus.Received)
        {
            return;
        }

        string[]? proof = null;
        if (CategoryOf().ProofRequired)
        {
            proof = ["proof"];
            Do(new AddAttachment
            {
                Number = Number, CommandId = "proof", At = at, Actor = s_fixer,
                Attachment = new Attachment("proof", "image/jpeg", 100_000, "proof", AttachmentPurpose.Proof),
            }, at);
        }

        Do(new Resolve("done", proof) { Number = Number, CommandId = "resolve", At = at, Actor = s_fixer }, at);
        if (Report.Status == ReportStatus.Resolved)
        {
            Do(new Verify(true, null) { Number = Number, CommandId = "verify", At = at, Actor = s_checker }, at);
        }
    }

    public Category CategoryOf() => _policy.Categories[Report.Category];

    private void Do(ReportCommand command, DateTimeOffset now)
    {
        Commands++;
        if (ReportDecider.Decide(_life?.Report, command, _policy, now) is not Decision.Accepted accepted)
        {
            throw new InvalidOperationException($"{command.GetType().Name} was not accepted for request {Request.Id} in {_life?.Report.Status}.");
        }

        foreach (var body in accepted.Events)
        {
            var recorded = new RecordedEvent(Number, (_life?.Report.Version ?? 0) + 1, now, command.Actor, _policy.Version, body);
            (_life, var deltas) = _counter.Count(_life, recorded);
            _book.Add(deltas);
        }
    }
}
