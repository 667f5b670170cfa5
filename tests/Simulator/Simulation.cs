using Serverless940.Core.Insights;
using Serverless940.Core.Policies;

namespace Serverless940.Simulator;

/// <summary>What came of a replay.</summary>
/// <param name="Until">The moment at which the figures are taken.</param>
public sealed record SimulationResult(KpiBook Book, KpiReport Report, int Requests, long Commands, DateTimeOffset Until);

/// <summary>Replays past requests through the core under a policy.</summary>
/// <param name="teams">How they are worked off; <see langword="null"/> for as the file says.</param>
public sealed class Simulation(Policy policy, Teams? teams)
{
    /// <param name="until">When to stop: what is open then stays open.</param>
    /// <param name="progress">Told after each thousandth of the work, how far it got.</param>
    public SimulationResult Run(IReadOnlyList<PastRequest> requests, DateTimeOffset until, KpiGroupBy groupBy, Action<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var (book, counter, calculator) = (new KpiBook(), new KpiCounter(policy), new KpiCalculator(policy));
        var cases = new List<Case>(requests.Count);
        var step = Math.Max(1, requests.Count / 500);
        foreach (var request in requests.Where(request => request.OpenedAt < until))
        {
            cases.Add(new Case(Known(request), policy, counter, book));
            if (cases.Count % step == 0)
            {
                progress?.Invoke(0.5 * cases.Count / requests.Count);
            }
        }

        var plan = teams?.Plan(cases);
        for (var i = 0; i < cases.Count; i++)
        {
            Live(cases[i], plan, until);
            if (i % step == 0)
            {
                progress?.Invoke(0.5 + (0.5 * i / cases.Count));
            }
        }

        progress?.Invoke(1);
        var (first, last) = cases.Count == 0 ? (until, until) : (cases.Min(one => one.Request.OpenedAt), until);
        var period = new KpiPeriod(calculator.Today(first), calculator.Today(last));
        var report = calculator.Answer(book, new KpiQuestionnaire(period, CalendarKind.Gregorian, groupBy), until);
        return new SimulationResult(book, report, cases.Count, cases.Sum(one => (long)one.Commands), until);
    }

    private static void Live(Case one, IReadOnlyDictionary<Case, Work>? plan, DateTimeOffset until)
    {
        if (plan is null)
        {
            if (one.Request.ClosedAt is { } closed && closed <= until && closed >= one.Request.OpenedAt)
            {
                one.Close(closed);
            }
        }
        else if (plan.TryGetValue(one, out var work) && work.StartAt <= until)
        {
            one.Start(work.StartAt);
            if (work.DoneAt <= until)
            {
                one.Close(work.DoneAt);
            }
        }

        one.WaitUntil(until);
    }

    private PastRequest Known(PastRequest request) => request with
    {
        Category = request.Category is { } category && policy.Categories.ContainsKey(category) ? category : null,
        Municipality = request.Municipality is { } municipality && policy.Municipalities.ContainsKey(municipality) ? municipality : null,
    };
}
