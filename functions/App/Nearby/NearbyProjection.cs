using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Projections;

namespace Serverless940.Functions.Nearby;

/// <summary>
/// Keeps the index of places: one write when a report comes in, one when it is closed or merged, two when its place or its
/// group of categories changes, and none for all else.
/// </summary>
public sealed class NearbyProjection(NearbyIndex index) : IReportProjection, IRebuildable
{
    public async Task ApplyAsync(ReportChanged changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        var before = NearbyRow.Of(changed.Number, changed.Before);
        var after = NearbyRow.Of(changed.Number, changed.Summary);
        if (after is not null && after.Report != before?.Report)
        {
            await index.AddAsync(after, cancellationToken);
        }

        if (before is not null && (before.Partition, before.Key) != (after?.Partition, after?.Key))
        {
            await index.RemoveAsync(before, cancellationToken);
        }
    }

    public async Task RebuildAsync(string number, ReportSummary summary, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(summary);
        if (NearbyRow.Of(number, summary) is { } row)
        {
            await index.AddAsync(row, cancellationToken);
        }
        else if (NearbyRow.Of(number, summary with { Status = ReportStatus.Assigned }) is { } gone)
        {
            await index.RemoveAsync(gone, cancellationToken);
        }
    }
}
