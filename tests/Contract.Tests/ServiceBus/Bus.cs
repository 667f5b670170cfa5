using Azure.Messaging.ServiceBus;
using Serverless940.Local;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Contract.Tests.ServiceBus;

/// <summary>
/// A namespace for one test. Everything a test does to it goes through the public client, but for its entities, the
/// clock, and what only one machine can do: die and come back over the same file.
/// </summary>
internal sealed class Bus : IAsyncDisposable
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    /// <summary>Long enough to show that nothing comes.</summary>
    public static readonly TimeSpan Shortly = TimeSpan.FromMilliseconds(150);

    private readonly string _folder = Directory.CreateTempSubdirectory("bus-").FullName;
    private readonly List<ServiceBusClient> _clients = [];
    private readonly BrokerTopology _topology;
    private readonly string _host = $"{Guid.NewGuid():N}.servicebus.localhost";

    private Bus(BrokerTopology topology)
    {
        _topology = topology;
        Clock = new LocalClock();
        (Broker, Client) = Start();
    }

    public LocalClock Clock { get; }

    public LocalFaults Faults { get; } = new();

    public LocalBroker Broker { get; private set; }

    public ServiceBusClient Client { get; private set; }

    public string File => Path.Combine(_folder, "bus.db");

    public string ConnectionString => $"Endpoint=sb://{_host}/;SharedAccessKeyName=local;SharedAccessKey=bG9jYWw=";

    public static Bus WithQueue(BrokerQueue queue) => new(new BrokerTopology([queue], []));

    public static Bus With(BrokerTopology topology) => new(topology);

    public static ServiceBusClientOptions Hasty => new() { RetryOptions = { MaxRetries = 0, TryTimeout = Soon } };

    public ServiceBusClient NewClient(ServiceBusClientOptions? options = null)
    {
        var client = new ServiceBusClient(ConnectionString, options ?? Hasty);
        _clients.Add(client);
        return client;
    }

    /// <summary>A fresh process over the same file, after <see cref="LocalBroker.Kill"/> or a clean end.</summary>
    public void Reopen() => (Broker, Client) = Start();

    public Task SendAsync(string entity, params ServiceBusMessage[] messages) => Client.CreateSender(entity).SendMessagesAsync(messages);

    public async Task<ServiceBusReceivedMessage> ReceiveAsync(string queue) =>
        await Client.CreateReceiver(queue).ReceiveMessageAsync(Soon) ?? throw new InvalidOperationException($"Nothing came from {queue}.");

    public async Task<ServiceBusReceivedMessage?> TryReceiveAsync(string queue) => await Client.CreateReceiver(queue).ReceiveMessageAsync(Shortly);

    public ServiceBusReceiver DeadLetters(string queue) => Client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });

    public static async Task<ServiceBusFailureReason> ReasonAsync(Func<Task> call) => (await Assert.ThrowsAsync<ServiceBusException>(call)).Reason;

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Soon);
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        await Broker.DisposeAsync();
        LocalBroker.Unregister(_host);
        Directory.Delete(_folder, recursive: true);
    }

    private (LocalBroker Broker, ServiceBusClient Client) Start()
    {
        var broker = LocalBroker.Open(File, Clock, _topology, Faults);
        LocalBroker.Register(_host, broker);
        return (broker, NewClient());
    }
}
