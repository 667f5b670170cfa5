using System.Globalization;

namespace Serverless940.Functions.Platform.Storage;

/// <summary>Keys are made here and nowhere else, so that every query knows its partition and every range its order.</summary>
public static class Keys
{
    public const string State = "state";

    public const string AliasPrefix = "alias|";

    public const string EventPrefix = "event|";

    public const string InboxPrefix = "inbox|";

    public const string OutboxPrefix = "outbox|";

    /// <summary>Partition of the calls of a day, in the city, that agents have to look at.</summary>
    public static string KeptCalls(DateOnly day) => day.ToString("'calls-'yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>Partition beside the reports' own of what paces texts; no number is spelled so.</summary>
    public const string Pace = "pace";

    public const string NextTurn = "next-turn";

    public const string BacklogPrefix = "backlog|";

    public const string KpiDayPrefix = "day|";

    /// <summary>Partition of a month's counts, of one shard of the reports.</summary>
    public static string KpiMonth(DateOnly day, int shard) => string.Create(CultureInfo.InvariantCulture, $"{day:yyyyMM}|{shard}");

    /// <summary>Partition of what is open, of one shard of the reports.</summary>
    public static string KpiBacklog(int shard) => string.Create(CultureInfo.InvariantCulture, $"{BacklogPrefix}{shard}");

    public static string KpiDay(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{KpiDayPrefix}{day:yyyyMMdd}");

    /// <summary>Up to where a subject is counted in its partition; sorts after the days and is not read with them.</summary>
    public static string KpiSeen(string subject) => "seen|" + subject.Replace('|', '-');

    /// <summary>After the last key with a prefix that ends in a bar.</summary>
    public static string After(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return string.Concat(prefix.AsSpan(0, prefix.Length - 1), "}");
    }

    public static string Event(int sequence) => string.Create(CultureInfo.InvariantCulture, $"{EventPrefix}{sequence:0000000}");

    public static string Inbox(string id) => InboxPrefix + id;

    public static string Alias(string sourceHash)
    {
        ArgumentNullException.ThrowIfNull(sourceHash);
        return string.Concat(AliasPrefix, sourceHash.AsSpan(0, 32));
    }

    /// <summary>An instant as text that sorts by time, UTC, to the tick.</summary>
    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyyMMddHHmmssfffffff", CultureInfo.InvariantCulture);

    /// <summary>A UTC day as text.</summary>
    public static string Day(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>A report near a place: what it is about, then where, then when, then which.</summary>
    /// <param name="group">Group of its category.</param>
    /// <param name="cell">Finer geohash, or the beginning of one for a range.</param>
    public static string NearbyPrefix(string group, string cell) => $"{group}|{cell}";

    public static string Nearby(string group, string cell, DateTimeOffset receivedAt, string number) =>
        $"{NearbyPrefix(group, cell)}|{Instant(receivedAt)}|{number}";

    /// <summary>One of <paramref name="count"/> shards, always the same for the same text.</summary>
    public static int Shard(string text, int count)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hash = 2166136261u;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 16777619u;
        }

        return (int)(hash % (uint)count);
    }
}
