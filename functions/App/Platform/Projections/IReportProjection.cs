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

/// <summary>A projection that can be made again from the reports as they stand.</summary>
public interface IRebuildable
{
    /// <summary>Writes what belongs to a report as it stands now; safe beside what changes meanwhile.</summary>
    Task RebuildAsync(string number, ReportSummary summary, CancellationToken cancellationToken);
}

/// <summary>Something that acts on what changed, once however often it hears of it. A rebuild does not call it.</summary>
public interface IChangeListener
{
    Task HearAsync(ReportChanged changed, CancellationToken cancellationToken);
}
