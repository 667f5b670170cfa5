using Microsoft.AspNetCore.Http;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;

namespace Serverless940.Functions.Platform.Reports;

/// <summary>A report as its reporter may see it.</summary>
public sealed record ReportView(
    string Number,
    ReportKind Kind,
    ReportStatus Status,
    string? Category,
    string? CategoryName,
    string? Municipality,
    string? MunicipalityName,
    string? Department,
    Priority? Priority,
    int EscalationLevel,
    DateTimeOffset? ReceivedAt,
    DateTimeOffset? DueAt,
    AgencyView? Agency,
    IReadOnlyList<AttachmentView> Attachments,
    IReadOnlyList<TimelineEntry> Timeline,
    bool CanRate,
    bool CanFollowUp);

/// <summary>The body a report was passed on to.</summary>
public sealed record AgencyView(string Name, string? Phone);

public sealed record AttachmentView(string Id, string ContentType, long Bytes, AttachmentPurpose Purpose, int? Width, int? Height);

/// <param name="Event">Stable name of the step.</param>
public sealed record TimelineEntry(DateTimeOffset At, string Event, string Text);

/// <summary>
/// A report as one of its followers may see it: what, where and how far. Not its number, its words, its files or what was
/// written to its reporter; and nothing of it can be rated or asked after.
/// </summary>
/// <param name="Closed">Whether there will be no more news.</param>
public sealed record FollowedView(
    string CategoryName, string? MunicipalityName, ReportStatus Status, DateTimeOffset ReceivedAt, int Followers, IReadOnlyList<TimelineEntry> Timeline, bool Closed);

/// <summary>What a follower may see and do, for the pages.</summary>
public interface IFollowerViews
{
    /// <summary>Two reads, four when the report was merged; <see langword="null"/> when the code opens nothing, or its holder follows no longer.</summary>
    Task<FollowedView?> FindAsync(string code, string language, CancellationToken cancellationToken);

    /// <summary>One read, one send; the same whether or not he followed.</summary>
    /// <returns>Whether the code is one of ours.</returns>
    Task<bool> UnfollowAsync(string code, CancellationToken cancellationToken);
}

/// <summary>What the holder of a report's token may see and do, for the pages.</summary>
public interface IReportViews
{
    Task<(ReportView? View, IResult? Problem)> ViewAsync(HttpRequest request, string number, string language, CancellationToken cancellationToken);

    /// <summary>202, or the problem.</summary>
    Task<IResult> RateAsync(HttpRequest request, string number, IFormCollection form, CancellationToken cancellationToken);

    /// <summary>202, or the problem.</summary>
    Task<IResult> FollowUpAsync(HttpRequest request, string number, IFormCollection form, CancellationToken cancellationToken);
}
