using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Projections;

namespace Serverless940.Functions.Reporters;

/// <summary>Keeps the index: one write when a report begins or somebody follows it, and nothing otherwise.</summary>
public sealed class ReporterProjection(ReporterIndex index) : IReportProjection
{
    public async Task ApplyAsync(ReportChanged changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        foreach (var recorded in changed.Events)
        {
            var (reporter, follows) = recorded.Body switch
            {
                Received received => (received.Reporter, false),
                Followed followed => (followed.Follower, true),
                _ => (null, false),
            };
            if (reporter?.Phone is { } phone)
            {
                await index.AddAsync(phone, new ReporterEntry(changed.Number, recorded.At, reporter.PhoneProven, follows), cancellationToken);
            }
        }
    }
}
