using Serverless940.Core.Escalation;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Reports;

/// <summary>
/// The heart of the centre: what a command does to a report under a policy at a moment. Pure: the same question has
/// the same answer, so that a preview, a replay and a year of escalations in a test are all this code.
/// </summary>
public static partial class ReportDecider
{
    /// <summary>Longest single hold; a longer wait is asked for again.</summary>
    public static TimeSpan LongestHold { get; } = TimeSpan.FromDays(30);

    /// <summary>Follow-ups of one report: each is a case and a text to staff and citizen, and whoever holds the link may send them.</summary>
    public const int MostFollowUps = 20;

    /// <summary>Decides a command.</summary>
    /// <param name="report">The report as it stands, or <see langword="null"/> when there is none of this number.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="policy">The rules.</param>
    /// <param name="now">Business time.</param>
    public static Decision Decide(Report? report, ReportCommand command, Policy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(policy);
        if (command is SubmitReport submit)
        {
            return report is null ? Intake(submit, policy, now)
                : report.SourceHash == submit.SourceHash ? new Decision.Ignored("the same report again")
                : new Decision.NumberTaken();
        }

        if (report is null)
        {
            return Refuse(Refusal.UnknownReport);
        }

        return command switch
        {
            AddAttachment add => AddFile(report, add, policy, now),
            FollowUp follow => report.Cases.Contains(follow.CaseNumber)
                ? new Decision.Ignored("the same case again")
                : report.Cases.Count >= MostFollowUps ? Refuse(Refusal.TooManyFollowUps)
                : Accept(new FollowedUp(follow.CaseNumber, follow.Text, follow.AttachmentIds)),
            Follow follow => Following(report, follow, policy),
            Unfollow unfollow => report.Followers.Any(follower => follower.Key == unfollow.Key)
                ? Accept(new Unfollowed(unfollow.Key))
                : new Decision.Ignored("does not follow"),
            Join join => Joining(report, join, policy),
            Leave leave => report.JoinedReports.Any(joined => joined.Number == leave.From)
                ? Accept(new Left(leave.From))
                : new Decision.Ignored("is not joined"),
            Differ differ => report.Different.Contains(differ.Other) || report.Different.Count >= MostDifferent || differ.Other == report.Number
                ? new Decision.Ignored("said already")
                : Accept(new Differed(differ.Other)),
            AnswerReferral answer => TakeAgencyAnswer(report, answer, policy, now),
            Rate rate => TakeRating(report, rate, policy, now),
            Tick tick => TakeTick(report, tick, policy, now),
            StaffCommand staff => Staff(report, staff, policy, now),
            _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided here."),
        };
    }

    private static Decision TakeRating(Report report, Rate rate, Policy policy, DateTimeOffset now)
    {
        if (report.Closures > 0 && report.RatedClosure == report.Closures)
        {
            return Refuse(Refusal.AlreadyRated);
        }

        if (report.Status != ReportStatus.Closed)
        {
            return Refuse(report.Closures > 0 ? Refusal.RatingOver : Refusal.NotAllowedInStatus);
        }

        if (now > report.RateUntil)
        {
            return Refuse(Refusal.RatingOver);
        }

        var rules = policy.Survey;
        var poor = rate.Solved == Solved.No || rate.Quality < rules.PoorBelow || rate.Speed < rules.PoorBelow;
        var rated = new Rated(report.Closures, rate.Quality, rate.Speed, rate.Agent, rate.Solved, rate.Comment, poor);
        // A poor word on speed alone cannot be mended by going there again.
        var unmended = rate.Solved != Solved.Yes || rate.Quality < rules.PoorBelow;
        if (!poor || !unmended || !rules.ReopenOnPoor || report.ReopenedByRating >= rules.MaxReopens || report.Kind == ReportKind.Enquiry)
        {
            return Accept(rated);
        }

        return Accept(rated, Reopening(report, Reopened.ByRating, rate.Comment, policy, now));
    }

    private static Decision TakeTick(Report report, Tick tick, Policy policy, DateTimeOffset now)
    {
        if (report.NextDue is not { } due || due > now || due != tick.DueAt)
        {
            return new Decision.Ignored("nothing is due");
        }

        if (report.Clock?.WakeAt is not { } wake || wake > now)
        {
            return Accept(new AgencyReminded(report.Agency!));
        }

        var waited = report.Clock.Phase == EscalationPhase.Paused;
        var (clock, taken) = ClockOf(report, policy).Escalate(report.Clock, now);
        var events = new List<ReportEvent>();
        if (waited)
        {
            events.Add(Resuming(report, ClockOf(report, policy), clock));
        }

        if (taken is not null)
        {
            events.Add(new Escalated(taken.Level, taken.Repeat, taken.Step.Role, taken.Step.TellCitizen && taken.Repeat == 0, taken.DueAt, clock));
        }

        return events.Count == 0 ? new Decision.Ignored("nothing is due") : Accept(events);
    }

    // What the wait took is not held against whoever promised; what was late before it stays late.
    private static Resumed Resuming(Report report, EscalationClock clock, EscalationState after)
    {
        DateTimeOffset? promise = null;
        if (report is { PromisedBy: { } by, Clock.PausedAt: { } from } && by > from)
        {
            var end = report.Clock.ResumeAt is { } planned && planned < after.ClockFrom ? planned : after.ClockFrom;
            promise = clock.Reckoning.Add(end, clock.Reckoning.Between(from, by));
        }

        return new Resumed(report.Status == ReportStatus.OnHold, after, promise);
    }

    private static Reopened Reopening(Report report, string cause, string? reason, Policy policy, DateTimeOffset now)
    {
        var clock = ClockOf(report, policy);
        return new Reopened(cause, reason, clock.Start(now), clock.Reckoning.Add(now, CategoryOf(report.Category, policy).CloseWithin));
    }

    private static EscalationState StateOf(Report report, Policy policy, DateTimeOffset now) => report.Clock ?? ClockOf(report, policy).Start(now);

    private static EscalationClock ClockOf(Report report, Policy policy) =>
        ReportClock.Of(policy, CategoryOf(report.Category, policy), report.Priority, report.Department);

    // A category that a newer policy dropped keeps its open reports alive under the default one.
    private static Category CategoryOf(string code, Policy policy) =>
        policy.Categories.TryGetValue(code, out var category) ? category : policy.Categories[policy.Intake.DefaultCategory];

    private static Decision.Accepted Accept(params IReadOnlyList<ReportEvent> events) => new(events);

    private static Decision.Refused Refuse(Refusal reason) => new(reason);
}
