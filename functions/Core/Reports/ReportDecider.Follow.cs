using Serverless940.Core.Escalation;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Reports;

// People who have the same thing: followers, and reports that are joined with another.
public static partial class ReportDecider
{
    /// <summary>Followers of one report: they are kept with its state, which one entity has to hold.</summary>
    public const int MostFollowers = 2000;

    /// <summary>Reports that may be merged into one; each costs a read whenever there is news.</summary>
    public const int MostJoined = 100;

    private const int MostDifferent = 50;

    /// <summary>
    /// Whether a report may be merged into another as both stand now, or why not. Chains and circles are refused; what
    /// changes meanwhile is found by the main report itself when it is joined, and undone.
    /// </summary>
    /// <param name="main">The other, or <see langword="null"/> when there is none.</param>
    public static Refusal? WhyNotMerge(Report report, Report? main)
    {
        ArgumentNullException.ThrowIfNull(report);
        return main is null ? Refusal.UnknownReport
            : main.Number == report.Number ? Refusal.MergeIntoItself
            : report.JoinedReports.Count > 0 ? Refusal.MergeOfMain
            : WhyNotJoin(main)
            // An enquiry waits for its own answer.
            ?? ((report.Kind == ReportKind.Enquiry) != (main.Kind == ReportKind.Enquiry) ? Refusal.EnquiryNeedsAnswer : null);
    }

    private static Refusal? WhyNotJoin(Report main) =>
        main.Status == ReportStatus.Merged ? Refusal.MergeIntoMerged
        : !main.IsOpen ? Refusal.MergeIntoClosed
        : main.JoinedReports.Count >= MostJoined ? Refusal.TooManyFollowers
        : null;

    private static Decision Following(Report report, Follow follow, Policy policy)
    {
        // Of one that is merged the followers hear by the main one.
        if (!report.IsOpen && report.Status != ReportStatus.Merged)
        {
            return Refuse(Refusal.NotAllowedInStatus);
        }

        if (SamePerson(report.Reporter, follow.Follower)
            || report.Followers.Any(known => (follow.Key is not null && known.Key == follow.Key) || SamePerson(known.Person, follow.Follower)))
        {
            return new Decision.Ignored("follows already");
        }

        return report.Followers.Count >= MostFollowers
            ? Refuse(Refusal.TooManyFollowers)
            : WithRaise(report, new Followed(follow.Follower, follow.Key), 1, follow.Follower.PhoneProven ? 1 : 0, policy);
    }

    private static Decision Joining(Report report, Join join, Policy policy)
    {
        if (report.JoinedReports.Any(joined => joined.Number == join.From))
        {
            return new Decision.Ignored("is joined already");
        }

        return join.From == report.Number ? Refuse(Refusal.MergeIntoItself)
            : WhyNotJoin(report) is { } refusal ? Refuse(refusal)
            : WithRaise(report, new Joined(join.From, join.People, join.Proven), join.People, join.Proven, policy);
    }

    private static Decision Merging(Report report, Merge merge)
    {
        if (merge.Into == report.Number)
        {
            return Refuse(Refusal.MergeIntoItself);
        }

        if (report.JoinedReports.Count > 0)
        {
            return Refuse(Refusal.MergeOfMain);
        }

        // What people are at work on is not theirs to take back any more who reported it.
        return merge.Actor.Kind == ActorKind.Citizen && report.Status is not (ReportStatus.Received or ReportStatus.Assigned)
            ? Refuse(Refusal.NotAllowedInStatus)
            : Accept(new Merged(merge.Into));
    }

    // It goes on where it stood: the status, the rung, and the patience that was left.
    private static Decision Unmerging(Report report, Unmerge unmerge, Policy policy, DateTimeOffset now)
    {
        if (unmerge.Into is { } into && into != report.MergedInto)
        {
            return new Decision.Ignored("is not merged into that one");
        }

        var clock = ClockOf(report, policy);
        if (report.BeforeMerge is not { Clock: { } stood, Status: not ReportStatus.Received } before)
        {
            return Accept(new Unmerged(clock.Start(now)));
        }

        // A hold keeps its own end, is over at the next tick when that has passed, and then moves the promise itself.
        if (stood.Phase == EscalationPhase.Paused)
        {
            return Accept(new Unmerged(clock.Recompute(stood), before.Status));
        }

        DateTimeOffset? promise = report.PromisedBy is { } by && by > before.At ? clock.Reckoning.Add(now, clock.Reckoning.Between(before.At, by)) : null;
        return Accept(new Unmerged(clock.Recompute(clock.Resume(clock.Pause(stood, before.At), now)), before.Status, promise));
    }

    private static Decision.Accepted WithRaise(Report report, ReportEvent happened, int people, int proven, Policy policy)
    {
        var steps = Steps(report, people, proven, policy.Intake);
        var priority = RaisedBy(report.Priority, steps - report.RaisedSteps);
        return report.IsOpen && steps > report.RaisedSteps && priority != report.Priority
            ? Accept(happened, new Raised(priority, steps))
            : Accept(happened);
    }

    // Anyone can type in phone numbers: unproven ones count for the first step only.
    private static int Steps(Report report, int people, int proven, IntakeRules rules)
    {
        var all = report.People + people;
        var sure = report.Followers.Count(follower => follower.Person.PhoneProven) + report.JoinedReports.Sum(joined => joined.Proven) + proven;
        return rules.FollowersToRaise == 0 || all < rules.FollowersToRaise ? 0
            : rules.ProvenFollowersToRaiseAgain == 0 || sure < rules.ProvenFollowersToRaiseAgain ? 1
            : 2;
    }

    // Many people make a thing more urgent; they do not make it dangerous.
    private static Priority RaisedBy(Priority priority, int steps) =>
        priority == Priority.Emergency || steps <= 0 ? priority : (Priority)Math.Min((int)Priority.High, (int)priority + steps);

    // Whoever reported it hears of it anyway, and hears of it once.
    private static bool SamePerson(Reporter one, Reporter other) =>
        (one.Phone is not null && one.Phone == other.Phone) || (one.Phone == other.Phone && one.Address is not null && one.Address == other.Address);
}
