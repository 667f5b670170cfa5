using Serverless940.Core.Messages;

namespace Serverless940.Core.Reports;

/// <summary>Adds events up to a report. Total: every stored event can be applied, whatever the rules are today.</summary>
public static class ReportHistory
{
    /// <summary>The report after one more event; the first is always <see cref="Received"/>.</summary>
    /// <exception cref="InvalidOperationException">The event is not the next one of this report.</exception>
    public static Report Apply(Report? report, RecordedEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        if (recorded.Sequence != (report?.Version ?? 0) + 1)
        {
            throw new InvalidOperationException($"Event {recorded.Sequence} does not follow version {report?.Version ?? 0}.");
        }

        if (report is null)
        {
            return recorded.Body is Received received ? First(recorded, received)
                : throw new InvalidOperationException("A report begins with being received.");
        }

        return Next(report, recorded) with { Version = recorded.Sequence };
    }

    private static Report First(RecordedEvent recorded, Received received) => new()
    {
        Number = recorded.Number,
        SourceHash = received.SourceHash,
        Version = recorded.Sequence,
        Kind = received.Kind,
        Category = received.Category,
        Priority = received.Priority,
        Hazards = received.Reading?.Hazards ?? [],
        Channel = received.Channel,
        Text = received.Text,
        Place = received.Place,
        Reporter = received.Reporter,
        Attachments = received.Attachments,
        Status = ReportStatus.Received,
        Agent = received.Agent,
        ReceivedAt = received.ReceivedAt,
        PromisedFrom = recorded.At,
        PromisedBy = received.PromisedBy,
    };

    private static Report Next(Report report, RecordedEvent recorded) => recorded.Body switch
    {
        Placed placed => report with { Place = placed.Place },
        Assigned assigned => report with
        {
            Status = ReportStatus.Assigned,
            Municipality = assigned.Municipality,
            Department = assigned.Department,
            Team = assigned.Team,
            Agency = null,
            Referral = null,
            Clock = assigned.Clock,
        },
        AttachmentAdded added => report with { Attachments = [.. report.Attachments, added.Attachment] },
        Escalated escalated => report with { Clock = escalated.Clock },
        Started => report with { Status = ReportStatus.InProgress },
        Held held => report with { Status = ReportStatus.OnHold, Clock = held.Clock },
        Resumed resumed => report with { Status = AfterWait(report, resumed), Clock = resumed.Clock, PromisedBy = resumed.PromisedBy ?? report.PromisedBy, Referral = Reminded(report) },
        Referred referred => report with
        {
            Status = ReportStatus.Referred,
            Agency = referred.Agency,
            Referral = new OpenReferral(recorded.Sequence, recorded.At, referred.Note, referred.RemindAt),
            Clock = referred.Clock,
            Municipality = referred.Municipality ?? report.Municipality,
            Department = referred.Department ?? report.Department,
        },
        AgencyReminded => report with { Referral = Reminded(report) },
        AgencyAnswered { Outcome: AgencyOutcome.WillDo } promised => report with
        {
            Referral = new OpenReferral(recorded.Sequence, report.Referral?.At ?? recorded.At, report.Referral?.Note),
            Clock = promised.Clock ?? report.Clock,
        },
        AgencyAnswered => report with { Referral = null },
        Answered => report,
        Resolved resolved => report with { Status = ReportStatus.Resolved, ResolvedBy = recorded.Actor.Id, Clock = resolved.Clock ?? report.Clock, Referral = null },
        SentBack => report with { Status = ReportStatus.InProgress, ResolvedBy = null, Agency = null, Referral = null },
        Closed closed => report with
        {
            Status = ReportStatus.Closed,
            Closures = closed.Closure,
            ClosedAt = recorded.At,
            RateUntil = closed.RateUntil,
            Clock = report.Clock?.Stop(),
        },
        Rejected => report with { Status = ReportStatus.Rejected, Clock = report.Clock?.Stop() },
        Merged merged => report with
        {
            Status = ReportStatus.Merged,
            MergedInto = merged.Into,
            BeforeMerge = new Standing(report.Status, report.Clock, recorded.At),
            Clock = report.Clock?.Stop(),
        },
        Unmerged unmerged => report with { Status = unmerged.Status, MergedInto = null, BeforeMerge = null, Clock = unmerged.Clock, PromisedBy = unmerged.PromisedBy ?? report.PromisedBy },
        Reopened reopened => report with
        {
            Status = ReportStatus.Assigned,
            Agency = null,
            Clock = reopened.Clock,
            PromisedFrom = recorded.At,
            PromisedBy = reopened.PromisedBy,
            ResolvedBy = null,
            ClosedAt = null,
            RateUntil = null,
            ReopenedByRating = report.ReopenedByRating + (reopened.Cause == Reopened.ByRating ? 1 : 0),
        },
        Reclassified reclassified => report with
        {
            Category = reclassified.Category,
            Priority = reclassified.Priority,
            Clock = reclassified.Clock,
            PromisedBy = reclassified.PromisedBy ?? report.PromisedBy,
        },
        Rated rated => report with { RatedClosure = rated.Closure },
        FollowedUp followUp => report with { Cases = [.. report.Cases, followUp.CaseNumber] },
        Followed followed => report with
        {
            Followers = [.. report.Followers, new Follower(followed.Key ?? $"at-{recorded.Sequence}", followed.Follower, recorded.Sequence)],
        },
        Unfollowed unfollowed => report with { Followers = [.. report.Followers.Where(follower => follower.Key != unfollowed.Key)] },
        Joined joined => report with
        {
            JoinedReports = [.. report.JoinedReports, new JoinedReport(joined.From, joined.People, joined.Proven, recorded.Sequence)],
        },
        Left left => report with { JoinedReports = [.. report.JoinedReports.Where(joined => joined.Number != left.From)] },
        Differed differed => report with { Different = [.. report.Different, differed.Other] },
        Raised raised => report with { Priority = raised.Priority, RaisedSteps = raised.Steps },
        MisuseFlagged => report with { Misuse = true },
        Commented => report,
        Received => throw new InvalidOperationException("A report is received once."),
        _ => throw new InvalidOperationException($"{recorded.Body.GetType().Name} has no meaning for a report yet."),
    };

    private static OpenReferral? Reminded(Report report) => report.Referral is { RemindAt: not null } asked ? asked with { RemindAt = null } : report.Referral;

    private static ReportStatus AfterWait(Report report, Resumed resumed) =>
        !resumed.FromHold ? report.Status
        : report.Kind == ReportKind.Enquiry ? ReportStatus.Assigned
        : ReportStatus.InProgress;
}
