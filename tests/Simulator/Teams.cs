using System.Globalization;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Time;

namespace Serverless940.Simulator;

/// <summary>When a crew begins and ends a report.</summary>
public readonly record struct Work(DateTimeOffset StartAt, DateTimeOffset DoneAt);

/// <summary>
/// How teams work reports off: each department has crews in each municipality, which work its hours, one report after the
/// other. Danger goes first, around the clock; then what was raised to the ladder's second step; then what was promised
/// first. A job takes a time drawn from a log-normal distribution by the report's own number, the same under every policy.
/// An agency answers when it has promised to.
/// </summary>
/// <param name="crews">Crews of a department in a municipality for which the policy names no team.</param>
/// <param name="hours">Median of a job, in hours.</param>
public sealed class Teams(Policy policy, int crews, double hours)
{
    private const double Sigma = 0.8;

    /// <summary>The work on each case that somebody works on.</summary>
    public IReadOnlyDictionary<Case, Work> Plan(IReadOnlyList<Case> cases)
    {
        ArgumentNullException.ThrowIfNull(cases);
        var plan = new Dictionary<Case, Work>(cases.Count);
        foreach (var queue in cases.Where(one => one.Report.Status == ReportStatus.Assigned).GroupBy(one => (one.Report.Department, one.Report.Municipality)))
        {
            WorkOff([.. queue.OrderBy(one => one.Request.OpenedAt)], queue.Key.Department, queue.Key.Municipality, plan);
        }

        foreach (var one in cases.Where(one => one.Report is { Status: ReportStatus.Referred, Agency: not null }))
        {
            var done = policy.Calendars[policy.City.Calendar].Add(one.Request.OpenedAt, policy.Agencies[one.Report.Agency!].AnswerWithin);
            plan[one] = new Work(done, done);
        }

        return plan;
    }

    private void WorkOff(Case[] arriving, string? department, string? municipality, Dictionary<Case, Work> plan)
    {
        var team = policy.Teams.Values.Where(one => one.Department == department && (one.Municipality == municipality || one.Municipality is null))
            .OrderBy(one => one.Municipality is null).ThenByDescending(one => one.Capacity).ThenBy(one => one.Id, StringComparer.Ordinal).FirstOrDefault();
        var calendar = team?.Calendar is { } own ? policy.Calendars[own]
            : department is not null ? policy.CalendarOf(policy.Departments[department]) : policy.Calendars[policy.City.Calendar];
        var free = new PriorityQueue<int, DateTimeOffset>(Enumerable.Range(0, Math.Max(1, team?.Capacity ?? crews)).Select(crew => (crew, DateTimeOffset.MinValue)));
        var line = new Line(arriving, calendar, RaisedAt);
        while (free.TryPeek(out _, out var at) && line.Next(at) is var (one, begin))
        {
            var job = JobOf(one);
            var done = IsDanger(one) ? begin + job : calendar.Add(begin, job);
            plan[one] = new Work(begin, done);
            free.EnqueueDequeue(0, done);
        }
    }

    /// <summary>When the ladder's second step is due.</summary>
    private DateTimeOffset RaisedAt(Case one, WorkingCalendar calendar)
    {
        var ladder = policy.Ladders[one.CategoryOf().Ladder];
        var patience = ladder.Steps.Take(2).Aggregate(TimeSpan.Zero, (sum, step) => sum + step.Patience);
        return Reckoning.Of(ladder.RealTime, calendar).Add(one.Request.OpenedAt, patience);
    }

    private static bool IsDanger(Case one) => one.Report.Priority == Priority.Emergency;

    private TimeSpan JobOf(Case one)
    {
        // Two uniform numbers that the report's own number gives make, by Box and Muller, a normal one.
        var dice = new Random((int)(long.Parse(one.Number, CultureInfo.InvariantCulture) % int.MaxValue));
        var normal = Math.Sqrt(-2 * Math.Log(1 - dice.NextDouble())) * Math.Cos(2 * Math.PI * dice.NextDouble());
        return TimeSpan.FromHours(hours * Math.Exp(Sigma * normal));
    }

    /// <summary>Who waits for a crew, and whose turn it is.</summary>
    private sealed class Line(Case[] arriving, WorkingCalendar calendar, Func<Case, WorkingCalendar, DateTimeOffset> raisedAt)
    {
        private readonly Queue<Case> _danger = new();
        private readonly PriorityQueue<Case, DateTimeOffset> _promised = new();
        private readonly PriorityQueue<Case, DateTimeOffset> _raised = new();
        private readonly HashSet<Case> _taken = [];
        private int _next;
        private int _waiting;

        /// <summary>Whom a crew that is free from a moment on takes up, and when; nobody when all are done.</summary>
        public (Case One, DateTimeOffset At)? Next(DateTimeOffset at)
        {
            if (_waiting == 0)
            {
                if (_next == arriving.Length)
                {
                    return null;
                }

                at = at > arriving[_next].Request.OpenedAt ? at : arriving[_next].Request.OpenedAt;
            }

            Arrive(at);
            if (_danger.Count == 0)
            {
                // Until somebody works again only danger is taken up.
                var open = calendar.NextOpen(at);
                while (_danger.Count == 0 && _next < arriving.Length && arriving[_next].Request.OpenedAt <= open)
                {
                    at = arriving[_next].Request.OpenedAt > at ? arriving[_next].Request.OpenedAt : at;
                    Arrive(at);
                }

                at = _danger.Count == 0 ? open : at;
            }

            _waiting--;
            return (Take(at), at);
        }

        private void Arrive(DateTimeOffset until)
        {
            for (; _next < arriving.Length && arriving[_next].Request.OpenedAt <= until; _next++, _waiting++)
            {
                var one = arriving[_next];
                if (IsDanger(one))
                {
                    _danger.Enqueue(one);
                    continue;
                }

                _promised.Enqueue(one, one.Report.PromisedBy ?? DateTimeOffset.MaxValue);
                _raised.Enqueue(one, raisedAt(one, calendar));
            }
        }

        private Case Take(DateTimeOffset at)
        {
            if (_danger.TryDequeue(out var first))
            {
                return first;
            }

            while (_raised.TryPeek(out var one, out var since) && (since <= at || _taken.Contains(one)))
            {
                if (_taken.Add(_raised.Dequeue()))
                {
                    return one;
                }
            }

            while (!_taken.Add(_promised.Peek()))
            {
                _promised.Dequeue();
            }

            return _promised.Dequeue();
        }
    }
}
