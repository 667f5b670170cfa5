using System.Text.Json.Serialization;

namespace Serverless940.Core.Insights;

/// <summary>A share with what it is a share of; no share of nothing.</summary>
public sealed record KpiShare(int Numerator, int Denominator)
{
    public double? Share => Denominator == 0 ? null : Math.Round((double)Numerator / Denominator, 4);
}

/// <summary>How long something takes, in minutes of working time (around the clock for emergencies), within ±5 %.</summary>
/// <param name="Median">Within so many minutes half of them end; <see langword="null"/> when fewer have ended so far.</param>
/// <param name="P90">The same for nine of ten.</param>
/// <param name="Ended">How many have ended.</param>
/// <param name="Waiting">How many have not: they count for as long as they have lasted (Kaplan–Meier).</param>
public sealed record KpiDurations(double? Median, double? P90, int Ended, int Waiting);

/// <summary>One question of the survey.</summary>
/// <param name="Answers">Sample size.</param>
/// <param name="Mean">1 to 5.</param>
/// <param name="Satisfied">Answers of 4 and 5.</param>
public sealed record KpiQuestion(int Answers, double? Mean, KpiShare Satisfied);

/// <summary>Whether the citizens found the thing mended.</summary>
public sealed record KpiSolved(int Yes, int Partly, int No);

/// <summary>What the citizens thought of the period's closings (رضا المستفيدين).</summary>
/// <param name="Response">Ratings, of the closings whose reporters could be asked.</param>
public sealed record KpiSatisfaction(KpiShare Response, KpiQuestion Quality, KpiQuestion Speed, KpiQuestion Agent, KpiSolved Solved)
{
    /// <summary>Answers of 4 and 5 to the two questions on the closing, quality and speed, of all answers to them.</summary>
    [JsonIgnore]
    public KpiShare Overall => new(Quality.Satisfied.Numerator + Speed.Satisfied.Numerator, Quality.Answers + Speed.Answers);
}

/// <summary>Texts to citizens and staff by the provider's last word, on the day on which they were sent.</summary>
public sealed record KpiSms(int Delivered, int Failed);

/// <param name="UpToDays">Oldest in the band; <see langword="null"/> for what is older than all.</param>
public sealed record KpiAgeBand(int? UpToDays, int Reports);

/// <summary>All that is open now, whenever it was received.</summary>
public sealed record KpiBacklog(int Open, int Overdue, IReadOnlyList<KpiAgeBand> ByAge);

/// <summary>
/// The figures of a group in a period (مؤشرات الأداء). Received, open, overdue, on time and the two durations are of the reports received in
/// it, as they stand now and with whoever is responsible now; closed, referred, rejected, merged, reopened, escalations and follow-ups
/// are of what happened in it.
/// </summary>
public sealed record KpiFigures
{
    public required int Received { get; init; }

    /// <summary>Of those received, still open.</summary>
    public required int Open { get; init; }

    /// <summary>Of those, past what was promised.</summary>
    public required int Overdue { get; init; }

    /// <summary>Of those received, closed by now.</summary>
    public required int ClosedOfReceived { get; init; }

    /// <summary>Closings in the period, of reports received whenever.</summary>
    public required int Closed { get; init; }

    public required int Referred { get; init; }

    public required int Rejected { get; init; }

    public required int Merged { get; init; }

    public required int Reopened { get; init; }

    public required int FollowUps { get; init; }

    /// <summary>Follow-ups ("I was ignored") a received report.</summary>
    public double? FollowUpRate => Received == 0 ? null : Math.Round((double)FollowUps / Received, 4);

    public required KpiDurations FirstResponse { get; init; }

    /// <summary>From receipt to the last closing; a reopened report is not closed yet. What others mend counts until it was passed on.</summary>
    public required KpiDurations TimeToClose { get; init; }

    /// <summary>Closed once and within the first promise, of all that were closed or should have been, reopened ones included.</summary>
    public required KpiShare OnTime { get; init; }

    /// <summary>Steps taken, by level.</summary>
    public required IReadOnlyDictionary<int, int> Escalations { get; init; }

    public required KpiSatisfaction Satisfaction { get; init; }

    public required KpiSms Sms { get; init; }

    public required KpiBacklog Backlog { get; init; }
}

/// <summary>One group's figures, and those of the period before.</summary>
/// <param name="Key">Policy id, wire name or date; empty for the whole.</param>
public sealed record KpiGroup(string Key, KpiFigures Figures, KpiFigures? Before);

/// <summary>The answer to a question: the whole, and its groups.</summary>
public sealed record KpiReport(KpiPeriod Period, KpiPeriod Compared, DateTimeOffset AsOf, KpiGroup Total, IReadOnlyList<KpiGroup> Groups);
