using Serverless940.Core.Messages;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Reports;

// What an agency says of a report that was referred to it.
public static partial class ReportDecider
{
    /// <summary>Why an agency cannot answer this question (any more), or <see langword="null"/> when it can.</summary>
    /// <param name="referral">Sequence of the event that asked.</param>
    public static Refusal? WhyNotAnswer(Report report, string agency, int referral)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Status == ReportStatus.Referred && report.Agency == agency && report.Referral?.Sequence == referral ? null : Refusal.ReferralOver;
    }

    private static Decision TakeAgencyAnswer(Report report, AnswerReferral answer, Policy policy, DateTimeOffset now)
    {
        if (WhyNotAnswer(report, answer.Agency, answer.Referral) is { } reason)
        {
            return Refuse(reason);
        }

        if (answer.Outcome == AgencyOutcome.WillDo)
        {
            return Promise(report, answer, policy, now);
        }

        if (string.IsNullOrWhiteSpace(answer.Note))
        {
            return Refuse(Refusal.ReasonRequired);
        }

        var answered = new AgencyAnswered(answer.Agency, answer.Referral, answer.Outcome, answer.Note);
        return answer.Outcome == AgencyOutcome.NotOurs
            ? Accept(answered, new Assigned(report.Municipality, report.Department, null, "agency", ClockOf(report, policy).Start(now)))
            : Done(report, answered, policy, now);
    }

    // An agency shows no photos of its work; whoever checks the closure looks for himself.
    private static Decision.Accepted Done(Report report, AgencyAnswered answered, Policy policy, DateTimeOffset now)
    {
        if (report.Kind == ReportKind.Enquiry)
        {
            return Accept(answered, new Answered(answered.Note!), Closing(report, null, policy, now));
        }

        var resolved = new Resolved(answered.Note, [], ClockOf(report, policy).Resume(StateOf(report, policy, now), now));
        return policy.Survey.VerifyBeforeClose
            ? Accept(answered, resolved)
            : Accept(answered, resolved, Closing(report, answered.Note, policy, now));
    }

    // The wait has an end that no number of promises moves: counted from the referral itself.
    private static Decision Promise(Report report, AnswerReferral answer, Policy policy, DateTimeOffset now)
    {
        if (answer.By is not { } by || by <= now)
        {
            return Refuse(Refusal.HoldInThePast);
        }

        var last = report.Referral!.At + (policy.Agencies.TryGetValue(answer.Agency, out var agency) && agency.DoWithin is { } most ? most : LongestHold);
        return last <= now
            ? Refuse(Refusal.PromiseTooLate)
            : Accept(new AgencyAnswered(
                answer.Agency, answer.Referral, answer.Outcome, answer.Note, by,
                ClockOf(report, policy).Pause(StateOf(report, policy, now), now, by < last ? by : last)));
    }
}
