using System.Collections.Frozen;
using Serverless940.Core.Messages;
using static Serverless940.Core.Messages.ReportStatus;

namespace Serverless940.Core.Reports;

/// <summary>One allowed step of a report's life (دورة حياة البلاغ), and why it exists.</summary>
public sealed record Transition(ReportStatus From, Type Command, ReportStatus To, string Why);

/// <summary>The lifecycle as a table. What is not in it is refused; there is no other place that knows.</summary>
public static class Lifecycle
{
    public static IReadOnlyList<Transition> Transitions { get; } =
    [
        new(ReportStatus.Received, typeof(Assign), ReportStatus.Assigned, "a person routes what no rule could"),
        new(ReportStatus.Assigned, typeof(Assign), ReportStatus.Assigned, "handed to someone else"),
        new(InProgress, typeof(Assign), ReportStatus.Assigned, "handed on while at work"),
        new(OnHold, typeof(Assign), ReportStatus.Assigned, "handed on ends the wait"),
        new(ReportStatus.Referred, typeof(Assign), ReportStatus.Assigned, "the agency says it is ours"),

        new(ReportStatus.Assigned, typeof(Start), InProgress, "the team begins"),
        new(OnHold, typeof(Start), InProgress, "the wait is over"),

        new(ReportStatus.Assigned, typeof(Hold), OnHold, "waits for the citizen, a part or an agency"),
        new(InProgress, typeof(Hold), OnHold, "the same, found out on site"),

        new(ReportStatus.Received, typeof(Refer), ReportStatus.Referred, "seen at once that it is not ours"),
        new(ReportStatus.Assigned, typeof(Refer), ReportStatus.Referred, "the department says it is not ours"),
        new(InProgress, typeof(Refer), ReportStatus.Referred, "found out on site that it is not ours"),
        new(OnHold, typeof(Refer), ReportStatus.Referred, "the wait showed whose it is"),
        new(ReportStatus.Referred, typeof(Refer), ReportStatus.Referred, "the first agency names another"),

        new(ReportStatus.Received, typeof(Answer), ReportStatus.Closed, "an enquiry ends with its answer"),
        new(ReportStatus.Assigned, typeof(Answer), ReportStatus.Closed, "an enquiry ends with its answer"),
        new(OnHold, typeof(Answer), ReportStatus.Closed, "the answer came while it waited"),
        new(ReportStatus.Referred, typeof(Answer), ReportStatus.Closed, "the agency's answer is passed on"),

        new(ReportStatus.Assigned, typeof(Resolve), ReportStatus.Resolved, "mended on the first visit"),
        new(InProgress, typeof(Resolve), ReportStatus.Resolved, "mended"),
        new(OnHold, typeof(Resolve), ReportStatus.Resolved, "mended while it waited"),
        new(ReportStatus.Referred, typeof(Resolve), ReportStatus.Resolved, "the agency mended it"),
        new(ReportStatus.Assigned, typeof(Resolve), ReportStatus.Closed, "mended, where the policy asks for no closure check"),
        new(InProgress, typeof(Resolve), ReportStatus.Closed, "mended, where the policy asks for no closure check"),
        new(OnHold, typeof(Resolve), ReportStatus.Closed, "mended, where the policy asks for no closure check"),
        new(ReportStatus.Referred, typeof(Resolve), ReportStatus.Closed, "mended, where the policy asks for no closure check"),

        new(ReportStatus.Referred, typeof(AnswerReferral), ReportStatus.Referred, "the agency says by when"),
        new(ReportStatus.Referred, typeof(AnswerReferral), ReportStatus.Assigned, "the agency says that it is not theirs"),
        new(ReportStatus.Referred, typeof(AnswerReferral), ReportStatus.Resolved, "the agency says that it is done"),
        new(ReportStatus.Referred, typeof(AnswerReferral), ReportStatus.Closed, "done or answered, where nobody has to check it"),

        new(ReportStatus.Resolved, typeof(Verify), ReportStatus.Closed, "someone other than the fixer saw it"),
        new(ReportStatus.Resolved, typeof(Verify), InProgress, "someone other than the fixer did not see it mended"),

        new(ReportStatus.Received, typeof(Reject), ReportStatus.Rejected, "nothing to mend, or nobody's"),
        new(ReportStatus.Assigned, typeof(Reject), ReportStatus.Rejected, "nothing to mend, or nobody's"),
        new(InProgress, typeof(Reject), ReportStatus.Rejected, "nothing found on site"),
        new(OnHold, typeof(Reject), ReportStatus.Rejected, "what it waited for never came"),
        new(ReportStatus.Referred, typeof(Reject), ReportStatus.Rejected, "the agency found nothing"),

        new(ReportStatus.Received, typeof(Merge), ReportStatus.Merged, "the same thing was reported before"),
        new(ReportStatus.Assigned, typeof(Merge), ReportStatus.Merged, "the same thing was reported before"),
        new(InProgress, typeof(Merge), ReportStatus.Merged, "the same thing was reported before"),
        new(OnHold, typeof(Merge), ReportStatus.Merged, "the same thing was reported before"),
        new(ReportStatus.Merged, typeof(Unmerge), ReportStatus.Assigned, "it was another thing after all"),
        new(ReportStatus.Merged, typeof(Unmerge), InProgress, "another thing after all, and at work before"),
        new(ReportStatus.Merged, typeof(Unmerge), OnHold, "another thing after all, and waiting before"),

        new(ReportStatus.Resolved, typeof(Reopen), ReportStatus.Assigned, "not mended"),
        new(ReportStatus.Closed, typeof(Reopen), ReportStatus.Assigned, "not mended, or broken again"),
        new(ReportStatus.Rejected, typeof(Reopen), ReportStatus.Assigned, "rejected by mistake"),
        new(ReportStatus.Closed, typeof(Rate), ReportStatus.Assigned, "a poor rating reopens"),

        new(OnHold, typeof(Tick), InProgress, "the wait is over"),
        new(OnHold, typeof(Tick), ReportStatus.Assigned, "an enquiry's wait is over; nobody works it in the field"),

        new(ReportStatus.Received, typeof(AddAttachment), ReportStatus.Assigned, "a photo's position says whose it is"),
        new(ReportStatus.Received, typeof(AddAttachment), ReportStatus.Referred, "a photo's position says that it is another body's"),
        new(ReportStatus.Assigned, typeof(AddAttachment), ReportStatus.Assigned, "a photo's position says that it is someone else's"),
        new(ReportStatus.Assigned, typeof(AddAttachment), ReportStatus.Referred, "a photo's position says that it is another body's"),

        new(ReportStatus.Received, typeof(Reclassify), ReportStatus.Assigned, "the new category is this department's"),
        new(ReportStatus.Received, typeof(Reclassify), ReportStatus.Referred, "the new category is another body's"),
        new(ReportStatus.Assigned, typeof(Reclassify), ReportStatus.Assigned, "the new category is another department's"),
        new(ReportStatus.Assigned, typeof(Reclassify), ReportStatus.Referred, "the new category is another body's"),
        new(ReportStatus.Referred, typeof(Reclassify), ReportStatus.Assigned, "the new category is ours"),
        new(ReportStatus.Referred, typeof(Reclassify), ReportStatus.Referred, "the new category is a third body's"),
    ];

    private static readonly FrozenDictionary<(ReportStatus, Type, ReportStatus), Transition> Index =
        Transitions.ToFrozenDictionary(transition => (transition.From, transition.Command, transition.To));

    private static readonly FrozenSet<(ReportStatus, Type)> Allowed =
        Transitions.Select(transition => (transition.From, transition.Command)).ToFrozenSet();

    /// <summary>Whether a command of this type may move a report on from a status; where to depends on what it says.</summary>
    public static bool Allows(ReportStatus from, Type command) => Allowed.Contains((from, command));

    /// <summary>The step between two statuses that a command of this type may take, or <see langword="null"/> when there is none.</summary>
    public static Transition? Find(ReportStatus from, Type command, ReportStatus to) => Index.GetValueOrDefault((from, command, to));
}
