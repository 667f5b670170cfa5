using Serverless940.Core.Escalation;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Reports;

public static partial class ReportDecider
{
    private static Decision Staff(Report report, StaffCommand command, Policy policy, DateTimeOffset now)
    {
        switch (command)
        {
            case Comment comment:
                return Accept(new Commented(comment.Text, comment.IsPublic));
            case FlagMisuse flag:
                return report.Misuse ? new Decision.Ignored("flagged already") : Accept(new MisuseFlagged(flag.Kind));
            case Reclassify reclassify:
                return Reclassification(report, reclassify, policy, now);
        }

        if (!Lifecycle.Allows(report.Status, command.GetType()))
        {
            return Refuse(Refusal.NotAllowedInStatus);
        }

        return command switch
        {
            Assign assign => Assignment(report, assign, policy, now),
            Start => report.Kind == ReportKind.Enquiry ? Refuse(Refusal.EnquiryNeedsAnswer)
                : report.Status == ReportStatus.OnHold
                    ? Accept(Resuming(report, ClockOf(report, policy), ClockOf(report, policy).Resume(StateOf(report, policy, now), now)))
                    : Accept(new Started()),
            Hold hold => Holding(report, hold, policy, now),
            Refer refer => !policy.Agencies.TryGetValue(refer.Agency, out var agency)
                ? Refuse(Refusal.UnknownAgency)
                : Accept(Referral(agency.Id, refer.Note, StateOf(report, policy, now), ClockOf(report, policy), policy, now)),
            Answer answer => report.Kind != ReportKind.Enquiry
                ? Refuse(Refusal.NotAnEnquiry)
                : Accept(new Answered(answer.Text), Closing(report, null, policy, now)),
            Resolve resolve => Resolution(report, resolve, policy, now),
            Verify verify => Verification(report, verify, policy, now),
            Reject reject => string.IsNullOrWhiteSpace(reject.Reason) ? Refuse(Refusal.ReasonRequired) : Accept(new Rejected(reject.Reason)),
            Merge merge => Merging(report, merge),
            Unmerge unmerge => Unmerging(report, unmerge, policy, now),
            Reopen reopen => string.IsNullOrWhiteSpace(reopen.Reason)
                ? Refuse(Refusal.ReasonRequired)
                : Accept(Reopening(report, Reopened.ByStaff, reopen.Reason, policy, now)),
            _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided here."),
        };
    }

    private static Decision Assignment(Report report, Assign assign, Policy policy, DateTimeOffset now)
    {
        var municipality = assign.Municipality ?? report.Municipality;
        var department = assign.Department ?? report.Department ?? CategoryOf(report.Category, policy).Department;
        if (municipality is not null && !policy.Municipalities.ContainsKey(municipality))
        {
            return Refuse(Refusal.UnknownMunicipality);
        }

        if (department is null || !policy.Departments.ContainsKey(department))
        {
            return Refuse(Refusal.UnknownDepartment);
        }

        if (assign.Team is not null && report.Kind == ReportKind.Enquiry)
        {
            return Refuse(Refusal.EnquiryNeedsAnswer);
        }

        if (assign.Team is not null && (!policy.Teams.TryGetValue(assign.Team, out var team) || team.Department != department))
        {
            return Refuse(Refusal.UnknownTeam);
        }

        var clock = ReportClock.Of(policy, CategoryOf(report.Category, policy), report.Priority, department);
        return Accept(new Assigned(municipality, department, assign.Team, "staff", clock.Start(now)));
    }

    private static Decision Holding(Report report, Hold hold, Policy policy, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(hold.Reason))
        {
            return Refuse(Refusal.ReasonRequired);
        }

        if (hold.Until <= now)
        {
            return Refuse(Refusal.HoldInThePast);
        }

        return hold.Until - now > LongestHold
            ? Refuse(Refusal.HoldTooLong)
            : Accept(new Held(hold.Reason, hold.Until, ClockOf(report, policy).Pause(StateOf(report, policy, now), now, hold.Until)));
    }

    private static Decision Resolution(Report report, Resolve resolve, Policy policy, DateTimeOffset now)
    {
        if (report.Kind == ReportKind.Enquiry)
        {
            return Refuse(Refusal.EnquiryNeedsAnswer);
        }

        var files = resolve.AttachmentIds ?? [];
        if (files.Any(id => report.Attachments.All(file => file.Id != id)))
        {
            return Refuse(Refusal.UnknownAttachment);
        }

        // The citizen's own photo shows what was broken, not that it is mended.
        var proven = report.Attachments.Any(file => file.Purpose == AttachmentPurpose.Proof && files.Contains(file.Id));
        if (!proven && CategoryOf(report.Category, policy).ProofRequired)
        {
            return Refuse(Refusal.ProofRequired);
        }

        if (files.Count == 0 && string.IsNullOrWhiteSpace(resolve.Note))
        {
            return Refuse(Refusal.NoteOrProofRequired);
        }

        // Whoever verifies waits for nobody: what a hold or a referral had paused counts on.
        var clock = report.Clock is { Phase: EscalationPhase.Paused } waiting ? ClockOf(report, policy).Resume(waiting, now) : null;
        var resolved = new Resolved(resolve.Note, files, clock);
        return policy.Survey.VerifyBeforeClose ? Accept(resolved) : Accept(resolved, Closing(report, resolve.Note, policy, now));
    }

    private static Decision Verification(Report report, Verify verify, Policy policy, DateTimeOffset now)
    {
        // Who is nobody in particular cannot be shown to be someone else.
        if (verify.Actor.Id is null || verify.Actor.Id == report.ResolvedBy)
        {
            return Refuse(Refusal.VerifierIsFixer);
        }

        return verify.Confirmed
            ? Accept(Closing(report, verify.Note, policy, now))
            : Accept(new SentBack(verify.Note));
    }

    private static Decision Reclassification(Report report, Reclassify reclassify, Policy policy, DateTimeOffset now)
    {
        if (!report.IsOpen)
        {
            return Refuse(Refusal.NotAllowedInStatus);
        }

        if (!policy.Categories.TryGetValue(reclassify.Category, out var category))
        {
            return Refuse(Refusal.UnknownCategory);
        }

        var route = RouteOf(policy, report.Place, category, report.Kind);
        var priority = report.Hazards.Count > 0 ? Priority.Emergency : RaisedBy(category.Priority, report.RaisedSteps);
        var ladder = ReportClock.Of(policy, category, priority, report.Department);
        var reclassified = new Reclassified(
            category.Code, priority, ladder.Recompute(StateOf(report, policy, now)),
            ladder.Reckoning.Add(report.PromisedFrom ?? report.ReceivedAt, category.CloseWithin));
        if (report.Status is not (ReportStatus.Received or ReportStatus.Assigned or ReportStatus.Referred)
            || (route.Department == report.Department && route.Agency == report.Agency))
        {
            return Accept(reclassified);
        }

        var clock = ReportClock.Of(policy, category, priority, route.Department);
        return Accept(reclassified, Sent(route, clock, policy, now));
    }

    private static Closed Closing(Report report, string? note, Policy policy, DateTimeOffset now) =>
        new(report.Closures + 1, now + policy.Survey.AnswerWithin, note);
}
