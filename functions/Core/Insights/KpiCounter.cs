using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Core.Time;

namespace Serverless940.Core.Insights;

/// <summary>
/// What an event adds to which counts. Pure, so that the projection, a rebuild and the simulator count alike. Some counts
/// are of what happened and stay where it happened; the others are of how a report stands, and each event takes the
/// report's old share away and adds its new one: it follows the report when somebody else becomes responsible.
/// </summary>
public sealed class KpiCounter(Policy policy)
{
    private readonly WorkingCalendar _city = (policy ?? throw new ArgumentNullException(nameof(policy))).Calendars[policy.City.Calendar];

    /// <summary>The life after the event, and the counts that it changes; no count twice.</summary>
    public (ReportLife After, IReadOnlyList<KpiDelta> Deltas) Count(ReportLife? before, RecordedEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var after = ReportLife.Apply(before, recorded);
        var deltas = new List<KpiDelta>();
        Happened(before, after, recorded, deltas);
        // Most events change nothing of how a report stands to the counting.
        if (recorded.Body is not (Escalated or AttachmentAdded or Placed or Rated or FollowedUp or Followed or MisuseFlagged)
            && !(recorded.Body is Commented && before?.RespondedAt == after.RespondedAt))
        {
            Moved(before, after, deltas);
        }

        return (after, deltas);
    }

    /// <summary>What a provider's word on an SMS changes, on the day on which it was sent.</summary>
    public IReadOnlyList<KpiDelta> CountSms(Report report, DateTimeOffset sentAt, DeliveryState from, DeliveryState to)
    {
        ArgumentNullException.ThrowIfNull(report);
        var deltas = new List<KpiDelta>();
        Add(from, -1);
        Add(to, 1);
        return deltas;

        void Add(DeliveryState state, int by)
        {
            var measure = state switch
            {
                DeliveryState.Delivered or DeliveryState.Read => Measure.SmsDelivered,
                DeliveryState.Failed => Measure.SmsFailed,
                _ => Measure.None,
            };
            if (measure != Measure.None)
            {
                Put(deltas, new KpiDelta(Day(sentAt), CellOf(report), KpiKey.Of(measure), by));
            }
        }
    }

    /// <summary>How a cell's time is reckoned: the working time of its department, around the clock for emergencies.</summary>
    public Reckoning ReckoningOf(KpiCell cell) => ReckoningOf(cell.Category, cell.Priority, cell.Department);

    private static KpiCell CellOf(Report report) => new(
        report.Municipality, report.Department, report.Category, report.Channel, report.Priority,
        report.Agent is null ? KpiCell.Oneself : KpiCell.Agents);

    private void Happened(ReportLife? before, ReportLife after, RecordedEvent recorded, List<KpiDelta> deltas)
    {
        var report = after.Report;
        switch (recorded.Body)
        {
            // Passed on once more is still passed on.
            case Referred when before?.Report.Status != ReportStatus.Referred:
                Add(Measure.Referred, recorded.At);
                break;
            case Closed:
                Add(Measure.Closed, recorded.At);
                if (report.Reporter.Phone is not null || report.Reporter.Address is not null)
                {
                    Add(Measure.Asked, recorded.At);
                }

                break;
            case Rejected:
                Add(Measure.Rejected, recorded.At);
                break;
            case Merged:
                Add(Measure.Merged, recorded.At);
                break;
            case Reopened:
                Add(Measure.Reopened, recorded.At);
                break;
            case FollowedUp:
                Add(Measure.FollowedUp, recorded.At);
                break;
            case Escalated escalated:
                Add(Measure.Escalated, recorded.At, (ulong)escalated.Level);
                break;
            case Rated rated:
                // Where the question was asked: the share that answers is never over the whole.
                var closedAt = before?.Report.ClosedAt ?? recorded.At;
                Add(Measure.Rated, closedAt);
                Add(Measure.Quality, closedAt, (ulong)rated.Quality);
                Add(Measure.Speed, closedAt, (ulong)rated.Speed);
                Add(Measure.Solved, closedAt, (ulong)rated.Solved);
                if (rated.Agent is { } agent)
                {
                    Add(Measure.Agent, closedAt, (ulong)agent);
                }

                break;
        }

        void Add(Measure measure, DateTimeOffset at, ulong detail = 0) =>
            Put(deltas, new KpiDelta(Day(at), CellOf(report), KpiKey.Of(measure, detail), 1));
    }

    private void Moved(ReportLife? before, ReportLife after, List<KpiDelta> deltas)
    {
        if (before is not null)
        {
            Stands(before, -1, deltas);
        }

        Stands(after, 1, deltas);
    }

    private void Stands(ReportLife life, int by, List<KpiDelta> deltas)
    {
        var report = life.Report;
        var cell = CellOf(report);
        var day = Day(report.ReceivedAt);
        var reckoning = ReckoningOf(report.Category, report.Priority, report.Department);
        Add(Measure.Received);
        if (life.RespondedAt is { } responded)
        {
            Add(Measure.RespondedAfter, After(responded));
        }
        else if (life.LeftAt is { } silently)
        {
            Left(Measure.LeftWithoutResponse, silently);
        }

        if (life.LeftAt is { } left)
        {
            Left(Measure.LeftAfter, left);
        }

        switch (report.Status)
        {
            case ReportStatus.Closed:
                Add(Measure.NowClosed);
                if (life.LeftAt is null && report.ClosedAt is { } closed)
                {
                    Add(Measure.ClosedAfter, After(closed));
                    Add(report.Closures == 1 && closed <= report.PromisedBy ? Measure.OnTime : Measure.Late);
                }

                break;
            case ReportStatus.Rejected:
                Add(Measure.NowRejected);
                break;
            case ReportStatus.Merged:
                Add(Measure.NowMerged);
                break;
            default:
                var open = new OpenReport(report.ReceivedAt, report.PromisedBy, life.RespondedAt is not null, report.Agency is not null, report.Closures > 0);
                Put(deltas, new KpiDelta(new KpiRow(KpiRowKind.Backlog, day.Day), cell, open.Key, by));
                if (open is { Reopened: true, WithAgency: false })
                {
                    Add(Measure.Broken);
                }

                break;
        }

        void Add(Measure measure, ulong detail = 0) => Put(deltas, new KpiDelta(day, cell, KpiKey.Of(measure, detail), by));

        // What was never ours for a moment says nothing of our time; in the first bucket it would dilute what ended at once.
        void Left(Measure measure, DateTimeOffset at)
        {
            if (reckoning.Between(report.ReceivedAt, at) > TimeSpan.Zero)
            {
                Add(measure, After(at));
            }
        }

        ulong After(DateTimeOffset at) => (ulong)DurationBuckets.Of(reckoning.Between(report.ReceivedAt, at));
    }

    // What is taken away and added again has not changed.
    private static void Put(List<KpiDelta> deltas, KpiDelta delta)
    {
        var index = deltas.FindIndex(other => other.Key == delta.Key && other.Row == delta.Row && other.Cell == delta.Cell);
        if (index < 0)
        {
            deltas.Add(delta);
        }
        else if (deltas[index].By + delta.By == 0)
        {
            deltas.RemoveAt(index);
        }
        else
        {
            deltas[index] = delta with { By = deltas[index].By + delta.By };
        }
    }

    private KpiRow Day(DateTimeOffset at) => new(KpiRowKind.Day, _city.DayOf(at));

    private Reckoning ReckoningOf(string category, Priority priority, string? department)
    {
        var known = policy.Categories.TryGetValue(category, out var found) ? found : policy.Categories[policy.Intake.DefaultCategory];
        return ReportClock.Of(policy, known, priority, department).Reckoning;
    }
}
