using Serverless940.Core.Messages;
using Serverless940.Core.Reports;

namespace Serverless940.Core.Insights;

/// <summary>A report as the counting sees it: what its events add up to, and two moments that nobody else needs.</summary>
/// <param name="RespondedAt">When staff first did something that the citizen can see.</param>
/// <param name="LeftAt">Since when it is not ours to close: rejected, merged or passed on.</param>
public sealed record ReportLife(Report Report, DateTimeOffset? RespondedAt, DateTimeOffset? LeftAt)
{
    /// <summary>The life after one more event; the first is always <see cref="Received"/>.</summary>
    public static ReportLife Apply(ReportLife? life, RecordedEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var report = ReportHistory.Apply(life?.Report, recorded);
        var responded = life?.RespondedAt ?? (IsResponse(recorded) ? recorded.At : null);
        var ours = report.Agency is null && report.Status is not (ReportStatus.Rejected or ReportStatus.Merged);
        return new ReportLife(report, responded, ours ? null : life?.LeftAt ?? recorded.At);
    }

    // Where the routing sent it by itself, nobody has responded yet.
    private static bool IsResponse(RecordedEvent recorded) => recorded.Body switch
    {
        Started or Held or Resolved or Answered or Closed or Rejected or Merged => true,
        Commented comment => comment.IsPublic && recorded.Actor.Kind == ActorKind.Staff,
        Referred => recorded.Actor.Kind == ActorKind.Staff,
        _ => false,
    };
}
