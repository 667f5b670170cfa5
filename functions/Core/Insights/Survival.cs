namespace Serverless940.Core.Insights;

/// <summary>
/// Durations of which some are not over yet, counted by <see cref="DurationBuckets"/>. Quantiles are Kaplan and Meier's
/// (1958): what is still open counts for as long as it has lasted, so that a backlog makes the figures worse, not better.
/// Within a bucket the ends come before what was only waited for.
/// </summary>
public sealed class Survival
{
    private readonly int[] _ended = new int[DurationBuckets.Count];
    private readonly int[] _waiting = new int[DurationBuckets.Count];

    /// <summary>How many have ended.</summary>
    public int Ended { get; private set; }

    /// <summary>How many had not ended when last looked at.</summary>
    public int Waiting { get; private set; }

    public void AddEnded(int bucket, int count)
    {
        _ended[bucket] += count;
        Ended += count;
    }

    public void AddWaiting(int bucket, int count)
    {
        _waiting[bucket] += count;
        Waiting += count;
    }

    /// <summary>The duration within which this share has ended; <see langword="null"/> when so many have not ended yet.</summary>
    /// <param name="share">0.5 for the median, 0.9 for the 90th percentile.</param>
    public TimeSpan? Quantile(double share)
    {
        var atRisk = Ended + Waiting;
        var left = 1.0;
        for (var bucket = 0; bucket < DurationBuckets.Count && atRisk > 0; bucket++)
        {
            if (_ended[bucket] > 0)
            {
                left *= 1 - ((double)_ended[bucket] / atRisk);
                // The product of many fractions may miss a share that it meets exactly.
                if (left <= 1 - share + 1e-9)
                {
                    return DurationBuckets.Middle(bucket);
                }
            }

            atRisk -= _ended[bucket] + _waiting[bucket];
        }

        return null;
    }
}
