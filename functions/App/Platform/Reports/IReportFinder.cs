using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Platform.Reports;

/// <summary>A report with its history, as its pages show it.</summary>
/// <param name="MovedTo">The number under which a source's report lives when its first number belonged to another.</param>
public sealed record ReportWithHistory(Report? Report, IReadOnlyList<RecordedEvent> Events, string? MovedTo);

/// <summary>Reads reports for features that do not own them.</summary>
public interface IReportFinder
{
    /// <summary>One point read.</summary>
    Task<Report?> FindAsync(string number, CancellationToken cancellationToken);

    /// <summary>One query within the report's partition.</summary>
    Task<ReportWithHistory> LoadHistoryAsync(string number, CancellationToken cancellationToken);

    /// <summary>One point read: what became of a command.</summary>
    Task<InboxOutcome?> FindOutcomeAsync(string number, string commandId, CancellationToken cancellationToken);
}

/// <summary>Machine codes of the core's refusals, as problems name them.</summary>
public static class RefusalCodes
{
    public static string Of(Refusal refusal)
    {
        var name = refusal.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
