using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Data.Sqlite;
using Serverless940.Local.Azurite;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Local.Functions;

/// <summary>The services that stand beside the host on one machine: Azurite and the bus.</summary>
internal sealed class StandIns(LocalHostBuilder builder) : IBusTime
{
    private const string DevelopmentStorage = "UseDevelopmentStorage=true";
    private const string BusSetting = "ServiceBus";
    private static readonly string[] StorageSettings = ["Storage", "AzureWebJobsStorage"];

    private readonly string _busHost = $"bus-{Guid.NewGuid():N}.local";
    private Task<AzuriteServer>? _azurite;
    private Task<LocalBroker>? _opening;
    private LocalBroker? _broker;
    private int _ended;

    /// <summary>The bus of this host, once it is open; <see langword="null"/> for an app without one.</summary>
    public LocalBroker? Broker => _broker;

    public DateTimeOffset? NextScheduled => _broker?.NextScheduled;

    /// <summary>Begins what is needed; nothing waits for it yet.</summary>
    public void Begin()
    {
        var emulated = StorageSettings.Where(name => builder.Web.Configuration[name] == DevelopmentStorage).ToList();
        if (emulated.Count > 0)
        {
            _azurite = Task.Run(StartAzuriteAsync);
            var connection = ConnectionAsync(_azurite);
            foreach (var name in emulated)
            {
                builder.HostSettings.SetPending(name, connection);
            }
        }

        BeginBus();
        if (builder.IsProcess)
        {
            // A start that ends before there is a host, for a setting or the policy, has nobody else to end these.
            AppDomain.CurrentDomain.ProcessExit += (_, _) => StopAsync().GetAwaiter().GetResult();
        }
    }

    /// <summary>Completes when everything begun is up.</summary>
    public async Task ReadyAsync()
    {
        if (_opening is not null)
        {
            _broker = await _opening;
            LocalBroker.Register(_busHost, _broker);
        }

        if (_azurite is not null)
        {
            await _azurite;
        }
    }

    /// <summary>The clean end; a second call does nothing.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        LocalBroker.Unregister(_busHost);
        if (_opening is not null)
        {
            await CloseAsync(_opening);
        }

        if (_azurite is not null)
        {
            await EndAsync(_azurite);
        }
    }

    /// <summary>The bus dies as a process dies; Azurite, which stands for the cloud, lives on.</summary>
    public void Kill()
    {
        LocalBroker.Unregister(_busHost);
        _broker?.Kill();
    }

    public Task WaitForQuietAsync(CancellationToken cancellationToken) => _broker?.WaitForQuietAsync(cancellationToken) ?? Task.CompletedTask;

    public bool IsQuiet(out string why)
    {
        why = string.Empty;
        return _broker?.IsQuiet(out why) ?? true;
    }

    private static async Task<string> ConnectionAsync(Task<AzuriteServer> azurite) => (await azurite).ConnectionString;

    private static async Task CloseAsync(Task<LocalBroker> opening)
    {
        try
        {
            await (await opening).DisposeAsync();
        }
        catch (LocalHostException)
        {
            // It never opened, and whoever started the host was told.
        }
    }

    private static async Task EndAsync(Task<AzuriteServer> azurite)
    {
        try
        {
            await (await azurite).StopAsync(CancellationToken.None);
        }
        catch (LocalHostException)
        {
            // It never came up, and whoever started the host was told.
        }
    }

    private async Task<AzuriteServer> StartAzuriteAsync()
    {
        try
        {
            return await AzuriteServer.StartAsync(
                new AzuriteOptions { DataFolder = builder.Context.DataFolder }, Console.Out.WriteLine, CancellationToken.None);
        }
        catch (AzuriteException exception)
        {
            throw new LocalHostException(exception.Message, exception);
        }
    }

    private void BeginBus()
    {
        var topology = Topology();
        var setting = builder.Web.Configuration[BusSetting];
        if (topology is null || IsServedAlready(setting))
        {
            return;
        }

        // Hosts side by side have one settings file; each gets a bus, and so a host name, of its own.
        builder.HostSettings.Set(BusSetting, $"Endpoint=sb://{_busHost}/;SharedAccessKeyName=local;SharedAccessKey=local");
        _opening = Task.Run(() => Open(topology));
    }

    private static bool IsServedAlready(string? connection)
    {
        if (string.IsNullOrEmpty(connection))
        {
            return false;
        }

        try
        {
            return LocalBroker.Find(ServiceBusConnectionStringProperties.Parse(connection).FullyQualifiedNamespace) is not null;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private LocalBroker Open(BrokerTopology topology)
    {
        var file = Path.Combine(builder.Context.DataFolder, "servicebus.db");
        try
        {
            return LocalBroker.Open(file, builder.Context.Clock, topology, builder.Context.Faults);
        }
        catch (SqliteException exception)
        {
            throw new LocalHostException($"The bus cannot open {file}: is another host running over the same data? ({exception.SqliteErrorCode})", exception);
        }
    }

    /// <summary>The entities of the bus, or <see langword="null"/> for an app that has nothing to do with one.</summary>
    private BrokerTopology? Topology()
    {
        var path = Path.Combine(builder.AppFolder, "servicebus.json");
        var json = builder.Options.ServiceBusJson ?? (File.Exists(path) ? File.ReadAllText(path) : null);
        var triggers = (from function in builder.Functions
                        let trigger = function.Trigger as ServiceBusTriggerAttribute
                        where trigger is not null
                        select (Function: function, Trigger: trigger, Entity: BusEntity.Of(function, trigger, builder.Resolve))).ToList();
        if (string.IsNullOrEmpty(json))
        {
            return triggers.Count == 0 && builder.Web.Configuration[BusSetting] is null ? null : FromTriggers(triggers);
        }

        var topology = BusTopology.Parse(json);
        foreach (var (function, trigger, entity) in triggers)
        {
            var sessions = RequiresSession(topology, entity)
                ?? throw new LocalHostException($"Function {function.Name}: servicebus.json has no {entity.Path}.");
            if (sessions != trigger.IsSessionsEnabled)
            {
                throw new LocalHostException(
                    $"Function {function.Name}: IsSessionsEnabled is {(trigger.IsSessionsEnabled ? "true" : "false")}, and servicebus.json says otherwise of {entity.Path}.");
            }
        }

        return topology;
    }

    private static bool? RequiresSession(BrokerTopology topology, BusEntity entity) => entity.Queue is not null
        ? topology.Queues.FirstOrDefault(queue => Same(queue.Name, entity.Queue))?.RequiresSession
        : topology.Topics.FirstOrDefault(topic => Same(topic.Name, entity.Topic))
            ?.Subscriptions.FirstOrDefault(subscription => Same(subscription.Name, entity.Subscription))?.RequiresSession;

    private static bool Same(string name, string? other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);

    private static BrokerTopology FromTriggers(List<(FunctionEntry Function, ServiceBusTriggerAttribute Trigger, BusEntity Entity)> triggers) => new(
        [.. triggers.Where(entry => entry.Entity.Queue is not null).Select(entry => new BrokerQueue(entry.Entity.Queue!) { RequiresSession = entry.Trigger.IsSessionsEnabled })],
        [.. from entry in triggers
            where entry.Entity.Topic is not null
            group entry by entry.Entity.Topic into topic
            select new BrokerTopic(topic.Key!)
            {
                Subscriptions = [.. topic.Select(entry => new BrokerSubscription(entry.Entity.Subscription!) { RequiresSession = entry.Trigger.IsSessionsEnabled })],
            }]);
}
