using Azure.Messaging.ServiceBus;
using Serverless940.Local.Functions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Settles messages from inside a function; what it settled the host leaves alone.</summary>
public class ServiceBusMessageActions
{
    private readonly MessageSettlement _settlement;

    internal ServiceBusMessageActions(MessageSettlement settlement)
    {
        _settlement = settlement;
    }

    /// <summary>For mocks.</summary>
    protected ServiceBusMessageActions()
    {
        _settlement = null!;
    }

    public virtual Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _settlement.CompleteAsync(message, cancellationToken);
    }

    /// <summary>Gives the message back for another delivery.</summary>
    public virtual Task AbandonMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _settlement.AbandonAsync(message, propertiesToModify, cancellationToken);
    }

    /// <summary>Puts the message where messages go that cannot be handled.</summary>
    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = default,
        string? deadLetterReason = default,
        string? deadLetterErrorDescription = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _settlement.DeadLetterAsync(message, propertiesToModify, deadLetterReason, deadLetterErrorDescription, cancellationToken);
    }

    /// <summary>Lays the message aside, to be fetched by its sequence number.</summary>
    public virtual Task DeferMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _settlement.DeferAsync(message, propertiesToModify, cancellationToken);
    }

    public virtual Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _settlement.RenewAsync(message, cancellationToken);
    }
}

/// <summary>What a function may do with the session its messages belong to.</summary>
public class ServiceBusSessionMessageActions
{
    private readonly SessionControl _session;

    internal ServiceBusSessionMessageActions(SessionControl session)
    {
        _session = session;
        SessionLockedUntil = session.LockedUntil;
    }

    /// <summary>For mocks.</summary>
    protected ServiceBusSessionMessageActions()
    {
        _session = null!;
    }

    public virtual DateTimeOffset SessionLockedUntil { get; protected set; }

    /// <summary>The session's state; empty when it has none.</summary>
    public virtual async Task<BinaryData> GetSessionStateAsync(CancellationToken cancellationToken = default) =>
        await _session.GetStateAsync(cancellationToken) ?? new BinaryData(ReadOnlyMemory<byte>.Empty);

    public virtual Task SetSessionStateAsync(BinaryData sessionState, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sessionState);
        return _session.SetStateAsync(sessionState, cancellationToken);
    }

    /// <summary>Lets the session go once the function has returned, so that another may be worked on.</summary>
    public virtual Task ReleaseSession(CancellationToken cancellationToken = default)
    {
        _session.IsReleased = true;
        return Task.CompletedTask;
    }

    public virtual async Task RenewSessionLockAsync(CancellationToken cancellationToken = default)
    {
        await _session.RenewAsync(cancellationToken);
        SessionLockedUntil = _session.LockedUntil;
    }
}
