using Microsoft.Extensions.Logging;
using Serverless940.Core.Classification;
using Serverless940.Core.Geo;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Nearby;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Reports;

/// <summary>
/// What may be the same thing as a report that is being taken in. A courtesy: it is dropped when it does not come within
/// its budget, and nothing that fails in it is the report's failure.
/// </summary>
public sealed partial class Suggestions(
    INearbyReports nearby, SuggestionBudget budget, ReportAccess access, Policy policy, TimeProvider time, ILogger<Suggestions> logger)
{
    private int _looking;

    /// <summary>At most two queries, within the budget from now; none when enough others are looking.</summary>
    public async Task<IReadOnlyList<PossibleDuplicate>> FindAsync(string number, CheckedIntake intake, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intake);
        if (intake.Kind == ReportKind.Enquiry || intake.Place is not { Lat: { } lat, Lon: { } lon })
        {
            return [];
        }

        if (Interlocked.Increment(ref _looking) > SuggestionBudget.AtOnce)
        {
            Interlocked.Decrement(ref _looking);
            return [];
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(budget.Patience);
        try
        {
            // Waited for no longer than its budget, even where a call does not hear that it was cancelled.
            var category = intake.Category ?? Classifier.Classify(policy, intake.Text).Category;
            var found = await nearby.FindAsync(new GeoPoint(lat, lon), category, [number], SuggestionBudget.Reads, patience.Token)
                .WaitAsync(patience.Token);
            var now = time.GetUtcNow();
            return [.. found.Select(candidate => new PossibleDuplicate(
                access.FollowId(candidate.Report.Number, now), candidate.Report.Category, (int)Math.Round(candidate.DistanceMetres), candidate.Report.ReceivedAt))];
        }
        catch (OperationCanceledException)
        {
            return [];
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogLeftOut(exception.GetType().Name);
            return [];
        }
        finally
        {
            Interlocked.Decrement(ref _looking);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Similar reports are left out after {Failure}")]
    private partial void LogLeftOut(string failure);
}
