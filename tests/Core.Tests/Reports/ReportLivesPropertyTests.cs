using System.Text.Json;
using Serverless940.Core.Escalation;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Core.Tests.Policies;

namespace Serverless940.Core.Tests.Reports;

/// <summary>Months of random lives, and what holds in every moment of each.</summary>
public sealed class ReportLivesPropertyTests
{
    private const int Lives = 400;
    private const int Steps = 80;

    private static readonly string[] s_categories =
        ["lighting.pole", "roads.pothole", "lighting.exposed-wires", "other.complaint", "utilities.electricity", "parks.trees", "environmental-health.gas"];

    [Fact]
    public void Every_moment_of_random_lives_keeps_the_rules()
    {
        var seen = new HashSet<(ReportStatus, Type, ReportStatus)>();
        for (var seed = 0; seed < Lives; seed++)
        {
            Live(seed, seen);
        }

        // The generator is only worth something when it took every step of the table. Nothing stays received after intake.
        var never = Lifecycle.Transitions
            .Where(row => row.From != ReportStatus.Received && !seen.Contains((row.From, row.Command, row.To)))
            .Select(row => $"{row.From} {row.Command.Name} {row.To}");
        Assert.Empty(never);
    }

    private static void Live(int seed, HashSet<(ReportStatus, Type, ReportStatus)> seen)
    {
        var random = new Random(seed);
        var policy = ExamplePolicy.Policy;
        policy = policy with { Survey = policy.Survey with { VerifyBeforeClose = seed % 3 != 0 } };
        var life = new Life(policy) { Now = Orders.Sunday.AddMinutes(random.Next(500_000)) };
        life.Accepts(FirstWord(random));
        for (var step = 0; step < Steps; step++)
        {
            life.Now = Later(life, random);
            var command = Anything(life, random);
            var before = life.Report;
            var beforeJson = life.Json();
            var first = JsonOf(ReportDecider.Decide(before, command, policy, life.Now));
            var known = life.Events.Count;

            var decision = life.Send(command);

            var where = $"seed {seed}, step {step}: {command.GetType().Name} in {before.Status} at {life.Now:u}";
            Assert.True(first == JsonOf(decision), where + " was decided twice in two ways");
            if (decision is not Decision.Accepted)
            {
                Assert.True(beforeJson == life.Json(), where + " changed the report without being accepted");
                continue;
            }

            NeverSilent(life.Report, where);
            OnlyByTheTable(before, command, life.Report, seen, where);
            foreach (var escalated in life.Events.Skip(known).Select(recorded => recorded.Body).OfType<Escalated>())
            {
                OneStepUp(before, escalated, where);
            }
        }

        Replayed(life, seed);
    }

    private static void NeverSilent(Report report, string where)
    {
        if (!report.IsOpen)
        {
            Assert.True(report.NextDue is null, where + ": closed and still due");
            return;
        }

        Assert.True(report.NextDue is not null, where + ": open and nobody will look at it again");
        Assert.True(
            report.Clock!.Phase switch { EscalationPhase.Running => report.Clock.NextDue is not null, EscalationPhase.Paused => report.Clock.ResumeAt is not null, _ => false },
            where + ": a clock that is neither running nor ending its pause");
        Assert.True(report.Clock.Phase == EscalationPhase.Running || report.Status is ReportStatus.OnHold or ReportStatus.Referred, where + ": paused for nobody");
        Assert.True(report.Status is ReportStatus.Referred or ReportStatus.Resolved || report.Agency is null, where + ": an agency has what is ours");
        Assert.True(report.Kind != ReportKind.Enquiry || (report.Team is null && report.Status is not (ReportStatus.InProgress or ReportStatus.Resolved)), where + ": an enquiry in the field");
    }

    private static void OnlyByTheTable(Report before, ReportCommand command, Report after, HashSet<(ReportStatus, Type, ReportStatus)> seen, string where)
    {
        var step = (before.Status, command.GetType(), after.Status);
        var sent = before.Status == after.Status && before.Clock != after.Clock;
        Assert.True(before.Status == after.Status || Lifecycle.Find(before.Status, command.GetType(), after.Status) is not null, $"{where} went to {after.Status} beside the table");
        if (before.Status != after.Status || sent)
        {
            seen.Add(step);
        }
    }

    // Settling a pause does not change the level, so the state before says which step is next.
    private static void OneStepUp(Report before, Escalated escalated, string where)
    {
        var (level, repeats) = (before.Clock!.Level, before.Clock.Repeats);
        var expected = level < 4 ? (level + 1, 0) : (4, repeats + 1);
        Assert.True(expected == (escalated.Level, escalated.Repeat), $"{where}: from step {level}.{repeats} to {escalated.Level}.{escalated.Repeat}");
    }

    private static void Replayed(Life life, int seed)
    {
        Assert.Equal(Enumerable.Range(1, life.Events.Count), life.Events.Select(recorded => recorded.Sequence));
        Assert.Equal(life.Events.Count, life.Report.Version);
        Report? replayed = null;
        foreach (var recorded in life.Events)
        {
            var stored = JsonSerializer.Serialize(recorded, MessagesJson.Compact.RecordedEvent);
            replayed = ReportHistory.Apply(replayed, JsonSerializer.Deserialize(stored, MessagesJson.Compact.RecordedEvent)!);
        }

        Assert.True(life.Json() == JsonSerializer.Serialize(replayed, ReportJson.Compact.Report), $"seed {seed}: replaying the stored events gives another report");
        var read = JsonSerializer.Deserialize(life.Json(), ReportJson.Compact.Report);
        Assert.Equal(life.Json(), JsonSerializer.Serialize(read, ReportJson.Compact.Report));
    }

    private static SubmitReport FirstWord(Random random) => Orders.Submit(
        random.Next(8) == 0 ? null : Pick(random, s_categories),
        random.Next(6) == 0 ? Orders.AlAhsa : Orders.Dammam,
        random.Next(5) == 0 ? ReportKind.Enquiry : ReportKind.Report,
        random.Next(3) == 0 ? [Orders.File("first", 26.43, 50.1)] : [],
        noPlace: random.Next(3) == 0);

    // Mostly the timer's own moments: on time, late, or a little early.
    private static DateTimeOffset Later(Life life, Random random)
    {
        if (life.Report.NextDue is { } due && random.Next(3) == 0)
        {
            var at = due + TimeSpan.FromMinutes(random.Next(3) switch { 0 => 0, 1 => random.Next(10_000), _ => -1 });
            return at > life.Now ? at : life.Now;
        }

        return life.Now.AddMinutes(random.Next(4) == 0 ? random.Next(10_000) : random.Next(300));
    }

    private static ReportCommand Anything(Life life, Random random)
    {
        var report = life.Report;
        if (report.NextDue <= life.Now && random.Next(4) != 0)
        {
            return Orders.Tick(report.NextDue.Value);
        }

        return random.Next(31) switch
        {
            0 => Orders.Tick(report.NextDue ?? life.Now),
            1 => Orders.Tick(life.Now.AddMinutes(-random.Next(60))),
            2 => Orders.Assign("east-dammam", random.Next(2) == 0 ? "roads" : "maintenance", report.Kind == ReportKind.Enquiry && random.Next(2) == 0 ? "roads-east-dammam" : null),
            3 or 4 => Orders.Start(),
            5 or 6 => Orders.Hold(life.Now.AddHours(random.Next(-2, 800))),
            7 or 8 => Orders.Refer(Pick(random, "traffic", "electricity-company", "nobody")),
            9 => Orders.Answer(),
            10 or 11 or 12 => Orders.Resolve(random.Next(4) == 0 ? null : "mended", Orders.Worker, report.Attachments is [var file, ..] ? [file.Id] : []),
            13 or 14 => Orders.Verify(random.Next(3) != 0, random.Next(5) == 0 ? Orders.Worker : Orders.Verifier),
            15 => random.Next(3) == 0 ? Orders.Reject() : Orders.Comment(),
            16 => random.Next(3) == 0 ? Orders.Merge() : Orders.FollowUp($"case-{random.Next(5)}"),
            17 => Orders.Unmerge(),
            18 => Orders.Reopen(),
            19 => Orders.Reclassify(Pick(random, s_categories)),
            20 or 21 => Orders.Rate(random.Next(1, 6), random.Next(1, 6), Pick(random, Solved.Yes, Solved.Partly, Solved.No)),
            22 => Orders.Follow($"+96650000000{random.Next(10)}", random.Next(2) == 0),
            23 => Orders.Unfollow(Orders.KeyOf($"+96650000000{random.Next(10)}")),
            24 => random.Next(4) == 0 ? Orders.Join($"joined-{random.Next(3)}", random.Next(1, 9), 1) : Orders.Differ(),
            25 => Orders.Leave($"joined-{random.Next(3)}"),
            26 or 27 or 28 => Orders.Agency(
                report, Pick(random, AgencyOutcome.Done, AgencyOutcome.WillDo, AgencyOutcome.NotOurs), random.Next(5) == 0 ? null : "their word", life.Now.AddHours(random.Next(-2, 900))),
            _ => Orders.Add(Orders.File($"f{random.Next(12)}", random.Next(3) == 0 ? null : 26.43, 50.1) is var near && random.Next(3) == 0
                ? near with { Lat = Orders.AlAhsa.Lat, Lon = Orders.AlAhsa.Lon } : near),
        };
    }

    private static T Pick<T>(Random random, params T[] any) => any[random.Next(any.Length)];

    private static string JsonOf(Decision decision) => decision is Decision.Accepted accepted
        ? string.Join('\n', accepted.Events.Select(body => JsonSerializer.Serialize(body, MessagesJson.Compact.ReportEvent)))
        : decision.ToString();
}
