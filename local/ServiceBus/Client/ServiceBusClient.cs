#nullable disable
using Azure.Core;
using Serverless940.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>The way to a namespace: makes its senders, receivers and processors.</summary>
public class ServiceBusClient : IAsyncDisposable
{
    private readonly ServiceBusClientOptions _options;
    private readonly string _entityPath;
    private LocalBroker _broker;

    /// <summary>For mocks.</summary>
    protected ServiceBusClient()
    {
    }

    public ServiceBusClient(string connectionString)
        : this(connectionString, new ServiceBusClientOptions())
    {
    }

    /// <exception cref="ArgumentException">The connection string names no namespace or no credential.</exception>
    public ServiceBusClient(string connectionString, ServiceBusClientOptions options)
    {
        var parsed = ServiceBusConnectionStringProperties.Parse(connectionString);
        var hasKey = !string.IsNullOrEmpty(parsed.SharedAccessKeyName) && !string.IsNullOrEmpty(parsed.SharedAccessKey);
        if (string.IsNullOrEmpty(parsed.FullyQualifiedNamespace) || hasKey == !string.IsNullOrEmpty(parsed.SharedAccessSignature))
        {
            throw new ArgumentException(
                "The connection string needs an Endpoint and either SharedAccessKeyName with SharedAccessKey or SharedAccessSignature.", nameof(connectionString));
        }

        _options = options ?? new ServiceBusClientOptions();
        _entityPath = parsed.EntityPath;
        FullyQualifiedNamespace = parsed.FullyQualifiedNamespace;
        Identifier = Name(_options.Identifier, FullyQualifiedNamespace);
        _broker = LocalBroker.Find(FullyQualifiedNamespace);
    }

    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential)
        : this(fullyQualifiedNamespace, credential, new ServiceBusClientOptions())
    {
    }

    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential, ServiceBusClientOptions options)
        : this(fullyQualifiedNamespace, (object)credential, options)
    {
    }

    public ServiceBusClient(string fullyQualifiedNamespace, AzureNamedKeyCredential credential, ServiceBusClientOptions options = null)
        : this(fullyQualifiedNamespace, (object)credential, options)
    {
    }

    public ServiceBusClient(string fullyQualifiedNamespace, AzureSasCredential credential, ServiceBusClientOptions options = null)
        : this(fullyQualifiedNamespace, (object)credential, options)
    {
    }

    private ServiceBusClient(string fullyQualifiedNamespace, object credential, ServiceBusClientOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(fullyQualifiedNamespace);
        ArgumentNullException.ThrowIfNull(credential);
        if (Uri.TryCreate(fullyQualifiedNamespace, UriKind.Absolute, out var uri) && !string.IsNullOrEmpty(uri.Host))
        {
            fullyQualifiedNamespace = uri.Host;
        }

        if (Uri.CheckHostName(fullyQualifiedNamespace) == UriHostNameType.Unknown)
        {
            throw new ArgumentException("The namespace is no host name.", nameof(fullyQualifiedNamespace));
        }

        _options = options ?? new ServiceBusClientOptions();
        FullyQualifiedNamespace = fullyQualifiedNamespace;
        Identifier = Name(_options.Identifier, FullyQualifiedNamespace);
        _broker = LocalBroker.Find(FullyQualifiedNamespace);
    }

    public virtual string FullyQualifiedNamespace { get; }

    public virtual bool IsClosed { get; private set; }

    public virtual string Identifier { get; }

    public ServiceBusTransportType TransportType => _options?.TransportType ?? default;

    internal ServiceBusRetryOptions Retry => _options.RetryOptions;

    /// <summary>The engine behind the host name, kept once found: a client belongs to one life of its namespace.</summary>
    internal LocalBroker Broker => _broker ??= LocalBroker.Find(FullyQualifiedNamespace)
        ?? throw new ServiceBusException($"No bus answers at '{FullyQualifiedNamespace}'.", ServiceBusFailureReason.ServiceCommunicationProblem);

    public virtual ServiceBusSender CreateSender(string queueOrTopicName) => CreateSender(queueOrTopicName, null);

    public virtual ServiceBusSender CreateSender(string queueOrTopicName, ServiceBusSenderOptions options) =>
        new(this, Entity(queueOrTopicName), options);

    public virtual ServiceBusReceiver CreateReceiver(string queueName) => CreateReceiver(queueName, (ServiceBusReceiverOptions)null);

    public virtual ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options) =>
        new(this, Entity(queueName), options, null);

    public virtual ServiceBusReceiver CreateReceiver(string topicName, string subscriptionName) => CreateReceiver(topicName, subscriptionName, null);

    public virtual ServiceBusReceiver CreateReceiver(string topicName, string subscriptionName, ServiceBusReceiverOptions options) =>
        new(this, Subscription(topicName, subscriptionName), options, null);

    public virtual Task<ServiceBusSessionReceiver> AcceptNextSessionAsync(
        string queueName, ServiceBusSessionReceiverOptions options = null, CancellationToken cancellationToken = default) =>
        ServiceBusSessionReceiver.AcceptAsync(this, Entity(queueName), null, options, cancellationToken);

    public virtual Task<ServiceBusSessionReceiver> AcceptNextSessionAsync(
        string topicName, string subscriptionName, ServiceBusSessionReceiverOptions options = null, CancellationToken cancellationToken = default) =>
        ServiceBusSessionReceiver.AcceptAsync(this, Subscription(topicName, subscriptionName), null, options, cancellationToken);

    public virtual Task<ServiceBusSessionReceiver> AcceptSessionAsync(
        string queueName, string sessionId, ServiceBusSessionReceiverOptions options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sessionId);
        return ServiceBusSessionReceiver.AcceptAsync(this, Entity(queueName), sessionId, options, cancellationToken);
    }

    public virtual Task<ServiceBusSessionReceiver> AcceptSessionAsync(
        string topicName, string subscriptionName, string sessionId, ServiceBusSessionReceiverOptions options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sessionId);
        return ServiceBusSessionReceiver.AcceptAsync(this, Subscription(topicName, subscriptionName), sessionId, options, cancellationToken);
    }

    public virtual ServiceBusProcessor CreateProcessor(string queueName) => CreateProcessor(queueName, new ServiceBusProcessorOptions());

    public virtual ServiceBusProcessor CreateProcessor(string queueName, ServiceBusProcessorOptions options) =>
        new(this, Entity(queueName), options);

    public virtual ServiceBusProcessor CreateProcessor(string topicName, string subscriptionName) =>
        CreateProcessor(topicName, subscriptionName, new ServiceBusProcessorOptions());

    public virtual ServiceBusProcessor CreateProcessor(string topicName, string subscriptionName, ServiceBusProcessorOptions options) =>
        new(this, Subscription(topicName, subscriptionName), options);

    public virtual ServiceBusSessionProcessor CreateSessionProcessor(string queueName, ServiceBusSessionProcessorOptions options = null) =>
        new(this, Entity(queueName), options);

    public virtual ServiceBusSessionProcessor CreateSessionProcessor(
        string topicName, string subscriptionName, ServiceBusSessionProcessorOptions options = null) =>
        new(this, Subscription(topicName, subscriptionName), options);

    public virtual ValueTask DisposeAsync()
    {
        IsClosed = true;
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    internal static string Name(string identifier, string what) => string.IsNullOrEmpty(identifier) ? $"{what}-{Guid.NewGuid()}" : identifier;

    internal static string SubQueuePath(string path, SubQueue subQueue) => subQueue switch
    {
        SubQueue.None => path,
        SubQueue.DeadLetter => path + LocalBroker.DeadLetterSuffix,
        _ => path + "/$Transfer" + LocalBroker.DeadLetterSuffix,
    };

    internal void ThrowIfClosed() => ObjectDisposedException.ThrowIf(IsClosed, this);

    internal static string SubscriptionPath(string topicName, string subscriptionName)
    {
        ArgumentException.ThrowIfNullOrEmpty(topicName);
        ArgumentException.ThrowIfNullOrEmpty(subscriptionName);
        return LocalBroker.SubscriptionPath(topicName, subscriptionName);
    }

    private string Entity(string name)
    {
        ThrowIfClosed();
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Match(name);
        return name;
    }

    private string Subscription(string topicName, string subscriptionName)
    {
        ThrowIfClosed();
        var path = SubscriptionPath(topicName, subscriptionName);
        Match(topicName);
        return path;
    }

    private void Match(string name)
    {
        if (!string.IsNullOrEmpty(_entityPath) && !string.Equals(_entityPath, name, StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException("The connection string is for another entity.", nameof(name));
        }
    }
}
