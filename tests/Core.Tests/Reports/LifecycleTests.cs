using Serverless940.Core.Messages;
using Serverless940.Core.Reports;

namespace Serverless940.Core.Tests.Reports;

public sealed class LifecycleTests
{
    private static readonly ReportStatus[] s_final = [ReportStatus.Closed, ReportStatus.Rejected, ReportStatus.Merged];

    /// <summary>Commands that never move a report on; the lifecycle has no word on them.</summary>
    private static readonly Type[] s_standing = [typeof(Comment), typeof(FlagMisuse), typeof(FollowUp), typeof(Unfollow), typeof(Differ)];

    private static IEnumerable<Type> CommandTypes { get; } =
        [.. typeof(ReportCommand).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(ReportCommand)))];

    public static TheoryData<ReportStatus, string> Pairs()
    {
        var pairs = new TheoryData<ReportStatus, string>();
        foreach (var status in Enum.GetValues<ReportStatus>())
        {
            foreach (var command in CommandTypes)
            {
                pairs.Add(status, command.Name);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_command_is_accepted_exactly_where_the_table_has_it(ReportStatus status, string name)
    {
        var type = CommandTypes.Single(command => command.Name == name);
        var kind = type == typeof(Answer) ? ReportKind.Enquiry : ReportKind.Report;
        var life = Life.In(status, kind);
        Assert.Equal(status, life.Report.Status);
        var before = life.Json();

        var decision = life.Send(Faultless(type, life));

        var to = life.Report.Status;
        if (decision is Decision.Accepted)
        {
            Assert.True(
                Lifecycle.Find(status, type, to) is not null || (to == status && (s_standing.Contains(type) || type == typeof(AddAttachment) || type == typeof(Rate) || type == typeof(Tick) || type == typeof(Reclassify) || type == typeof(Follow) || type == typeof(Join))),
                $"{name} took a report from {status} to {to}, which the table does not have.");
        }
        else
        {
            Assert.Equal(before, life.Json());
        }

        Assert.Equal(Expected(type, status), decision is Decision.Accepted);
        if (type.IsSubclassOf(typeof(StaffCommand)) && decision is not Decision.Accepted)
        {
            Assert.Equal(Refusal.NotAllowedInStatus, Assert.IsType<Decision.Refused>(decision).Reason);
        }
    }

    [Fact]
    public void Every_row_says_why_and_none_is_there_twice()
    {
        Assert.All(Lifecycle.Transitions, row => Assert.True(row.Why.Length >= 6, $"{row} says no reason"));
        Assert.Equal(Lifecycle.Transitions.Count, Lifecycle.Transitions.DistinctBy(row => (row.From, row.Command, row.To)).Count());
        Assert.All(Lifecycle.Transitions, row => Assert.Contains(row.Command, CommandTypes));
    }

    [Fact]
    public void Every_status_can_be_reached_from_received() =>
        Assert.Equal(Enum.GetValues<ReportStatus>().Order(), Reachable(ReportStatus.Received).Order());

    [Fact]
    public void From_every_status_a_final_one_can_be_reached_and_each_final_one_has_a_way_back() =>
        Assert.All(Enum.GetValues<ReportStatus>(), status =>
        {
            Assert.Contains(Reachable(status), reached => s_final.Contains(reached));
            Assert.Contains(ReportStatus.Assigned, Reachable(status));
        });

    [Fact]
    public void Nothing_but_the_closure_check_or_an_answer_or_a_policy_without_check_closes()
    {
        var closing = Lifecycle.Transitions.Where(row => row.To == ReportStatus.Closed).Select(row => row.Command).Distinct();

        Assert.Equal([typeof(Answer), typeof(AnswerReferral), typeof(Resolve), typeof(Verify)], closing.OrderBy(type => type.Name, StringComparer.Ordinal));
    }

    private static HashSet<ReportStatus> Reachable(ReportStatus from)
    {
        var reached = new HashSet<ReportStatus> { from };
        while (Lifecycle.Transitions.FirstOrDefault(row => reached.Contains(row.From) && !reached.Contains(row.To)) is { } next)
        {
            reached.Add(next.To);
        }

        return reached;
    }

    private static bool Expected(Type type, ReportStatus status) =>
        s_standing.Contains(type) || type == typeof(AddAttachment) ? true
        : type == typeof(SubmitReport) ? false
        : type == typeof(Follow) ? status is not (ReportStatus.Closed or ReportStatus.Rejected)
        : type == typeof(Leave) ? false // nobody was joined with these
        : type == typeof(Join) ? !s_final.Contains(status)
        : type == typeof(Reclassify) ? !s_final.Contains(status)
        : type == typeof(Tick) ? !s_final.Contains(status) && status != ReportStatus.Received
        : Lifecycle.Allows(status, type);

    /// <summary>A command of each type that only the status can speak against.</summary>
    private static ReportCommand Faultless(Type type, Life life)
    {
        if (type == typeof(Tick))
        {
            life.Now = life.Report.NextDue ?? life.Now.AddDays(1);
            return Orders.Tick(life.Now);
        }

        return type.Name switch
        {
            nameof(SubmitReport) => Orders.Submit(),
            nameof(AddAttachment) => Orders.Add(Orders.File("another", 26.43, 50.09)),
            nameof(FollowUp) => Orders.FollowUp("case-1"),
            nameof(Rate) => Orders.Rate(),
            nameof(Follow) => Orders.Follow("+966500000009"),
            nameof(Unfollow) => Orders.Unfollow(Orders.KeyOf("+966500000008")),
            nameof(Join) => Orders.Join(),
            nameof(Leave) => Orders.Leave("26000000000024"),
            nameof(Differ) => Orders.Differ(),
            nameof(Assign) => Orders.Assign("east-dammam", "roads"),
            nameof(Start) => Orders.Start(),
            nameof(Comment) => Orders.Comment(),
            nameof(Hold) => Orders.Hold(life.Now.AddDays(3)),
            nameof(Refer) => Orders.Refer(),
            nameof(Answer) => Orders.Answer(),
            nameof(AnswerReferral) => Orders.Agency(life.Report, AgencyOutcome.Done),
            nameof(Resolve) => Orders.Resolve(files: "proof"),
            nameof(Verify) => Orders.Verify(),
            nameof(Reject) => Orders.Reject(),
            nameof(Merge) => Orders.Merge(),
            nameof(Unmerge) => Orders.Unmerge(),
            nameof(Reopen) => Orders.Reopen(),
            nameof(Reclassify) => Orders.Reclassify("roads.pothole"),
            nameof(FlagMisuse) => Orders.FlagMisuse(),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type.Name, "A new command needs its example here."),
        };
    }
}
