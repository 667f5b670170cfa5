using Serverless940.Core.Messages;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Insights;

/// <summary>What a count belongs to: one combination of all dimensions. Figures of any one are sums over the others.</summary>
/// <param name="Municipality">Policy id, or <see langword="null"/> before anyone is responsible.</param>
/// <param name="Department">Policy id, likewise.</param>
/// <param name="AgentGroup">Who took it in: <see cref="Agents"/> or <see cref="Oneself"/>. Groups, never persons.</param>
public readonly record struct KpiCell(
    string? Municipality, string? Department, string Category, Channel Channel, Priority Priority, string AgentGroup)
{
    /// <summary>Keyed in by an agent (مأمور) for a caller.</summary>
    public const string Agents = "agents";

    /// <summary>Filed by the citizen himself.</summary>
    public const string Oneself = "oneself";
}

/// <summary>What is counted. Numbers are stored: none is ever used again for something else.</summary>
public enum Measure
{
    None = 0,

    // On the day on which it happened.
    Referred = 2,
    Closed = 3,
    Rejected = 4,
    Merged = 5,
    Reopened = 6,
    FollowedUp = 7,

    /// <summary>By level.</summary>
    Escalated = 8,
    SmsDelivered = 9,
    SmsFailed = 10,

    // On the day of receipt; it follows a report to whoever becomes responsible.
    Received = 20,

    /// <summary>By bucket: closed for good, by us, after so much working time.</summary>
    ClosedAfter = 21,

    /// <summary>By bucket: no longer ours to close (rejected, merged, passed on) after so much working time.</summary>
    LeftAfter = 22,

    /// <summary>By bucket: first response after so much working time.</summary>
    RespondedAfter = 23,

    /// <summary>By bucket: passed on without a response of ours after so much working time.</summary>
    LeftWithoutResponse = 24,
    OnTime = 25,
    Late = 26,

    /// <summary>Reopened and open: whatever was promised first was not kept.</summary>
    Broken = 27,
    NowClosed = 28,
    NowRejected = 29,
    NowMerged = 30,

    // On the day of the closing that is rated.
    Asked = 40,
    Rated = 41,

    /// <summary>By rating, 1 to 5; the next two likewise.</summary>
    Quality = 42,
    Speed = 43,
    Agent = 44,

    /// <summary>By <see cref="Messages.Solved"/>.</summary>
    Solved = 45,

    // In the backlog's rows, on the day of receipt.

    /// <summary>By <see cref="OpenReport"/>.</summary>
    Open = 60,
}

/// <summary>A measure and its detail as one number: 8 bits and 56.</summary>
public readonly record struct KpiKey(ulong Value)
{
    public Measure Measure => (Measure)(Value >> 56);

    public ulong Detail => Value & 0x00FF_FFFF_FFFF_FFFF;

    public static KpiKey Of(Measure measure, ulong detail = 0) => new(((ulong)measure << 56) | detail);
}

/// <summary>What the backlog knows of open reports that are alike to the minute.</summary>
/// <param name="ReceivedAt">To the minute, from 2000 on for a century.</param>
/// <param name="PromisedBy">To the minute, rounded up.</param>
/// <param name="Responded">Whether anyone has responded.</param>
/// <param name="WithAgency">Whether it waits for another body.</param>
/// <param name="Reopened">Whether it was closed before.</param>
public readonly record struct OpenReport(DateTimeOffset ReceivedAt, DateTimeOffset? PromisedBy, bool Responded, bool WithAgency, bool Reopened)
{
    private const int Bits = 26;
    private const ulong Mask = (1UL << Bits) - 1;
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public KpiKey Key => KpiKey.Of(
        Measure.Open,
        (Minutes(ReceivedAt, false) << (Bits + 4)) | ((PromisedBy is { } by ? Minutes(by, true) : 0) << 4)
        | (Responded ? 1UL : 0) | (WithAgency ? 2UL : 0) | (Reopened ? 4UL : 0));

    public static OpenReport Read(KpiKey key)
    {
        var detail = key.Detail;
        var promised = (detail >> 4) & Mask;
        return new OpenReport(
            Epoch.AddMinutes((detail >> (Bits + 4)) & Mask), promised == 0 ? null : Epoch.AddMinutes(promised),
            (detail & 1) != 0, (detail & 2) != 0, (detail & 4) != 0);
    }

    private static ulong Minutes(DateTimeOffset at, bool up)
    {
        var minutes = (at - Epoch).TotalMinutes;
        return (ulong)Math.Clamp(up ? Math.Ceiling(minutes) : Math.Floor(minutes), 0, Mask);
    }
}

/// <summary>Which row a count stands in.</summary>
public enum KpiRowKind
{
    /// <summary>What belongs to a day.</summary>
    Day,

    /// <summary>What is still open of a day's reports.</summary>
    Backlog,
}

/// <summary>A row of counts: the city's day, not UTC's.</summary>
public readonly record struct KpiRow(KpiRowKind Kind, DateOnly Day);

/// <summary>One count that changes.</summary>
public readonly record struct KpiDelta(KpiRow Row, KpiCell Cell, KpiKey Key, int By);
