namespace Serverless940.Core.Insights;

/// <summary>
/// Fixed buckets of durations, each 3 % wider than the one before: a duration is read from its bucket within 1.5 %, and
/// within <see cref="Error"/> from the next one, into which a quantile may slip when what is still open shares the bucket
/// with what has ended. What took less than a minute is one bucket and reads as nothing.
/// </summary>
public static class DurationBuckets
{
    /// <summary>Buckets in all; the last takes whatever is longer, which begins at 22 years around the clock.</summary>
    public const int Count = 553;

    /// <summary>The error that is stated of medians and percentiles of a minute or more.</summary>
    public const double Error = 0.05;

    private const double Ratio = 1.03;

    private static readonly double LogRatio = Math.Log(Ratio);

    /// <summary>The bucket of a duration.</summary>
    public static int Of(TimeSpan duration) =>
        duration.TotalMinutes < 1 ? 0 : Math.Min(Count - 1, (int)Math.Floor(Math.Log(duration.TotalMinutes) / LogRatio) + 1);

    /// <summary>The duration that a bucket stands for: as far, in shares, from its shortest as from its longest.</summary>
    public static TimeSpan Middle(int bucket)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bucket);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bucket, Count);
        if (bucket == 0)
        {
            return TimeSpan.Zero;
        }

        var low = Math.Pow(Ratio, bucket - 1);
        return TimeSpan.FromMinutes(2 * low * Ratio / (1 + Ratio));
    }
}
