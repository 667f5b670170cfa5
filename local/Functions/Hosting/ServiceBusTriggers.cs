using System.Globalization;
using System.Reflection;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Serverless940.Local.Functions;

/// <summary>What <c>extensions.serviceBus</c> of <c>host.json</c> says, with the extension's own defaults.</summary>
internal sealed record ServiceBusTriggerOptions
{
    public required int PrefetchCount { get; init; }

    public required bool AutoCompleteMessages { get; init; }

    public required TimeSpan MaxAutoLockRenewalDuration { get; init; }

    public required int MaxConcurrentCalls { get; init; }

    public required int MaxConcurrentSessions { get; init; }

    public required int MaxConcurrentCallsPerSession { get; init; }

    public required int MaxMessageBatchSize { get; init; }

    public required int MinMessageBatchSize { get; init; }

    public required TimeSpan MaxBatchWaitTime { get; init; }

    public required TimeSpan? SessionIdleTimeout { get; init; }

    public static ServiceBusTriggerOptions From(HostJson host) => new()
    {
        PrefetchCount = host.Int("extensions:serviceBus:prefetchCount", 0),
        AutoCompleteMessages = host.Bool("extensions:serviceBus:autoCompleteMessages", true),
        MaxAutoLockRenewalDuration = host.Span("extensions:serviceBus:maxAutoLockRenewalDuration", TimeSpan.FromMinutes(5)),
        MaxConcurrentCalls = Positive(host, "maxConcurrentCalls", 16 * Environment.ProcessorCount),
        MaxConcurrentSessions = Positive(host, "maxConcurrentSessions", 8),
        MaxConcurrentCallsPerSession = Positive(host, "maxConcurrentCallsPerSession", 1),
        MaxMessageBatchSize = Positive(host, "maxMessageBatchSize", 1000),
        MinMessageBatchSize = Positive(host, "minMessageBatchSize", 1),
        MaxBatchWaitTime = host.Span("extensions:serviceBus:maxBatchWaitTime", TimeSpan.FromSeconds(30)),
        SessionIdleTimeout = host["extensions:serviceBus:sessionIdleTimeout"] is null ? null : host.Span("extensions:serviceBus:sessionIdleTimeout", default),
    };

    private static int Positive(HostJson host, string name, int otherwise)
    {
        var value = host.Int($"extensions:serviceBus:{name}", otherwise);
        return value > 0 ? value : throw new LocalHostException($"host.json: extensions:serviceBus:{name} cannot be {value.ToString(CultureInfo.InvariantCulture)}.");
    }
}

/// <summary>Where a Service Bus function listens.</summary>
internal sealed record BusEntity(string? Queue, string? Topic, string? Subscription)
{
    public string Path => Queue ?? $"{Topic}/Subscriptions/{Subscription}";

    public static BusEntity Of(FunctionEntry function, ServiceBusTriggerAttribute trigger, Func<string, string> resolve)
    {
        try
        {
            return new BusEntity(
                trigger.QueueName is { } queue ? resolve(queue) : null,
                trigger.TopicName is { } topic ? resolve(topic) : null,
                trigger.SubscriptionName is { } subscription ? resolve(subscription) : null);
        }
        catch (KeyNotFoundException exception)
        {
            throw new LocalHostException($"Function {function.Name}: the trigger names the setting {exception.Message}, which is missing.", exception);
        }
    }
}

/// <summary>One function's listener: single messages by the SDK's processors, batches by a loop of its own.</summary>
internal sealed partial class ServiceBusListener
{
    private readonly FunctionEntry _function;
    private readonly BusEntity _entity;
    private readonly ServiceBusClient _client;
    private readonly ServiceBusTriggerOptions _options;
    private readonly FunctionRunner _runner;
    private readonly LocalRuntime _runtime;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly bool _autoComplete;
    private readonly bool _isSession;
    private readonly bool _isBatch;
    private ServiceBusProcessor? _processor;
    private ServiceBusSessionProcessor? _sessions;
    private Task _batches = Task.CompletedTask;
    private long _lastComplaint;

    public ServiceBusListener(
        FunctionEntry function, BusEntity entity, ServiceBusClient client, ServiceBusTriggerOptions options, FunctionRunner runner, LocalRuntime runtime, ILogger logger)
    {
        var trigger = (ServiceBusTriggerAttribute)function.Trigger;
        _function = function;
        _entity = entity;
        _client = client;
        _options = options;
        _runner = runner;
        _runtime = runtime;
        _logger = logger;
        _isSession = trigger.IsSessionsEnabled;
        _isBatch = trigger.IsBatched;
        _autoComplete = SaysAutoComplete(function.TriggerParameter) ?? options.AutoCompleteMessages;
    }

    /// <summary>Refuses what the worker would not bind to.</summary>
    /// <exception cref="LocalHostException">The parameter's type fits no message.</exception>
    public static void CheckType(FunctionEntry function)
    {
        var type = function.TriggerParameter.ParameterType;
        var isBatch = ((ServiceBusTriggerAttribute)function.Trigger).IsBatched;
        if (isBatch && type != typeof(ServiceBusReceivedMessage[]) && type != typeof(string[]) && type != typeof(byte[][]))
        {
            throw new LocalHostException($"Function {function.Name}: a batch is ServiceBusReceivedMessage[], string[] or byte[][], not {type.Name}.");
        }

        if (!isBatch && (type == typeof(BinaryData) || typeof(Stream).IsAssignableFrom(type) || type == typeof(ServiceBusReceivedMessage[])))
        {
            throw new LocalHostException($"Function {function.Name}: a message is ServiceBusReceivedMessage, string, byte[] or a type read from JSON, not {type.Name}.");
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_isBatch)
        {
            // Between two sessions no receiver is open; what waits for the next one is not quiet all the same.
            _client.Broker.AddConsumer(_entity.Path, 1);
            _batches = Task.Run(RunBatchesAsync, CancellationToken.None);
        }
        else if (_isSession)
        {
            var options = new ServiceBusSessionProcessorOptions
            {
                AutoCompleteMessages = _autoComplete,
                PrefetchCount = _options.PrefetchCount,
                MaxAutoLockRenewalDuration = _options.MaxAutoLockRenewalDuration,
                MaxConcurrentSessions = _options.MaxConcurrentSessions,
                MaxConcurrentCallsPerSession = _options.MaxConcurrentCallsPerSession,
                SessionIdleTimeout = _options.SessionIdleTimeout,
            };
            _sessions = _entity.Queue is not null
                ? _client.CreateSessionProcessor(_entity.Queue, options)
                : _client.CreateSessionProcessor(_entity.Topic, _entity.Subscription, options);
            _sessions.ProcessMessageAsync += ProcessAsync;
            _sessions.ProcessErrorAsync += ComplainAsync;
            await _sessions.StartProcessingAsync(cancellationToken);
        }
        else
        {
            var options = new ServiceBusProcessorOptions
            {
                AutoCompleteMessages = _autoComplete,
                PrefetchCount = _options.PrefetchCount,
                MaxAutoLockRenewalDuration = _options.MaxAutoLockRenewalDuration,
                MaxConcurrentCalls = _options.MaxConcurrentCalls,
            };
            _processor = _entity.Queue is not null
                ? _client.CreateProcessor(_entity.Queue, options)
                : _client.CreateProcessor(_entity.Topic, _entity.Subscription, options);
            _processor.ProcessMessageAsync += ProcessAsync;
            _processor.ProcessErrorAsync += ComplainAsync;
            await _processor.StartProcessingAsync(cancellationToken);
        }
    }

    /// <summary>Takes no more messages; completes when the functions under way have returned.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_processor is not null)
        {
            await _processor.StopProcessingAsync(cancellationToken);
        }

        if (_sessions is not null)
        {
            await _sessions.StopProcessingAsync(cancellationToken);
        }

        await _batches;
        if (_isBatch && !_runtime.Killed)
        {
            _client.Broker.AddConsumer(_entity.Path, -1);
        }
    }

    public void Kill() => _stop.Cancel();

    /// <summary>Runs the function for an operator's text, outside the bus.</summary>
    public Task RunNowAsync(string? input)
    {
        var message = ServiceBusModelFactory.ServiceBusReceivedMessage(body: BinaryData.FromString(input ?? string.Empty), messageId: Guid.NewGuid().ToString());
        return _runner.RunAsync(_function, Input(_isBatch ? [message] : null, message, []), _runtime.Expired.Token);
    }

    private static bool? SaysAutoComplete(ParameterInfo parameter)
    {
        // Only what is written beside the trigger counts; the property itself cannot tell false from unsaid.
        var data = parameter.GetCustomAttributesData().First(data => data.AttributeType == typeof(ServiceBusTriggerAttribute));
        foreach (var named in data.NamedArguments)
        {
            if (named.MemberName == nameof(ServiceBusTriggerAttribute.AutoCompleteMessages))
            {
                return (bool)named.TypedValue.Value!;
            }
        }

        return null;
    }

    // An exception goes on to the processor, which abandons the message.
    private async Task ProcessAsync(ProcessMessageEventArgs args)
    {
        var actions = new ServiceBusMessageActions(new ProcessorSettlement(args));
        await _runner.RunAsync(_function, Input(null, args.Message, [actions]), _runtime.Expired.Token);
        await _runtime.StayDeadAsync();
    }

    private async Task ProcessAsync(ProcessSessionMessageEventArgs args)
    {
        var session = new ProcessorSession(args);
        var actions = new ServiceBusMessageActions(new SessionProcessorSettlement(args));
        try
        {
            await _runner.RunAsync(_function, Input(null, args.Message, [actions, new ServiceBusSessionMessageActions(session)]), _runtime.Expired.Token);
        }
        finally
        {
            await _runtime.StayDeadAsync();
            if (session.IsReleased)
            {
                args.ReleaseSession();
            }
        }
    }

    private async Task RunBatchesAsync()
    {
        ServiceBusReceiver? receiver = _isSession
            ? null
            : _entity.Queue is not null
                ? _client.CreateReceiver(_entity.Queue, new ServiceBusReceiverOptions { PrefetchCount = _options.PrefetchCount })
                : _client.CreateReceiver(_entity.Topic, _entity.Subscription, new ServiceBusReceiverOptions { PrefetchCount = _options.PrefetchCount });
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (_isSession && receiver is null or { IsClosed: true })
                {
                    receiver = await AcceptAsync();
                    if (receiver is null)
                    {
                        continue;
                    }
                }

                await RunBatchAsync(receiver!);
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                Complain(exception);
                if (_isSession && receiver is not null)
                {
                    await CloseAsync(receiver);
                }

                await PauseAsync();
            }
        }

        if (receiver is not null && !_runtime.Killed)
        {
            await CloseAsync(receiver);
        }
    }

    private async Task RunBatchAsync(ServiceBusReceiver receiver)
    {
        var messages = await receiver.ReceiveMessagesAsync(
            _options.MaxMessageBatchSize, _isSession ? _options.SessionIdleTimeout : null, _stop.Token);
        if (messages.Count == 0)
        {
            if (_isSession)
            {
                // The session is drained: another one's turn.
                await CloseAsync(receiver);
            }

            return;
        }

        if (messages.Count < _options.MinMessageBatchSize)
        {
            messages = await FillAsync(receiver, messages);
        }

        var session = receiver is ServiceBusSessionReceiver sessionReceiver ? new ReceiverSession(sessionReceiver) : null;
        List<object> helpers = [new ServiceBusMessageActions(new ReceiverSettlement(receiver))];
        if (session is not null)
        {
            helpers.Add(new ServiceBusSessionMessageActions(session));
        }

        var succeeded = false;
        try
        {
            await _runner.RunAsync(_function, Input([.. messages], messages[0], helpers), _runtime.Expired.Token);
            succeeded = true;
        }
        catch (Exception)
        {
            // Logged by the runner; the messages go back.
        }

        await _runtime.StayDeadAsync();
        var left = messages.Where(message => !message.IsSettled).ToList();
        if (!succeeded)
        {
            await Task.WhenAll(left.Select(message => receiver.AbandonMessageAsync(message, null, CancellationToken.None)));
        }
        else if (_autoComplete)
        {
            await Task.WhenAll(left.Select(message => receiver.CompleteMessageAsync(message, CancellationToken.None)));
        }

        if (session is { IsReleased: true })
        {
            await CloseAsync(receiver);
        }
    }

    /// <summary>Waits for a batch worth running, within <c>maxBatchWaitTime</c>.</summary>
    private async Task<IReadOnlyList<ServiceBusReceivedMessage>> FillAsync(ServiceBusReceiver receiver, IReadOnlyList<ServiceBusReceivedMessage> first)
    {
        var messages = first.ToList();
        var deadline = DateTimeOffset.UtcNow + _options.MaxBatchWaitTime;
        while (messages.Count < _options.MinMessageBatchSize && deadline - DateTimeOffset.UtcNow is { Ticks: > 0 } left)
        {
            messages.AddRange(await receiver.ReceiveMessagesAsync(_options.MaxMessageBatchSize - messages.Count, left, _stop.Token));
        }

        return messages;
    }

    private async Task<ServiceBusSessionReceiver?> AcceptAsync()
    {
        var options = new ServiceBusSessionReceiverOptions { PrefetchCount = _options.PrefetchCount };
        try
        {
            return _entity.Queue is not null
                ? await _client.AcceptNextSessionAsync(_entity.Queue, options, _stop.Token)
                : await _client.AcceptNextSessionAsync(_entity.Topic, _entity.Subscription, options, _stop.Token);
        }
        catch (ServiceBusException exception) when (exception.Reason == ServiceBusFailureReason.ServiceTimeout)
        {
            return null;
        }
    }

    private async Task CloseAsync(ServiceBusReceiver receiver)
    {
        try
        {
            await receiver.CloseAsync(CancellationToken.None);
        }
        catch (ServiceBusException exception)
        {
            Complain(exception);
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private InvocationInput Input(ServiceBusReceivedMessage[]? batch, ServiceBusReceivedMessage message, IReadOnlyList<object> helpers)
    {
        var type = _function.TriggerParameter.ParameterType;
        object value = batch is not null
            ? type == typeof(string[])
                ? batch.Select(one => one.Body.ToString()).ToArray()
                : type == typeof(byte[][]) ? batch.Select(one => one.Body.ToArray()).ToArray() : batch
            : type == typeof(ServiceBusReceivedMessage)
                ? message
                : type == typeof(byte[]) ? message.Body.ToMemory() : message.Body.ToString();
        return new InvocationInput(value, batch is null ? Metadata(message) : InvocationInput.NoMetadata) { Helpers = helpers };
    }

    private static Dictionary<string, object?> Metadata(ServiceBusReceivedMessage message)
    {
        var metadata = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["MessageId"] = message.MessageId,
            ["SessionId"] = message.SessionId,
            ["CorrelationId"] = message.CorrelationId,
            ["Subject"] = message.Subject,
            ["ContentType"] = message.ContentType,
            ["ReplyTo"] = message.ReplyTo,
            ["To"] = message.To,
            ["PartitionKey"] = message.PartitionKey,
            ["LockToken"] = message.LockToken,
            ["DeadLetterSource"] = message.DeadLetterSource,
            ["DeliveryCount"] = message.DeliveryCount.ToString(CultureInfo.InvariantCulture),
            ["SequenceNumber"] = message.SequenceNumber.ToString(CultureInfo.InvariantCulture),
            ["EnqueuedSequenceNumber"] = message.EnqueuedSequenceNumber.ToString(CultureInfo.InvariantCulture),
            ["EnqueuedTimeUtc"] = message.EnqueuedTime.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["ExpiresAtUtc"] = message.ExpiresAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        };
        return metadata;
    }

    private Task ComplainAsync(ProcessErrorEventArgs args)
    {
        // What the function itself threw is in the log already.
        if (args.ErrorSource != ServiceBusErrorSource.ProcessMessageCallback)
        {
            Complain(args.Exception);
        }

        return Task.CompletedTask;
    }

    private void Complain(Exception exception)
    {
        // A bus that is down fails many times a second; one line in ten seconds says it as well.
        var now = Environment.TickCount64;
        if (_runtime.Killed || (_lastComplaint != 0 && now - _lastComplaint < 10_000))
        {
            return;
        }

        _lastComplaint = now;
        LogFailed(_function.Name, _entity.Path, exception.GetType().Name, exception is ServiceBusException bus ? bus.Reason.ToString() : string.Empty);
    }

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Function '{function}' has trouble with {entity}: {kind} {reason}")]
    private partial void LogFailed(string function, string entity, string kind, string reason);
}

/// <summary>The listeners of a host's Service Bus functions.</summary>
internal sealed class ServiceBusTriggers : IAsyncDisposable
{
    private readonly Dictionary<string, ServiceBusClient> _clients = new(StringComparer.Ordinal);
    private readonly List<(FunctionEntry Function, ServiceBusListener Listener)> _listeners = [];

    public ServiceBusTriggers(LocalHostBuilder builder, FunctionRunner runner, LocalRuntime runtime, ILogger logger)
    {
        var options = ServiceBusTriggerOptions.From(builder.HostJson);
        foreach (var function in builder.Functions)
        {
            if (function.Trigger is ServiceBusTriggerAttribute trigger)
            {
                ServiceBusListener.CheckType(function);
                var entity = BusEntity.Of(function, trigger, builder.Resolve);
                _listeners.Add((function, new ServiceBusListener(function, entity, Client(builder, function, trigger), options, runner, runtime, logger)));
            }
        }
    }

    public IEnumerable<(FunctionEntry Function, ServiceBusListener Listener)> Listeners => _listeners;

    public Task StartAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_listeners.Where(entry => !entry.Function.Disabled).Select(entry => entry.Listener.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_listeners.Select(entry => entry.Listener.StopAsync(cancellationToken)));

    public void Kill() => _listeners.ForEach(entry => entry.Listener.Kill());

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            await client.DisposeAsync();
        }
    }

    private ServiceBusClient Client(LocalHostBuilder builder, FunctionEntry function, ServiceBusTriggerAttribute trigger)
    {
        var name = trigger.Connection ?? "AzureWebJobsServiceBus";
        if (!_clients.TryGetValue(name, out var client))
        {
            var configuration = builder.Web.Configuration;
            var connection = configuration[$"AzureWebJobs{name}"] ?? configuration.GetConnectionString(name) ?? configuration[name];
            if (string.IsNullOrEmpty(connection))
            {
                throw new LocalHostException($"Function {function.Name}: the setting {name} with the connection to Service Bus is missing.");
            }

            try
            {
                client = new ServiceBusClient(connection);
            }
            catch (Exception exception) when (exception is FormatException or ArgumentException)
            {
                throw new LocalHostException($"Function {function.Name}: the setting {name} is no connection string of Service Bus.", exception);
            }

            _clients.Add(name, client);
        }

        return client;
    }
}
