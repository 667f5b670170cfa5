using System.Text.Json.Serialization;
using Serverless940.Core.Escalation;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Reports;

/// <summary>A report (بلاغ) as it stands: what its events add up to.</summary>
public sealed record Report
{
    public required string Number { get; init; }

    /// <summary>Hex SHA-256 of where it came from; tells two sources of one number apart.</summary>
    public required string SourceHash { get; init; }

    /// <summary>Sequence of the last event.</summary>
    public required int Version { get; init; }

    public required ReportKind Kind { get; init; }

    public required string Category { get; init; }

    public required Priority Priority { get; init; }

    /// <summary>Terms of danger in its text: it stays an emergency whatever category it is given.</summary>
    public IReadOnlyList<string> Hazards { get; init; } = [];

    public required Channel Channel { get; init; }

    public string? Text { get; init; }

    public ReportPlace? Place { get; init; }

    public required Reporter Reporter { get; init; }

    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    public required ReportStatus Status { get; init; }

    public string? Municipality { get; init; }

    public string? Department { get; init; }

    public string? Team { get; init; }

    /// <summary>The agency it was referred to.</summary>
    public string? Agency { get; init; }

    /// <summary>What the agency was asked and has not answered.</summary>
    public OpenReferral? Referral { get; init; }

    public string? Agent { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>From when the promise counts: taken in, or reopened.</summary>
    public DateTimeOffset? PromisedFrom { get; init; }

    /// <summary>The promised end, shown to the citizen.</summary>
    public DateTimeOffset? PromisedBy { get; init; }

    /// <summary>Where it stands on its ladder; <see langword="null"/> only before it was first sent to anyone.</summary>
    public EscalationState? Clock { get; init; }

    /// <summary>Principal id of who said it is mended; someone else verifies.</summary>
    public string? ResolvedBy { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>How often it has been closed.</summary>
    public int Closures { get; init; }

    /// <summary>The closing that was rated last.</summary>
    public int RatedClosure { get; init; }

    public DateTimeOffset? RateUntil { get; init; }

    /// <summary>How often the citizen's rating has reopened it.</summary>
    public int ReopenedByRating { get; init; }

    public IReadOnlyList<string> Cases { get; init; } = [];

    /// <summary>Who follows it (المتابعون).</summary>
    public IReadOnlyList<Follower> Followers { get; init; } = [];

    /// <summary>Reports that were merged into this one; their people hear its news.</summary>
    public IReadOnlyList<JoinedReport> JoinedReports { get; init; } = [];

    /// <summary>Reports that its reporter says are other things.</summary>
    public IReadOnlyList<string> Different { get; init; } = [];

    /// <summary>How often the number of people behind it raised its priority.</summary>
    public int RaisedSteps { get; init; }

    public string? MergedInto { get; init; }

    /// <summary>How it stood when it was merged.</summary>
    public Standing? BeforeMerge { get; init; }

    public bool Misuse { get; init; }

    /// <summary>People behind it beside its reporter: followers of its own, and those of the reports merged into it.</summary>
    [JsonIgnore]
    public int People => Followers.Count + JoinedReports.Sum(joined => joined.People);

    /// <summary>When the timer must look at it: the next rung, the end of a wait, or an agency's reminder before that.</summary>
    [JsonIgnore]
    public DateTimeOffset? NextDue => Status == ReportStatus.Referred && Referral?.RemindAt is { } remind && !(Clock?.WakeAt <= remind) ? remind : Clock?.WakeAt;

    /// <summary>Photos of what was reported.</summary>
    [JsonIgnore]
    public int Photos => Attachments.Count(file => file.Purpose == AttachmentPurpose.Report && file.ContentType.StartsWith("image/", StringComparison.Ordinal));

    [JsonIgnore]
    public bool IsOpen => Status is not (ReportStatus.Closed or ReportStatus.Rejected or ReportStatus.Merged);
}

/// <summary>Someone who follows a report instead of filing it again (متابع).</summary>
/// <param name="Key">Keyed hash of the phone: in rows and links the phone itself never appears.</param>
/// <param name="Since">Sequence of the event; older news is not his.</param>
public sealed record Follower(string Key, Reporter Person, int Since);

/// <summary>A question to an agency (إحالة قائمة).</summary>
/// <param name="Sequence">Of the event that asked; a promise asks anew, and an answer to what was asked before is refused.</param>
/// <param name="At">When it was referred, however many promises followed.</param>
/// <param name="Note">What staff wrote to the agency.</param>
/// <param name="RemindAt">When it is to be reminded.</param>
public sealed record OpenReferral(int Sequence, DateTimeOffset At, string? Note = null, DateTimeOffset? RemindAt = null);

/// <summary>A report that was merged into another (بلاغ مضموم).</summary>
public sealed record JoinedReport(string Number, int People, int Proven, int Since);

/// <summary>Where a report stood at a moment.</summary>
public sealed record Standing(ReportStatus Status, EscalationState? Clock, DateTimeOffset At);

/// <summary>JSON of the stored state.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Report))]
public sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>Letters of every script as themselves.</summary>
    public static ReportJson Compact { get; } = new(new System.Text.Json.JsonSerializerOptions(System.Text.Json.JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
