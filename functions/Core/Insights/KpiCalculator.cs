using Serverless940.Core.Policies;
using Serverless940.Core.Time;

namespace Serverless940.Core.Insights;

/// <summary>What is asked of the counts.</summary>
/// <param name="Covers">Which cells may be seen; all without.</param>
/// <param name="Fold">Whether small groups are told together, for strangers.</param>
/// <param name="Key">Renames a group, to join several.</param>
public sealed record KpiQuestionnaire(
    KpiPeriod Period, CalendarKind Calendar, KpiGroupBy GroupBy, Func<KpiCell, bool>? Covers = null, bool Fold = false, Func<string, string>? Key = null);

/// <summary>Answers questions from rows of counts. Pure; the app, the simulator and the bulletin use this and nothing else.</summary>
public sealed class KpiCalculator(Policy policy)
{
    private readonly WorkingCalendar _city = (policy ?? throw new ArgumentNullException(nameof(policy))).Calendars[policy.City.Calendar];
    private readonly KpiCounter _counter = new(policy);

    public HijriMonths Hijri => _city.Hijri;

    /// <summary>The city's day.</summary>
    public DateOnly Today(DateTimeOffset now) => _city.DayOf(now);

    /// <param name="book">The days of the period and of the one before it, and the whole backlog.</param>
    public KpiReport Answer(KpiBook book, KpiQuestionnaire question, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(question);
        var compared = question.Period.Before(Hijri);
        if (question.Fold && question.GroupBy != KpiGroupBy.None)
        {
            var rename = question.Key ?? (key => key);
            var sizes = Sum(book, question, question.Period, now).Groups.ToDictionary(pair => pair.Key, pair => pair.Value.Received, StringComparer.Ordinal);
            var told = Suppression.Fold(sizes);
            question = question with { Key = key => told.GetValueOrDefault(rename(key), Suppression.Others) };
        }

        var (total, groups) = Sum(book, question, question.Period, now);
        // Groups of time have no counterpart in another time.
        var (totalBefore, groupsBefore) = Sum(book, question, compared, now);
        var byTime = question.GroupBy is KpiGroupBy.Day or KpiGroupBy.Week or KpiGroupBy.Month;
        return new KpiReport(
            question.Period, compared, now, new KpiGroup(string.Empty, total.ToFigures(), totalBefore.ToFigures()),
            [
                .. groups.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new KpiGroup(
                    pair.Key, pair.Value.ToFigures(), byTime ? null : (groupsBefore.GetValueOrDefault(pair.Key) ?? new KpiSums()).ToFigures())),
            ]);
    }

    private (KpiSums Total, Dictionary<string, KpiSums> Groups) Sum(KpiBook book, KpiQuestionnaire question, KpiPeriod period, DateTimeOffset now)
    {
        var total = new KpiSums();
        var groups = new Dictionary<string, KpiSums>(StringComparer.Ordinal);
        var today = Today(now);
        foreach (var (row, counts) in book.Rows)
        {
            var inPeriod = period.Contains(row.Day);
            if (row.Kind == KpiRowKind.Day && !inPeriod)
            {
                continue;
            }

            foreach (var cell in counts.Cells)
            {
                if (question.Covers?.Invoke(cell) == false)
                {
                    continue;
                }

                var group = question.GroupBy == KpiGroupBy.None || (!inPeriod && question.GroupBy >= KpiGroupBy.Day)
                    ? null
                    : GroupOf(groups, KeyOf(question, row, cell));
                var reckoning = _counter.ReckoningOf(cell);
                foreach (var (key, count) in counts.Of(cell))
                {
                    if (key.Measure == Measure.Open)
                    {
                        var (open, days) = (OpenReport.Read(key), today.DayNumber - row.Day.DayNumber);
                        total.AddOpen(open, count, inPeriod, days, reckoning, now);
                        group?.AddOpen(open, count, inPeriod, days, reckoning, now);
                    }
                    else
                    {
                        total.Add(key, count);
                        group?.Add(key, count);
                    }
                }
            }
        }

        return (total, groups);
    }

    private string KeyOf(KpiQuestionnaire question, KpiRow row, KpiCell cell)
    {
        var key = KpiGrouping.KeyOf(question.GroupBy, row, cell, question.Calendar, Hijri);
        return question.Key is { } rename ? rename(key) : key;
    }

    private static KpiSums GroupOf(Dictionary<string, KpiSums> groups, string key) =>
        groups.TryGetValue(key, out var sums) ? sums : groups[key] = new KpiSums();
}
