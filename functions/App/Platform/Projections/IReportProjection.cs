using Serverless940.Core.Messages;

namespace Serverless940.Functions.Platform.Projections;

/// <summary>
/// Something kept up to date from what changed. It may see a change twice and must not count it twice; it never goes back
/// to an older version.
/// </summary>
public interface IReportProjection
{
    Task ApplyAsync(ReportChanged changed, CancellationToken cancellationToken);
}
