using System.Text.Json.Serialization;
using Serverless940.Core.Escalation;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Messages;

/// <summary>What happened to a report. The list is the registry of stored names; a stored event is never rewritten.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "n", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(Received), "received.1")]
[JsonDerivedType(typeof(Placed), "placed.1")]
[JsonDerivedType(typeof(Assigned), "assigned.1")]
[JsonDerivedType(typeof(AttachmentAdded), "attachmentAdded.1")]
[JsonDerivedType(typeof(Escalated), "escalated.1")]
[JsonDerivedType(typeof(Started), "started.1")]
[JsonDerivedType(typeof(Commented), "commented.1")]
[JsonDerivedType(typeof(Held), "held.1")]
[JsonDerivedType(typeof(Resumed), "resumed.1")]
[JsonDerivedType(typeof(Referred), "referred.1")]
[JsonDerivedType(typeof(AgencyReminded), "agencyReminded.1")]
[JsonDerivedType(typeof(AgencyAnswered), "agencyAnswered.1")]
[JsonDerivedType(typeof(Answered), "answered.1")]
[JsonDerivedType(typeof(Resolved), "resolved.1")]
[JsonDerivedType(typeof(SentBack), "sentBack.1")]
[JsonDerivedType(typeof(Closed), "closed.1")]
[JsonDerivedType(typeof(Rejected), "rejected.1")]
[JsonDerivedType(typeof(Merged), "merged.1")]
[JsonDerivedType(typeof(Unmerged), "unmerged.1")]
[JsonDerivedType(typeof(Reopened), "reopened.1")]
[JsonDerivedType(typeof(Reclassified), "reclassified.1")]
[JsonDerivedType(typeof(Rated), "rated.1")]
[JsonDerivedType(typeof(FollowedUp), "followedUp.1")]
[JsonDerivedType(typeof(Followed), "followed.1")]
[JsonDerivedType(typeof(Unfollowed), "unfollowed.1")]
[JsonDerivedType(typeof(Joined), "joined.1")]
[JsonDerivedType(typeof(Left), "left.1")]
[JsonDerivedType(typeof(Differed), "differed.1")]
[JsonDerivedType(typeof(Raised), "raised.1")]
[JsonDerivedType(typeof(MisuseFlagged), "misuseFlagged.1")]
public abstract record ReportEvent;

/// <summary>An event with its place in the report's history.</summary>
/// <param name="Sequence">1, 2, 3 … within the report.</param>
/// <param name="Policy">Version of the policy that decided.</param>
public sealed record RecordedEvent(string Number, int Sequence, DateTimeOffset At, Actor Actor, string Policy, ReportEvent Body);

/// <param name="Reading">What its words said; <see langword="null"/> when they said nothing, and in reports older than the reading.</param>
public sealed record Received(
    string SourceHash,
    Channel Channel,
    ReportKind Kind,
    string Category,
    Priority Priority,
    string? Text,
    ReportPlace? Place,
    Reporter Reporter,
    IReadOnlyList<Attachment> Attachments,
    string? Agent,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? PromisedBy,
    TextReading? Reading = null) : ReportEvent;

/// <summary>What the words of a report said about its category, with the terms that spoke (التصنيف الآلي).</summary>
/// <param name="Category">The most likely category; <see langword="null"/> when only danger was named.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Certain">Whether it was enough to decide without asking.</param>
/// <param name="Terms">The terms that spoke for it, as the policy writes them.</param>
/// <param name="Others">Other categories that something spoke for, the likelier first.</param>
/// <param name="Hazards">Terms of danger: they made it an emergency.</param>
public sealed record TextReading(
    string? Category,
    double Confidence,
    bool Certain,
    IReadOnlyList<string> Terms,
    IReadOnlyList<string> Others,
    IReadOnlyList<string> Hazards);

public sealed record Placed(ReportPlace Place) : ReportEvent;

/// <param name="Rule">Which rule of the routing sent it there; <c>staff</c> when a person did.</param>
/// <param name="Clock">Its clock from now on.</param>
public sealed record Assigned(string? Municipality, string? Department, string? Team, string Rule, EscalationState Clock) : ReportEvent;

public sealed record AttachmentAdded(Attachment Attachment) : ReportEvent;

/// <param name="Level">The rung taken, 1-based; the last repeats.</param>
/// <param name="Repeat">0 the first time on this rung.</param>
/// <param name="Role">Who is told.</param>
public sealed record Escalated(int Level, int Repeat, string Role, bool TellCitizen, DateTimeOffset DueAt, EscalationState Clock) : ReportEvent;

public sealed record Started : ReportEvent;

public sealed record Commented(string Text, [property: JsonPropertyName("public")] bool IsPublic) : ReportEvent;

/// <param name="Clock">Paused; the patience used so far is kept.</param>
public sealed record Held(string Reason, DateTimeOffset Until, EscalationState Clock) : ReportEvent;

/// <summary>A wait is over: a hold's, or an agency's time to answer.</summary>
/// <param name="PromisedBy">The promised end, later by what the wait took; <see langword="null"/> when it stays.</param>
public sealed record Resumed(bool FromHold, EscalationState Clock, DateTimeOffset? PromisedBy = null) : ReportEvent;

/// <param name="Clock">Paused until the agency should have answered.</param>
/// <param name="Municipality">Where the place lies, when the routing found it.</param>
/// <param name="Department">The department of ours that follows it up.</param>
/// <param name="RemindAt">When half of its time to answer is gone; missing when it has no mailbox.</param>
public sealed record Referred(
    string Agency, string? Note, EscalationState Clock, string? Municipality = null, string? Department = null,
    DateTimeOffset? RemindAt = null) : ReportEvent;

/// <summary>Half of the agency's time to answer is gone.</summary>
public sealed record AgencyReminded(string Agency) : ReportEvent;

/// <summary>The agency's word; what follows from it stands beside it.</summary>
/// <param name="Referral">Sequence of the event that asked.</param>
/// <param name="By">When it promises to have done it.</param>
/// <param name="Clock">Paused until then, at most as long as the policy lets the agency; missing for another answer.</param>
public sealed record AgencyAnswered(
    string Agency, int Referral, AgencyOutcome Outcome, string? Note, DateTimeOffset? By = null, EscalationState? Clock = null) : ReportEvent;

public sealed record Answered(string Text) : ReportEvent;

/// <param name="Clock">Counting on for whoever verifies, when it had waited.</param>
public sealed record Resolved(string? Note, IReadOnlyList<string> AttachmentIds, EscalationState? Clock = null) : ReportEvent;

/// <summary>The verifier did not find it mended.</summary>
public sealed record SentBack(string? Note) : ReportEvent;

/// <param name="Closure">1 for the first closing, 2 after a reopening …</param>
/// <param name="RateUntil">Until when a rating of this closing is taken.</param>
public sealed record Closed(int Closure, DateTimeOffset RateUntil, string? Note) : ReportEvent;

public sealed record Rejected(string Reason) : ReportEvent;

public sealed record Merged(string Into) : ReportEvent;

/// <param name="Clock">Counting on from where it stood when it was merged.</param>
/// <param name="Status">Where it stood then.</param>
/// <param name="PromisedBy">The promised end, later by what it stood still; as it was when missing.</param>
public sealed record Unmerged(
    EscalationState Clock, ReportStatus Status = ReportStatus.Assigned, DateTimeOffset? PromisedBy = null) : ReportEvent;

/// <param name="Cause"><see cref="ByRating"/> or <see cref="ByStaff"/>.</param>
public sealed record Reopened(string Cause, string? Reason, EscalationState Clock, DateTimeOffset? PromisedBy) : ReportEvent
{
    public const string ByRating = "rating";

    public const string ByStaff = "staff";
}

/// <param name="Clock">Its clock under the new category's ladder.</param>
/// <param name="PromisedBy">The new category's promised end; <see langword="null"/> when it stays.</param>
public sealed record Reclassified(string Category, Priority Priority, EscalationState Clock, DateTimeOffset? PromisedBy = null) : ReportEvent;

public sealed record Rated(int Closure, int Quality, int Speed, int? Agent, Solved Solved, string? Comment, bool Poor) : ReportEvent;

public sealed record FollowedUp(string CaseNumber, string? Text, IReadOnlyList<string> AttachmentIds) : ReportEvent;

/// <param name="Key">The follower's keyed hash.</param>
public sealed record Followed(Reporter Follower, string? Key = null) : ReportEvent;

public sealed record Unfollowed(string Key) : ReportEvent;

/// <summary>Another report was merged into this one.</summary>
/// <param name="People">Its reporter and its followers.</param>
/// <param name="Proven">Those of them whose phone is proven.</param>
public sealed record Joined(string From, int People, int Proven) : ReportEvent;

/// <summary>One that had been merged into this one stands for itself again.</summary>
public sealed record Left(string From) : ReportEvent;

/// <summary>Its reporter says that it is another thing than that report.</summary>
public sealed record Differed(string Other) : ReportEvent;

/// <summary>So many people are behind it that it became more urgent.</summary>
/// <param name="Steps">How often this has happened; a new category begins with as many.</param>
public sealed record Raised(Priority Priority, int Steps) : ReportEvent;

public sealed record MisuseFlagged(string Kind) : ReportEvent;
