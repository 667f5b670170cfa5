using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Projections;

namespace Serverless940.Functions.Escalation;

/// <summary>Keeps the due index: one write for each change that moved the report's moment.</summary>
public sealed class DueProjection(DueIndex index, TimeProvider time) : IReportProjection, IRebuildable
{
    /// <summary>One write for a report that waits for its moment.</summary>
    public Task RebuildAsync(string number, ReportSummary summary, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return summary.NextDue is { } due ? index.AddAsync(new DueEntry(number, due), time.GetUtcNow(), cancellationToken) : Task.CompletedTask;
    }

    public Task ApplyAsync(ReportChanged changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        return changed.Summary.NextDue is { } due && changed.Events.Any(recorded => MovesTheClock(recorded.Body))
            ? index.AddAsync(new DueEntry(changed.Number, due), time.GetUtcNow(), cancellationToken)
            : Task.CompletedTask;
    }

    private static bool MovesTheClock(ReportEvent body) =>
        body is Assigned or Escalated or Held or Resumed or Referred or AgencyReminded or AgencyAnswered { Clock: not null } or Reopened or Unmerged or Reclassified or Resolved { Clock: not null };
}
