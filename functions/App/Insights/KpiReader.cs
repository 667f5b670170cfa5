using Serverless940.Core.Insights;
using Serverless940.Core.Policies;

namespace Serverless940.Functions.Insights;

/// <summary>Answers questions on the figures: reads the rows, asks the core.</summary>
public sealed class KpiReader(KpiStore store, Policy policy, TimeProvider time)
{
    private readonly KpiCalculator _calculator = new(policy);

    public Policy Policy => policy;

    public Core.Time.HijriMonths Hijri => _calculator.Hijri;

    /// <summary>The city's day.</summary>
    public DateOnly Today => _calculator.Today(time.GetUtcNow());

    /// <summary>At most 32 queries for a month of either calendar with the one before it; see <see cref="KpiStore.ReadAsync"/>.</summary>
    public async Task<KpiReport> AnswerAsync(KpiQuestionnaire question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var book = await store.ReadAsync(question.Period, question.Period.Before(Hijri), cancellationToken);
        return _calculator.Answer(book, question, time.GetUtcNow());
    }

    /// <summary>The same operations.</summary>
    public async Task<Bulletin> BulletinAsync(KpiPeriod period, string language, CancellationToken cancellationToken) =>
        Bulletin.Write(await store.ReadAsync(period, period.Before(Hijri), cancellationToken), period, policy, time.GetUtcNow(), language);
}
