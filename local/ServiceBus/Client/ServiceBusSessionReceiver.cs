#nullable disable
using Serverless940.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>Receives the messages of one session, which it alone holds until it is closed or its lock runs out.</summary>
public class ServiceBusSessionReceiver : ServiceBusReceiver
{
    /// <summary>For mocks.</summary>
    protected ServiceBusSessionReceiver()
    {
    }

    private ServiceBusSessionReceiver(ServiceBusClient client, string entityPath, ServiceBusReceiverOptions options, SessionLock session)
        : base(client, entityPath, options, session)
    {
    }

    public override bool IsClosed => base.IsClosed;

    public virtual string SessionId => Session.Session.Id;

    /// <summary>The end of the lock, real time.</summary>
    public virtual DateTimeOffset SessionLockedUntil => Session.LockedUntil;

    public virtual async Task<BinaryData> GetSessionStateAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        var broker = Client.Broker;
        var state = await broker.CallAsync(
            BrokerOperation.GetState, EntityPath, Client.Retry, _ => broker.GetSessionStateAsync(EntityPath, Session), cancellationToken);
        return state is null ? null : new BinaryData(state);
    }

    /// <summary>Keeps a state with the session; <see langword="null"/> removes it.</summary>
    public virtual async Task SetSessionStateAsync(BinaryData sessionState, CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        var broker = Client.Broker;
        var bytes = sessionState?.ToArray();
        await broker.CallAsync(
            BrokerOperation.SetState, EntityPath, Client.Retry, _ => broker.SetSessionStateAsync(EntityPath, Session, bytes), cancellationToken);
    }

    public virtual async Task RenewSessionLockAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        var broker = Client.Broker;
        await broker.CallAsync(
            BrokerOperation.Renew, EntityPath, Client.Retry, _ => Task.FromResult(broker.RenewSession(EntityPath, Session)), cancellationToken);
    }

    /// <summary>Locks a session; with no id, the next one that has messages.</summary>
    /// <exception cref="ServiceBusException">None had any in time: <see cref="ServiceBusFailureReason.ServiceTimeout"/>.</exception>
    internal static async Task<ServiceBusSessionReceiver> AcceptAsync(
        ServiceBusClient client, string entityPath, string sessionId, ServiceBusSessionReceiverOptions options, CancellationToken cancellationToken)
    {
        client.ThrowIfClosed();
        var broker = client.Broker;
        var session = await broker.CallAsync(
            BrokerOperation.AcceptSession,
            entityPath,
            client.Retry,
            async token => await broker.AcceptSessionAsync(entityPath, sessionId, client.Retry.TryTimeout, token)
                ?? throw new ServiceBusException("No session became available in time.", ServiceBusFailureReason.ServiceTimeout, entityPath),
            cancellationToken);
        return Make(client, entityPath, options, session);
    }

    /// <summary>The same for a processor, which goes on waiting: <see langword="null"/> when no session came in time.</summary>
    internal static async Task<ServiceBusSessionReceiver> TryAcceptAsync(
        ServiceBusClient client, string entityPath, string sessionId, ServiceBusSessionReceiverOptions options, CancellationToken cancellationToken)
    {
        client.ThrowIfClosed();
        var broker = client.Broker;
        var session = await broker.CallAsync(
            BrokerOperation.AcceptSession,
            entityPath,
            client.Retry,
            token => broker.AcceptSessionAsync(entityPath, sessionId, client.Retry.TryTimeout, token),
            cancellationToken);
        return session is null ? null : Make(client, entityPath, options, session);
    }

    private static ServiceBusSessionReceiver Make(
        ServiceBusClient client, string entityPath, ServiceBusSessionReceiverOptions options, SessionLock session)
    {
        var receiver = new ServiceBusSessionReceiver(
            client,
            entityPath,
            new ServiceBusReceiverOptions
            {
                Identifier = options?.Identifier,
                PrefetchCount = options?.PrefetchCount ?? 0,
                ReceiveMode = options?.ReceiveMode ?? ServiceBusReceiveMode.PeekLock,
            },
            session);
        receiver.Consume(client.Broker);
        return receiver;
    }
}
