using Azure.Messaging.ServiceBus;

namespace Serverless940.Local.Functions;

/// <summary>How the messages of one invocation are settled, whoever received them.</summary>
internal abstract class MessageSettlement
{
    public abstract Task CompleteAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken);

    public abstract Task AbandonAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? properties, CancellationToken cancellationToken);

    public Task DeadLetterAsync(
        ServiceBusReceivedMessage message, Dictionary<string, object>? properties, string? reason, string? description, CancellationToken cancellationToken) =>
        reason is null && description is null
            ? DeadLetterPlainlyAsync(message, properties, cancellationToken)
            : DeadLetterWithReasonAsync(message, properties, reason, description, cancellationToken);

    public abstract Task DeferAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? properties, CancellationToken cancellationToken);

    public abstract Task RenewAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken);

    protected abstract Task DeadLetterPlainlyAsync(ServiceBusReceivedMessage message, Dictionary<string, object>? properties, CancellationToken cancellationToken);

    protected abstract Task DeadLetterWithReasonAsync(
        ServiceBusReceivedMessage message, Dictionary<string, object>? properties, string? reason, string? description, CancellationToken cancellationToken);
}

internal sealed class ProcessorSettlement(ProcessMessageEventArgs args) : MessageSettlement
{
    public override Task CompleteAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken) =>
        args.CompleteMessageAsync(message, cancellationToken);

    public override Task AbandonAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? properties, CancellationToken cancellationToken) =>
        args.AbandonMessageAsync(message, properties, cancellationToken);

    public override Task DeferAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? properties, CancellationToken cancellationToken) =>
        args.DeferMessageAsync(message, properties, cancellationToken);

    public override Task RenewAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken) =>
        args.RenewMessageLockAsync(message, cancellationToken);

    protected override Task DeadLetterPlainlyAsync(ServiceBusReceivedMessage message, Dictionary<string, object>? properties, CancellationToken cancellationToken) =>
        args.DeadLetterMessageAsync(message, properties, cancellationToken);

    protected override Task DeadLetterWithReasonAsync(
        ServiceBusReceivedMessage message, Dictionary<string, object>? properties, string? reason, string? description, CancellationToken cancellationToken) =>
        properties is null
            ? args.DeadLetterMessageAsync(message, reason, description, cancellationToken)
            : args.DeadLetterMessageAsync(message, properties, reason, description, cancellationToken);
}

internal sealed class SessionProcessorSettlement(ProcessSessionMessageEventArgs args) : MessageSettlement
{
    public override Task CompleteAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken) =>
        args.CompleteMessageAsync(message, cancellationToken);

    public override Task AbandonAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? properties, CancellationToken cancellationToken) =>
        args.AbandonMessageAsync(message, properties, cancellationToken);

    public override Task DeferAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? properties, CancellationToken cancellationToken) =>
        args.DeferMessageAsync(message, properties, cancellationToken);

    // A message of a session has no lock of its own.
    public override Task RenewAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("The lock of a session is renewed, not that of its messages.");

    protected override Task DeadLetterPlainlyAsync(ServiceBusReceivedMessage message, Dictionary<string, object>? properties, CancellationToken cancellationToken) =>
        args.DeadLetterMessageAsync(message, properties, cancellationToken);

    protected override Task DeadLetterWithReasonAsync(
        ServiceBusReceivedMessage message, Dictionary<string, object>? properties, string? reason, string? description, CancellationToken cancellationToken) =>
        properties is null
            ? args.DeadLetterMessageAsync(message, reason, description, cancellationToken)
            : args.DeadLetterMessageAsync(message, properties, reason, description, cancellationToken);
}

internal sealed class ReceiverSettlement(ServiceBusReceiver receiver) : MessageSettlement
{
    public override Task CompleteAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken) =>
        receiver.CompleteMessageAsync(message, cancellationToken);

    public override Task AbandonAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? properties, CancellationToken cancellationToken) =>
        receiver.AbandonMessageAsync(message, properties, cancellationToken);

    public override Task DeferAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? properties, CancellationToken cancellationToken) =>
        receiver.DeferMessageAsync(message, properties, cancellationToken);

    public override Task RenewAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken) =>
        receiver.RenewMessageLockAsync(message, cancellationToken);

    protected override Task DeadLetterPlainlyAsync(ServiceBusReceivedMessage message, Dictionary<string, object>? properties, CancellationToken cancellationToken) =>
        receiver.DeadLetterMessageAsync(message, properties, cancellationToken);

    protected override Task DeadLetterWithReasonAsync(
        ServiceBusReceivedMessage message, Dictionary<string, object>? properties, string? reason, string? description, CancellationToken cancellationToken) =>
        properties is null
            ? receiver.DeadLetterMessageAsync(message, reason, description, cancellationToken)
            : receiver.DeadLetterMessageAsync(message, properties, reason, description, cancellationToken);
}

/// <summary>The session an invocation's messages belong to.</summary>
internal abstract class SessionControl
{
    /// <summary>Whether the function asked to let the session go.</summary>
    public bool IsReleased { get; set; }

    public abstract DateTimeOffset LockedUntil { get; }

    public abstract Task<BinaryData?> GetStateAsync(CancellationToken cancellationToken);

    public abstract Task SetStateAsync(BinaryData state, CancellationToken cancellationToken);

    public abstract Task RenewAsync(CancellationToken cancellationToken);
}

internal sealed class ProcessorSession(ProcessSessionMessageEventArgs args) : SessionControl
{
    public override DateTimeOffset LockedUntil => args.SessionLockedUntil;

    public override async Task<BinaryData?> GetStateAsync(CancellationToken cancellationToken) => await args.GetSessionStateAsync(cancellationToken);

    public override Task SetStateAsync(BinaryData state, CancellationToken cancellationToken) => args.SetSessionStateAsync(state, cancellationToken);

    public override Task RenewAsync(CancellationToken cancellationToken) => args.RenewSessionLockAsync(cancellationToken);
}

internal sealed class ReceiverSession(ServiceBusSessionReceiver receiver) : SessionControl
{
    public override DateTimeOffset LockedUntil => receiver.SessionLockedUntil;

    public override async Task<BinaryData?> GetStateAsync(CancellationToken cancellationToken) => await receiver.GetSessionStateAsync(cancellationToken);

    public override Task SetStateAsync(BinaryData state, CancellationToken cancellationToken) => receiver.SetSessionStateAsync(state, cancellationToken);

    public override Task RenewAsync(CancellationToken cancellationToken) => receiver.RenewSessionLockAsync(cancellationToken);
}
