using System.Globalization;
using Microsoft.Azure.Functions.Worker;

namespace Serverless940.Local.Functions;

/// <summary>When a failed invocation is tried again.</summary>
internal sealed class RetryPlan(RetryAttribute? retry)
{
    public int Most => retry?.MaxRetryCount ?? 0;

    public bool Allows(int attempt) => retry is not null && (Most == -1 || attempt < Most);

    /// <summary>The wait before the attempt after <paramref name="attempt"/>.</summary>
    public TimeSpan DelayBefore(int attempt)
    {
        switch (retry)
        {
            case FixedDelayRetryAttribute fixedDelay:
                return TimeSpan.Parse(fixedDelay.DelayInterval, CultureInfo.InvariantCulture);
            case ExponentialBackoffRetryAttribute backoff:
                var least = TimeSpan.Parse(backoff.MinimumInterval, CultureInfo.InvariantCulture);
                var most = TimeSpan.Parse(backoff.MaximumInterval, CultureInfo.InvariantCulture);
                var delay = least * Math.Pow(2, Math.Min(attempt, 30));
                return delay < most ? delay : most;
            default:
                return TimeSpan.Zero;
        }
    }
}
