using System.Text.Json.Serialization;

namespace Serverless940.Core.Messages;

/// <summary>Something that wants to change one report. Commands of one report are handled one after the other.</summary>
public abstract record ReportCommand : BusMessage
{
    /// <summary>The report's number; the bus session.</summary>
    public required string Number { get; init; }

    /// <summary>Identity of this command: the inbox key that makes a second delivery harmless.</summary>
    public required string CommandId { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset At { get; init; }

    public required Actor Actor { get; init; }
}

/// <summary>Takes a report in (استلام بلاغ).</summary>
public sealed record SubmitReport : ReportCommand
{
    /// <summary>Lower-case hex SHA-256 of the source identity: channel and provider's message id, or the API's idempotency identity.</summary>
    public required string SourceHash { get; init; }

    public required Channel Channel { get; init; }

    public required ReportKind Kind { get; init; }

    public string? Category { get; init; }

    public string? Text { get; init; }

    public ReportPlace? Place { get; init; }

    public required Reporter Reporter { get; init; }

    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>Place in the deterministic series of numbers; 0 unless earlier ones were taken.</summary>
    public int Attempt { get; init; }

    /// <summary>Id of the staff member who keyed it in, for a caller.</summary>
    public string? Agent { get; init; }
}

/// <summary>Adds a stored file.</summary>
public sealed record AddAttachment : ReportCommand
{
    public required Attachment Attachment { get; init; }

    /// <summary>First half of the source hash in hex, when a token or a channel says whose report is meant: the number alone may be a stranger's.</summary>
    public string? Source { get; init; }
}

/// <summary>"I was ignored" (متابعة): opens a case with its own number.</summary>
public sealed record FollowUp : ReportCommand
{
    public required string CaseNumber { get; init; }

    public string? Text { get; init; }

    public IReadOnlyList<string> AttachmentIds { get; init; } = [];
}

/// <summary>The citizen's rating of a closure (تقييم): each 1 to 5.</summary>
public sealed record Rate : ReportCommand
{
    public required int Quality { get; init; }

    public required int Speed { get; init; }

    public int? Agent { get; init; }

    public required Solved Solved { get; init; }

    public string? Comment { get; init; }
}

/// <summary>A report's moment has come: the next rung of its ladder, or the end of a hold. Harmless when it no longer has.</summary>
public sealed record Tick : ReportCommand
{
    /// <summary>The due time that the index held.</summary>
    public required DateTimeOffset DueAt { get; init; }
}

/// <summary>Someone follows a report instead of filing the same again.</summary>
public sealed record Follow : ReportCommand
{
    public required Reporter Follower { get; init; }

    /// <summary>Who follows, as a keyed hash: names him in rows and links.</summary>
    public string? Key { get; init; }
}

/// <summary>Someone no longer follows.</summary>
public sealed record Unfollow : ReportCommand
{
    public required string Key { get; init; }
}

/// <summary>To the main report: another was merged into it, and its people hear the news of this one.</summary>
public sealed record Join : ReportCommand
{
    /// <summary>Number of the report that was merged.</summary>
    public required string From { get; init; }

    /// <summary>Its reporter and its followers.</summary>
    public required int People { get; init; }

    /// <summary>Those of them whose phone is proven.</summary>
    public required int Proven { get; init; }
}

/// <summary>To the main report: one that was merged into it stands for itself again.</summary>
public sealed record Leave : ReportCommand
{
    public required string From { get; init; }
}

/// <summary>"Mine is different": the reporter looked at a possible duplicate, and it is not the same thing.</summary>
public sealed record Differ : ReportCommand
{
    /// <summary>Number of the report that was shown.</summary>
    public required string Other { get; init; }
}

/// <summary>An agency's word on what was referred to it (رد الجهة): once for each time that it is asked.</summary>
public sealed record AnswerReferral : ReportCommand
{
    public required string Agency { get; init; }

    /// <summary>Sequence of the event that asked: of the referral, or of the promise that the agency gave last.</summary>
    public required int Referral { get; init; }

    public required AgencyOutcome Outcome { get; init; }

    /// <summary>What was done, or why it is not theirs.</summary>
    public string? Note { get; init; }

    /// <summary>By when it will be done.</summary>
    public DateTimeOffset? By { get; init; }
}

/// <summary>A command that staff send; allowed by role and by the lifecycle.</summary>
public abstract record StaffCommand : ReportCommand;

public sealed record Assign(string? Municipality, string? Department, string? Team) : StaffCommand;

public sealed record Start : StaffCommand;

public sealed record Comment(string Text, [property: JsonPropertyName("public")] bool IsPublic) : StaffCommand;

public sealed record Hold(string Reason, DateTimeOffset Until) : StaffCommand;

public sealed record Refer(string Agency, string? Note) : StaffCommand;

public sealed record Answer(string Text) : StaffCommand;

public sealed record Resolve(string? Note, IReadOnlyList<string>? AttachmentIds) : StaffCommand;

/// <summary>The closure check, by someone other than the fixer: confirms, or sends back.</summary>
public sealed record Verify(bool Confirmed, string? Note) : StaffCommand;

public sealed record Reject(string Reason) : StaffCommand;

public sealed record Merge(string Into) : StaffCommand;

public sealed record Unmerge : StaffCommand
{
    /// <summary>Only if it is merged into this one; set where the main report could not take it.</summary>
    public string? Into { get; init; }
}

public sealed record Reopen(string Reason) : StaffCommand;

public sealed record Reclassify(string Category) : StaffCommand;

public sealed record FlagMisuse(string Kind) : StaffCommand;
