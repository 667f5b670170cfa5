using Serverless940.Core.Insights;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform.Projections;
using Serverless940.Functions.Platform.Reports;

namespace Serverless940.Functions.Insights;

/// <summary>
/// Keeps the figures current. What a change counts follows from the report's own history, which is read unless the message
/// holds all of it: one query, and what <see cref="KpiStore.CountAsync"/> costs. A change that was missed is counted with
/// the next one of its month. Counts that are gone are rebuilt by a change that holds a report's whole history.
/// </summary>
public sealed class KpiProjection(IReportFinder reports, KpiStore store, Policy policy) : IReportProjection
{
    private readonly KpiCounter _counter = new(policy);

    public async Task ApplyAsync(ReportChanged changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        // What only adds a file or a name to a report is not counted at all.
        if (changed.Events.All(recorded => recorded.Body is AttachmentAdded or Placed or Followed or MisuseFlagged))
        {
            return;
        }

        var history = changed.Events[0].Sequence == 1
            ? changed.Events
            : (await reports.LoadHistoryAsync(changed.Number, cancellationToken)).Events;
        await store.CountAsync(changed.Number, Count(history), changed.Events[0].Sequence, cancellationToken);
    }

    private List<IReadOnlyList<KpiDelta>> Count(IReadOnlyList<RecordedEvent> history)
    {
        var changes = new List<IReadOnlyList<KpiDelta>>(history.Count);
        ReportLife? life = null;
        foreach (var recorded in history)
        {
            (life, var deltas) = _counter.Count(life, recorded);
            changes.Add(deltas);
        }

        return changes;
    }
}
