using Serverless940.Core.Time;

namespace Serverless940.Core.Insights;

/// <summary>Adds the counts of one group up to its figures.</summary>
internal sealed class KpiSums
{
    /// <summary>Days of age up to which an open report stands in a band; the last band has no end.</summary>
    private static readonly int?[] Bands = [1, 3, 7, 30, null];

    private readonly Dictionary<Measure, int> _counts = [];
    private readonly SortedDictionary<int, int> _levels = [];
    private readonly Dictionary<Measure, int[]> _ratings = new()
    {
        [Measure.Quality] = new int[6], [Measure.Speed] = new int[6], [Measure.Agent] = new int[6], [Measure.Solved] = new int[3],
    };

    private readonly int[] _ages = new int[Bands.Length];
    private readonly Survival _close = new();
    private readonly Survival _respond = new();
    private int _backlog;
    private int _backlogOverdue;
    private int _open;
    private int _overdue;
    private int _overdueFirst;

    public int Received => Of(Measure.Received);

    public void Add(KpiKey key, int count)
    {
        var detail = (int)Math.Min(key.Detail, int.MaxValue);
        switch (key.Measure)
        {
            case Measure.ClosedAfter:
                _close.AddEnded(detail, count);
                break;
            case Measure.LeftAfter:
                _close.AddWaiting(detail, count);
                break;
            case Measure.RespondedAfter:
                _respond.AddEnded(detail, count);
                break;
            case Measure.LeftWithoutResponse:
                _respond.AddWaiting(detail, count);
                break;
            case Measure.Quality or Measure.Speed or Measure.Agent or Measure.Solved:
                var ratings = _ratings[key.Measure];
                ratings[Math.Min(detail, ratings.Length - 1)] += count;
                break;
            case Measure.Escalated:
                _levels[detail] = _levels.GetValueOrDefault(detail) + count;
                break;
            default:
                _counts[key.Measure] = _counts.GetValueOrDefault(key.Measure) + count;
                break;
        }
    }

    /// <param name="inPeriod">Whether it was received in the period that is asked about.</param>
    /// <param name="days">Its age in days of the city.</param>
    public void AddOpen(OpenReport open, int count, bool inPeriod, int days, Reckoning reckoning, DateTimeOffset now)
    {
        var overdue = open.PromisedBy < now;
        _backlog += count;
        _backlogOverdue += overdue ? count : 0;
        _ages[Array.FindIndex(Bands, band => band is null || days <= band)] += count;
        if (!inPeriod)
        {
            return;
        }

        _open += count;
        _overdue += overdue ? count : 0;
        if (open.WithAgency)
        {
            return;
        }

        _overdueFirst += overdue && !open.Reopened ? count : 0;
        var bucket = DurationBuckets.Of(reckoning.Between(open.ReceivedAt, now));
        _close.AddWaiting(bucket, count);
        if (!open.Responded)
        {
            _respond.AddWaiting(bucket, count);
        }
    }

    public KpiFigures ToFigures() => new()
    {
        Received = Received,
        Open = _open,
        Overdue = _overdue,
        ClosedOfReceived = Of(Measure.NowClosed),
        Closed = Of(Measure.Closed),
        Referred = Of(Measure.Referred),
        Rejected = Of(Measure.Rejected),
        Merged = Of(Measure.Merged),
        Reopened = Of(Measure.Reopened),
        FollowUps = Of(Measure.FollowedUp),
        FirstResponse = Spread(_respond),
        TimeToClose = Spread(_close),
        OnTime = new KpiShare(Of(Measure.OnTime), Of(Measure.OnTime) + Of(Measure.Late) + Of(Measure.Broken) + _overdueFirst),
        Escalations = new SortedDictionary<int, int>(_levels),
        Satisfaction = new KpiSatisfaction(
            new KpiShare(Of(Measure.Rated), Of(Measure.Asked)), Question(Measure.Quality), Question(Measure.Speed), Question(Measure.Agent),
            new KpiSolved(_ratings[Measure.Solved][0], _ratings[Measure.Solved][1], _ratings[Measure.Solved][2])),
        Sms = new KpiSms(Of(Measure.SmsDelivered), Of(Measure.SmsFailed)),
        Backlog = new KpiBacklog(_backlog, _backlogOverdue, [.. Bands.Select((band, i) => new KpiAgeBand(band, _ages[i]))]),
    };

    private int Of(Measure measure) => _counts.GetValueOrDefault(measure);

    private KpiQuestion Question(Measure measure)
    {
        var ratings = _ratings[measure];
        var answers = ratings.Sum();
        return new KpiQuestion(
            answers, answers == 0 ? null : ratings.Select((count, rating) => (double)count * rating).Sum() / answers,
            new KpiShare(ratings[4] + ratings[5], answers));
    }

    private static KpiDurations Spread(Survival survival) => new(Minutes(survival.Quantile(0.5)), Minutes(survival.Quantile(0.9)), survival.Ended, survival.Waiting);

    private static double? Minutes(TimeSpan? time) => time is { } known ? Math.Round(known.TotalMinutes, known.TotalMinutes < 10 ? 1 : 0) : null;
}
