using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Tests.Insights;

/// <summary>Reports that lived at random through the core, and the changes that were published of them.</summary>
internal sealed class Histories(Policy policy, Random random) : IReportFinder
{
    private static readonly Actor s_fixer = new(ActorKind.Staff, "fixer", "field");
    private static readonly Actor s_checker = new(ActorKind.Staff, "checker", "verifier");

    private readonly Dictionary<string, List<RecordedEvent>> _events = [];

    public IEnumerable<IReadOnlyList<RecordedEvent>> All => _events.Values;

    /// <summary>One life of some months; its changes in order.</summary>
    public IReadOnlyList<ReportChanged> Live(string source, DateTimeOffset at)
    {
        var hash = ReportNumber.SourceHash("histories", source);
        var number = ReportNumber.Derive(hash, at.Year);
        var changes = new List<ReportChanged>();
        Report? report = null;
        Do(new SubmitReport
        {
            Number = number, CommandId = "submit", At = at, Actor = Actor.Citizen, SourceHash = hash, Channel = Channel.App, Kind = ReportKind.Report,
            Category = random.Next(2) == 0 ? "lighting.out" : "roads.marking", Place = new ReportPlace(26.4282, 50.0881), Reporter = new Reporter("+966500000001", true, null, "ar"),
        });
        for (var step = random.Next(2, 14); step > 0; step--)
        {
            at += TimeSpan.FromHours(random.Next(1, 120));
            Do(random.Next(8) switch
            {
                0 or 1 when report!.NextDue is { } due && due <= at => new Tick { Number = number, CommandId = "t", At = at, Actor = Actor.System, DueAt = due },
                2 => new Start { Number = number, CommandId = "s", At = at, Actor = s_fixer },
                3 => new Assign(random.Next(2) == 0 ? "khobar" : "qatif", null, null) { Number = number, CommandId = "a", At = at, Actor = s_fixer },
                4 => new Resolve("done", report!.Attachments.Count > 0 ? [report.Attachments[0].Id] : null) { Number = number, CommandId = "r", At = at, Actor = s_fixer },
                5 => new Verify(random.Next(4) > 0, null) { Number = number, CommandId = "v", At = at, Actor = s_checker },
                6 => new Rate { Number = number, CommandId = "q", At = at, Actor = Actor.Citizen, Quality = random.Next(1, 6), Speed = random.Next(1, 6), Solved = (Solved)random.Next(3) },
                7 => new Refer("electricity-company", null) { Number = number, CommandId = "f", At = at, Actor = s_fixer },
                _ => new AddAttachment { Number = number, CommandId = "p", At = at, Actor = s_fixer, Attachment = new Attachment($"f{step}", "image/jpeg", 1, "b", AttachmentPurpose.Proof) },
            });
        }

        return changes;

        void Do(ReportCommand command)
        {
            if (ReportDecider.Decide(report, command, policy, at) is not Decision.Accepted accepted)
            {
                return;
            }

            var events = new List<RecordedEvent>();
            foreach (var body in accepted.Events)
            {
                var recorded = new RecordedEvent(number, (report?.Version ?? 0) + 1, at, command.Actor, policy.Version, body);
                report = ReportHistory.Apply(report, recorded);
                events.Add(recorded);
            }

            if (!_events.TryGetValue(number, out var all))
            {
                _events[number] = all = [];
            }

            all.AddRange(events);
            changes.Add(new ReportChanged(number, report!.Version, events, new ReportSummary(
                report.Kind, report.Category, report.Status, report.Priority, report.Municipality, report.Department, report.Team, report.Channel,
                null, null, 0, report.ReceivedAt, report.PromisedBy, report.NextDue)));
        }
    }

    public Task<ReportWithHistory> LoadHistoryAsync(string number, CancellationToken cancellationToken) =>
        Task.FromResult(new ReportWithHistory(null, _events[number], null));

    public Task<Report?> FindAsync(string number, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<InboxOutcome?> FindOutcomeAsync(string number, string commandId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
