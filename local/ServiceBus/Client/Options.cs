#nullable disable
using System.Net;
using System.Net.Security;

namespace Azure.Messaging.ServiceBus;

/// <summary>How a client connects; on one machine only the identifier and the retries matter.</summary>
public class ServiceBusClientOptions
{
    private ServiceBusRetryOptions _retryOptions = new();

    public ServiceBusTransportType TransportType { get; set; }

    public IWebProxy WebProxy { get; set; }

    public Uri CustomEndpointAddress { get; set; }

    public RemoteCertificateValidationCallback CertificateValidationCallback { get; set; }

    public TimeSpan ConnectionIdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    public bool EnableCrossEntityTransactions { get; set; }

    public string Identifier { get; set; }

    public ServiceBusRetryOptions RetryOptions
    {
        get => _retryOptions;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _retryOptions = value;
        }
    }
}

/// <summary>Which failures are tried again, how often and after how long (real time).</summary>
public class ServiceBusRetryOptions
{
    private int _maxRetries = 3;
    private TimeSpan _delay = TimeSpan.FromSeconds(0.8);
    private TimeSpan _maxDelay = TimeSpan.FromMinutes(1);
    private TimeSpan _tryTimeout = TimeSpan.FromMinutes(1);

    public ServiceBusRetryMode Mode { get; set; } = ServiceBusRetryMode.Exponential;

    /// <summary>0 to 100.</summary>
    public int MaxRetries
    {
        get => _maxRetries;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100);
            _maxRetries = value;
        }
    }

    /// <summary>1 millisecond to 5 minutes.</summary>
    public TimeSpan Delay
    {
        get => _delay;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(5));
            _delay = value;
        }
    }

    public TimeSpan MaxDelay
    {
        get => _maxDelay;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _maxDelay = value;
        }
    }

    /// <summary>How long one attempt may take, and how long a receive waits that names no time.</summary>
    public TimeSpan TryTimeout
    {
        get => _tryTimeout;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1));
            _tryTimeout = value;
        }
    }

    public ServiceBusRetryPolicy CustomRetryPolicy { get; set; }

    /// <summary>The delay before the next try, or <see langword="null"/> to give up.</summary>
    internal TimeSpan? DelayBefore(Exception exception, int attempt)
    {
        if (CustomRetryPolicy is { } policy)
        {
            return policy.CalculateRetryDelay(exception, attempt);
        }

        if (attempt > MaxRetries || MaxDelay == TimeSpan.Zero)
        {
            return null;
        }

        var growth = Mode == ServiceBusRetryMode.Exponential ? Math.Pow(2, attempt) : 1;
        var seconds = Delay.TotalSeconds * (growth + (0.08 * Random.Shared.NextDouble()));
        return TimeSpan.FromSeconds(Math.Min(seconds, MaxDelay.TotalSeconds));
    }
}

/// <summary>A caller's own rule for retries.</summary>
public abstract class ServiceBusRetryPolicy
{
    protected ServiceBusRetryPolicy()
    {
    }

    public abstract TimeSpan CalculateTryTimeout(int attemptCount);

    /// <summary>The delay before the next try, or <see langword="null"/> to give up.</summary>
    public abstract TimeSpan? CalculateRetryDelay(Exception lastException, int attemptCount);
}

/// <summary>How a sender is named.</summary>
public class ServiceBusSenderOptions
{
    public string Identifier { get; set; }
}

/// <summary>What a receiver reads, and how.</summary>
public class ServiceBusReceiverOptions
{
    private int _prefetchCount;

    public string Identifier { get; set; }

    public int PrefetchCount
    {
        get => _prefetchCount;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _prefetchCount = value;
        }
    }

    public ServiceBusReceiveMode ReceiveMode { get; set; }

    public SubQueue SubQueue { get; set; }
}

/// <summary>How a session receiver reads.</summary>
public class ServiceBusSessionReceiverOptions
{
    private int _prefetchCount;

    public string Identifier { get; set; }

    public int PrefetchCount
    {
        get => _prefetchCount;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _prefetchCount = value;
        }
    }

    public ServiceBusReceiveMode ReceiveMode { get; set; }
}

/// <summary>The limit of a batch.</summary>
public class CreateMessageBatchOptions
{
    private long? _maxSizeInBytes;

    /// <summary>At most what the tier takes; <see langword="null"/> for exactly that.</summary>
    public long? MaxSizeInBytes
    {
        get => _maxSizeInBytes;
        set
        {
            if (value is { } size)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(size, 24);
            }

            _maxSizeInBytes = value;
        }
    }
}

/// <summary>How a processor reads and runs its handler.</summary>
public class ServiceBusProcessorOptions
{
    private int _prefetchCount;
    private int _maxConcurrentCalls = 1;
    private TimeSpan _maxAutoLockRenewalDuration = TimeSpan.FromMinutes(5);

    public string Identifier { get; set; }

    public int PrefetchCount
    {
        get => _prefetchCount;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _prefetchCount = value;
        }
    }

    public ServiceBusReceiveMode ReceiveMode { get; set; }

    public bool AutoCompleteMessages { get; set; } = true;

    /// <summary>How long a lock is renewed while the handler runs (real time); infinite is allowed.</summary>
    public TimeSpan MaxAutoLockRenewalDuration
    {
        get => _maxAutoLockRenewalDuration;
        set
        {
            if (value != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            }

            _maxAutoLockRenewalDuration = value;
        }
    }

    public int MaxConcurrentCalls
    {
        get => _maxConcurrentCalls;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxConcurrentCalls = value;
        }
    }

    public SubQueue SubQueue { get; set; }
}

/// <summary>How a session processor reads and runs its handler.</summary>
public class ServiceBusSessionProcessorOptions
{
    private int _prefetchCount;
    private int _maxConcurrentSessions = 8;
    private int _maxConcurrentCallsPerSession = 1;
    private TimeSpan _maxAutoLockRenewalDuration = TimeSpan.FromMinutes(5);
    private TimeSpan? _sessionIdleTimeout;

    public string Identifier { get; set; }

    public int PrefetchCount
    {
        get => _prefetchCount;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _prefetchCount = value;
        }
    }

    public ServiceBusReceiveMode ReceiveMode { get; set; }

    public bool AutoCompleteMessages { get; set; } = true;

    /// <summary>How long a session's lock is renewed (real time); infinite is allowed.</summary>
    public TimeSpan MaxAutoLockRenewalDuration
    {
        get => _maxAutoLockRenewalDuration;
        set
        {
            if (value != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            }

            _maxAutoLockRenewalDuration = value;
        }
    }

    /// <summary>How long a session without messages is kept; by default the try timeout.</summary>
    public TimeSpan? SessionIdleTimeout
    {
        get => _sessionIdleTimeout;
        set
        {
            if (value is { } timeout)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
            }

            _sessionIdleTimeout = value;
        }
    }

    public int MaxConcurrentSessions
    {
        get => _maxConcurrentSessions;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxConcurrentSessions = value;
        }
    }

    public int MaxConcurrentCallsPerSession
    {
        get => _maxConcurrentCallsPerSession;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxConcurrentCallsPerSession = value;
        }
    }

    /// <summary>The only sessions to read; empty for all.</summary>
    public IList<string> SessionIds { get; } = [];
}
