using Serverless940.Core.Insights;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform.Projections;
using Serverless940.Functions.Platform.Reports;

namespace Serverless940.Functions.Insights;

/// <summary>Counts what became of SMS by the provider's word: one read of the report, and a query and a transaction.</summary>
public sealed class SmsProjection(IReportFinder reports, KpiStore store, Policy policy) : INotificationProjection
{
    private readonly KpiCounter _counter = new(policy);

    public async Task ApplyAsync(NotificationMoved moved, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(moved);
        if (moved.Medium != Medium.Sms || await reports.FindAsync(moved.Number, cancellationToken) is not { } report)
        {
            return;
        }

        // A state is entered once: its entry is a subject of one event.
        var deltas = _counter.CountSms(report, moved.SentAt, moved.From, moved.To);
        await store.CountAsync($"{moved.Number}-{moved.Key}-{moved.To}", [deltas], first: 1, cancellationToken);
    }
}
