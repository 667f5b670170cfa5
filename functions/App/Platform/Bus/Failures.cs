using System.Net.Sockets;
using Azure;
using Azure.Messaging.ServiceBus;

namespace Serverless940.Functions.Platform.Bus;

/// <summary>What no retry will mend: the message goes to the dead letters at once, with this reason.</summary>
public sealed class PermanentFailureException : Exception
{
    public PermanentFailureException(string message)
        : base(message)
    {
    }

    public PermanentFailureException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public PermanentFailureException()
    {
    }
}

/// <summary>A dependency that said it cannot now: the message waits its turn.</summary>
public sealed class TransientFailureException : Exception
{
    /// <summary>Whether a moment's wait may help, as it may not when something has to run its time.</summary>
    public bool IsBrief { get; init; } = true;

    /// <summary>When the wait is over at the latest: the next try comes no later, however often it was tried before.</summary>
    public DateTimeOffset? OverAt { get; init; }

    /// <summary>When the next try comes at the earliest, as for what has its turn then.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    public TransientFailureException(string message)
        : base(message)
    {
    }

    public TransientFailureException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public TransientFailureException()
    {
    }
}

/// <summary>Sorts exceptions: does waiting help?</summary>
public static class Failures
{
    /// <summary>Whether a dependency is down, slow or throttling, or another writer was faster.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        TransientFailureException => true,
        RequestFailedException { Status: 0 or 408 or 409 or 412 or 429 or >= 500 } => true,
        ServiceBusException bus => bus.IsTransient || bus.Reason is ServiceBusFailureReason.ServiceTimeout
            or ServiceBusFailureReason.ServiceBusy or ServiceBusFailureReason.ServiceCommunicationProblem,
        HttpRequestException { StatusCode: null } or TimeoutException or SocketException or IOException => true,
        HttpRequestException { StatusCode: { } status } => (int)status is 408 or 429 or >= 500,
        OperationCanceledException { InnerException: TimeoutException } => true,
        AggregateException many => many.InnerExceptions.All(IsTransient),
        _ => false,
    };

    /// <summary>Time until the next try: 5 s doubled, at most 15 minutes, spread by a fifth either way.</summary>
    public static TimeSpan BackOff(int attempt)
    {
        var seconds = Math.Min(5 * Math.Pow(2, Math.Min(attempt, 20)), 900);
#pragma warning disable CA5394 // jitter is no secret
        return TimeSpan.FromSeconds(seconds * (0.8 + (0.4 * Random.Shared.NextDouble())));
#pragma warning restore CA5394
    }
}
