using System.Collections.Concurrent;
using System.Globalization;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Local.Functions;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Contract.Tests.Functions;

public class ServiceBusFunctionTests
{
    private const string Topology = """
        {
          "UserConfig": {
            "Namespaces": [
              {
                "Name": "sbemulatorns",
                "Queues": [
                  { "Name": "plain", "Properties": { "MaxDeliveryCount": 3, "LockDuration": "PT1M" } },
                  { "Name": "sessions", "Properties": { "RequiresSession": true, "RequiresDuplicateDetection": true, "DuplicateDetectionHistoryTimeWindow": "P1D" } },
                  { "Name": "other" }
                ],
                "Topics": [
                  { "Name": "news", "Properties": { "RequiresDuplicateDetection": true }, "Subscriptions": [ { "Name": "readers", "Properties": { "MaxDeliveryCount": 2 } }, { "Name": "archive" } ] }
                ]
              }
            ]
          }
        }
        """;

    [Fact]
    public async Task A_message_is_bound_as_the_parameter_wants_it_and_completed()
    {
        await using var host = await StartAsync(typeof(Bindings));
        await using var client = Client(host);
        await Send(client, "text", """{"number":5,"Name":"a"}""");
        await Send(client, "typed", """{"number":5,"Name":"a"}""");
        await Send(client, "bytes", "xyz");
        await Send(client, "message", "body");
        await host.AdvanceToAsync(host.Clock.GetUtcNow());
        Assert.Equal(
            ["bytes 3", "message body id-message 1", """text {"number":5,"Name":"a"}""", "typed 5 a"],
            host.Notebook.Lines.Order(StringComparer.Ordinal));
        Assert.All(["text", "typed", "bytes", "message"], queue => Assert.Equal(default, Broker(host).Counts(queue)));
    }

    [Fact]
    public async Task A_throwing_function_gives_the_message_back_until_its_deliveries_are_spent()
    {
        await using var host = await StartAsync(typeof(Throwing), Topology);
        await using var client = Client(host);
        await Send(client, "plain", "x");
        await host.AdvanceToAsync(host.Clock.GetUtcNow());
        Assert.Equal(["delivery 1", "delivery 2", "delivery 3"], host.Notebook.Lines);
        await using var dead = client.CreateReceiver("plain", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        Assert.Equal("MaxDeliveryCountExceeded", (await dead.ReceiveMessageAsync(TimeSpan.FromSeconds(10))).DeadLetterReason);
    }

    [Fact]
    public async Task What_the_function_settles_the_host_leaves_alone()
    {
        await using var host = await StartAsync(typeof(Settling), Topology);
        await using var client = Client(host);
        await Send(client, "plain", "dead");
        await Send(client, "plain", "defer");
        await Send(client, "plain", "complete");
        await Send(client, "plain", "abandon");
        await Send(client, "plain", "complete-and-throw");
        await host.AdvanceToAsync(host.Clock.GetUtcNow());
        var counts = Broker(host).Counts("plain");
        Assert.Equal((0, 1, 1), (counts.Active, counts.Deferred, counts.DeadLetter));
        Assert.Equal(2, host.Notebook.Lines.Count(line => line == "abandon"));
        await using var dead = client.CreateReceiver("plain", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var message = await dead.ReceiveMessageAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(("no use", "it said so", "kept"), (message.DeadLetterReason, message.DeadLetterErrorDescription, message.ApplicationProperties["note"]));
    }

    [Theory]
    [InlineData(typeof(Manual), "{}", 1)]
    [InlineData(typeof(Silent), """{ "extensions": { "serviceBus": { "autoCompleteMessages": false } } }""", 1)]
    [InlineData(typeof(Silent), "{}", 0)]
    public async Task Without_auto_complete_a_message_stays_locked_until_its_function_settles_it(Type function, string hostJson, int locked)
    {
        await using var host = await RunningHost.StartAsync([function], hostJson: hostJson, serviceBusJson: Topology);
        await using var client = Client(host);
        await Send(client, "plain", "x");
        await host.Notebook.WaitForAsync(1);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Broker(host).Counts("plain").Locked != locked)
        {
            await Task.Delay(5, deadline.Token);
        }

        Assert.Equal(locked, Broker(host).Counts("plain").Active);
        Assert.Single(host.Notebook.Lines);
    }

    [Fact]
    public async Task Sessions_are_worked_on_side_by_side_and_in_order_within_each()
    {
        await using var host = await RunningHost.StartAsync(
            [typeof(InSessions)],
            hostJson: """{ "extensions": { "serviceBus": { "maxConcurrentSessions": 4, "sessionIdleTimeout": "00:00:00.100" } } }""",
            serviceBusJson: Topology,
            configure: builder => builder.Services.AddSingleton<Concurrency>());
        await using var client = Client(host);
        await using var sender = client.CreateSender("sessions");
        for (var i = 0; i < 60; i++)
        {
            await sender.SendMessageAsync(new ServiceBusMessage($"{i}") { SessionId = $"s{i % 6}", MessageId = $"{i}" });
        }

        await host.AdvanceToAsync(host.Clock.GetUtcNow());
        Assert.Equal(60, host.Notebook.Lines.Count);
        foreach (var session in host.Notebook.Lines.Select(line => line.Split(' ')).GroupBy(parts => parts[0]))
        {
            var numbers = session.Select(parts => int.Parse(parts[1], CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(numbers.Order(), numbers);
            Assert.Equal(10, numbers.Count);
        }

        var concurrency = host.Host.Services.GetRequiredService<Concurrency>();
        Assert.False(concurrency.OverlappedInSession);
        Assert.InRange(concurrency.Most, 2, 4);
    }

    [Fact]
    public async Task A_session_has_state_and_can_be_released()
    {
        await using var host = await StartAsync(typeof(WithState), Topology);
        await using var client = Client(host);
        await using var sender = client.CreateSender("sessions");
        await sender.SendMessageAsync(new ServiceBusMessage("a") { SessionId = "s" });
        await host.AdvanceToAsync(host.Clock.GetUtcNow());
        await sender.SendMessageAsync(new ServiceBusMessage("b") { SessionId = "s" });
        await host.AdvanceToAsync(host.Clock.GetUtcNow());
        Assert.Equal(["s: a", "s:a b"], host.Notebook.Lines);

        // Released after the second message, though the idle time is a minute.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var receiver = await AcceptAsync(client, deadline.Token);
        Assert.Equal("ab", (await receiver.GetSessionStateAsync()).ToString());
    }

    [Theory]
    [InlineData(typeof(Batch), "plain", false)]
    [InlineData(typeof(BatchOfText), "plain", false)]
    [InlineData(typeof(BatchOfSession), "sessions", true)]
    public async Task A_batch_is_handed_over_at_once_and_completed(Type function, string queue, bool isSession)
    {
        await using var host = RunningHost.Build(
            [function], hostJson: """{ "extensions": { "serviceBus": { "maxMessageBatchSize": 10, "sessionIdleTimeout": "00:00:00.100" } } }""", serviceBusJson: Topology,
            settings: new() { ["AzureWebJobs.Batch.Disabled"] = "false" });
        await host.StartAsync();
        await using var client = Client(host);
        await using var sender = client.CreateSender(queue);
        await sender.SendMessagesAsync(Enumerable.Range(0, 25).Select(i => new ServiceBusMessage($"{i}") { SessionId = isSession ? "s" : null, MessageId = $"{i}" }));
        await host.AdvanceToAsync(host.Clock.GetUtcNow());
        Assert.Equal(Enumerable.Range(0, 25), host.Notebook.Lines.SelectMany(line => line.Split(',')).Select(text => int.Parse(text, CultureInfo.InvariantCulture)));
        Assert.InRange(host.Notebook.Lines.Count, 3, 24);
        Assert.Equal(0, Broker(host).Counts(queue).Active);
    }

    [Fact]
    public async Task A_failed_batch_goes_back_but_for_what_was_settled()
    {
        await using var host = await StartAsync(typeof(FailingBatch), Topology);
        await using var client = Client(host);
        await using var sender = client.CreateSender("plain");
        await sender.SendMessagesAsync(Enumerable.Range(0, 3).Select(i => new ServiceBusMessage($"{i}")));
        await host.AdvanceToAsync(host.Clock.GetUtcNow());
        var counts = Broker(host).Counts("plain");
        Assert.Equal((0, 2), (counts.Active, counts.DeadLetter));
    }

    [Fact]
    public async Task Every_subscription_gets_what_is_published()
    {
        await using var host = await StartAsync(typeof(Subscribed), Topology);
        await using var client = Client(host);
        await Send(client, "news", "x");
        await host.AdvanceToAsync(host.Clock.GetUtcNow());
        Assert.Equal(["readers x"], host.Notebook.Lines);
        Assert.Equal(1, Broker(host).Counts("news/Subscriptions/archive").Active);
    }

    [Fact]
    public async Task No_more_than_the_allowed_calls_run_at_once()
    {
        await using var host = await RunningHost.StartAsync(
            [typeof(Counting)],
            hostJson: """{ "extensions": { "serviceBus": { "maxConcurrentCalls": 3 } } }""",
            serviceBusJson: Topology,
            configure: builder => builder.Services.AddSingleton<Concurrency>());
        await using var client = Client(host);
        await using var sender = client.CreateSender("plain");
        await sender.SendMessagesAsync(Enumerable.Range(0, 30).Select(i => new ServiceBusMessage($"{i}")));
        await host.AdvanceToAsync(host.Clock.GetUtcNow());
        Assert.Equal(30, host.Notebook.Lines.Count);
        Assert.Equal(3, host.Host.Services.GetRequiredService<Concurrency>().Most);
    }

    [Fact]
    public async Task An_advance_stops_at_scheduled_messages_and_timers_in_order()
    {
        await using var host = await RunningHost.StartAsync([typeof(Alarm)], serviceBusJson: Topology);
        var now = host.Clock.GetUtcNow();
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1);
        await host.AdvanceToAsync(hour);
        await using var client = Client(host);
        await using var sender = client.CreateSender("plain");
        await sender.ScheduleMessageAsync(new ServiceBusMessage("150"), hour.AddMinutes(150));
        await sender.ScheduleMessageAsync(new ServiceBusMessage("30"), hour.AddMinutes(30));
        await host.AdvanceToAsync(hour.AddHours(3));

        // Each hour's timer schedules a message five minutes later, and that one's handler is a stop of its own too.
        Assert.Equal(
            ["timer 0", "message 5", "message 30", "timer 60", "message 65", "timer 120", "message 125", "message 150", "timer 180"],
            host.Notebook.Lines.Select(line => $"{line.Split(' ')[0]} {(int)(Instant(line) - hour).TotalMinutes}"));
        Assert.InRange(host.Clock.GetUtcNow(), hour.AddHours(3), hour.AddHours(3).AddMinutes(2));
    }

    [Fact]
    public async Task A_message_in_flight_at_a_kill_is_delivered_to_the_next_host()
    {
        var folder = RunningHost.NewFolder();
        var first = await RunningHost.StartAsync([typeof(Stuck)], folder, serviceBusJson: Topology);
        await Send(Client(first), "plain", "x");
        await first.Notebook.WaitForAsync(1);
        await LocalHostControl.KillAsync(first.Host);

        await using var next = await RunningHost.StartAsync([typeof(Silent)], folder, serviceBusJson: Topology);
        Assert.Equal(["silent x"], await next.Notebook.WaitForAsync(1));
        await next.AdvanceToAsync(next.Clock.GetUtcNow());
        Assert.Equal(0, Broker(next).Counts("plain").Active);
        Assert.Equal(["stuck"], first.Notebook.Lines);
    }

    [Fact]
    public async Task A_stop_waits_for_the_function_under_way_and_its_message_is_completed()
    {
        var folder = RunningHost.NewFolder();
        var host = await RunningHost.StartAsync([typeof(Waiting)], folder, serviceBusJson: Topology, configure: builder => builder.Services.AddSingleton<HttpFunctionTests.Slow.Gate>());
        await Send(Client(host), "plain", "x");
        await host.Notebook.WaitForAsync(1);
        var stop = host.Host.StopAsync();
        Assert.False(stop.IsCompleted);
        HttpFunctionTests.Slow.Open(host);
        await stop;
        await host.DisposeAsync();
        await using var next = await RunningHost.StartAsync([typeof(Silent)], folder, serviceBusJson: Topology);
        await next.AdvanceToAsync(next.Clock.GetUtcNow());
        Assert.Empty(next.Notebook.Lines);
    }

    [Fact]
    public async Task A_disabled_function_leaves_its_messages_where_they_are()
    {
        await using var host = await RunningHost.StartAsync([typeof(Silent)], serviceBusJson: Topology, settings: new() { ["AzureWebJobs.Silent.Disabled"] = "true" });
        await using var client = Client(host);
        await Send(client, "plain", "x");
        await host.AdvanceToAsync(host.Clock.GetUtcNow().AddHours(1));
        Assert.Empty(host.Notebook.Lines);
        Assert.Equal(1, Broker(host).Counts("plain").Active);
    }

    [Theory]
    [InlineData(typeof(NoSuchQueue), Topology, "Function Lost: servicebus.json has no nowhere.")]
    [InlineData(typeof(NotASession), Topology, "Function Lost: IsSessionsEnabled is false, and servicebus.json says otherwise of sessions.")]
    [InlineData(typeof(Silent), """{ "UserConfig": { "Namespaces": [ { "Queues": [ { "Name": "plain", "Properties": { "LockDuration": "1 minute" } } ] } ] } }""", "servicebus.json: '1 minute' of plain is not an ISO 8601 duration.")]
    [InlineData(typeof(Silent), """{ "UserConfig": { "Namespaces": [ { "Queues": [ { "Name": "plain", "Properties": { "LockDuratio": "PT1M" } } ] } ] } }""", "servicebus.json, line 1:")]
    [InlineData(typeof(WrongBatch), Topology, "Function Lost: a batch is ServiceBusReceivedMessage[], string[] or byte[][], not Int32[].")]
    [InlineData(typeof(NoConnection), Topology, "Function Lost: the setting Elsewhere with the connection to Service Bus is missing.")]
    public void A_trigger_that_does_not_fit_the_bus_stops_the_start(Type function, string topology, string line)
    {
        var exception = Assert.Throws<LocalHostException>(() => RunningHost.Build([function], serviceBusJson: topology));
        Assert.StartsWith(line, exception.Message, StringComparison.Ordinal);
    }

    private static async Task<ServiceBusSessionReceiver> AcceptAsync(ServiceBusClient client, CancellationToken deadline)
    {
        while (true)
        {
            try
            {
                return await client.AcceptSessionAsync("sessions", "s", cancellationToken: deadline);
            }
            catch (ServiceBusException exception) when (exception.Reason == ServiceBusFailureReason.SessionCannotBeLocked)
            {
                await Task.Delay(5, deadline);
            }
        }
    }

    private static Task<RunningHost> StartAsync(Type function, string topology = "") => RunningHost.StartAsync([function], serviceBusJson: topology);

    private static LocalBroker Broker(RunningHost host) => LocalHostControl.Broker(host.Host)!;

    private static ServiceBusClient Client(RunningHost host) => new(host.Host.Services.GetRequiredService<IConfiguration>()["ServiceBus"]);

    private static async Task Send(ServiceBusClient client, string queue, string text)
    {
        await using var sender = client.CreateSender(queue);
        await sender.SendMessageAsync(new ServiceBusMessage(text) { MessageId = $"id-{queue}" + (queue == "plain" ? Guid.NewGuid() : "") });
    }

    private static DateTimeOffset Instant(string line) => DateTimeOffset.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);

    public sealed record Thing(int Number, string Name);

    public sealed class Concurrency
    {
        private readonly ConcurrentDictionary<string, int> _sessions = new();
        private readonly Lock _gate = new();
        private int _now;

        public int Most { get; private set; }

        public bool OverlappedInSession { get; private set; }

        public async Task RunAsync(string session)
        {
            lock (_gate)
            {
                Most = Math.Max(Most, ++_now);
                OverlappedInSession |= _sessions.AddOrUpdate(session, 1, (_, count) => count + 1) > 1 && session.Length > 0;
            }

            await Task.Delay(5);
            lock (_gate)
            {
                _now--;
                _sessions[session]--;
            }
        }
    }

    public class Bindings(Notebook notebook)
    {
        [Function("Text")]
        public void Text([ServiceBusTrigger("text", Connection = "ServiceBus")] string text) => notebook.Write($"text {text}");

        [Function("Typed")]
        public void Typed([ServiceBusTrigger("typed", Connection = "ServiceBus")] Thing thing) => notebook.Write($"typed {thing.Number} {thing.Name}");

        [Function("Bytes")]
        public void Bytes([ServiceBusTrigger("bytes", Connection = "ServiceBus")] byte[] bytes) => notebook.Write($"bytes {bytes.Length}");

        [Function("Message")]
        public void Message([ServiceBusTrigger("message", Connection = "ServiceBus")] ServiceBusReceivedMessage message, string messageId, int deliveryCount) =>
            notebook.Write($"message {message.Body} {messageId} {deliveryCount}");
    }

    public class Throwing(Notebook notebook)
    {
        [Function("Throwing")]
        public void Run([ServiceBusTrigger("plain", Connection = "ServiceBus")] ServiceBusReceivedMessage message)
        {
            notebook.Write($"delivery {message.DeliveryCount}");
            throw new InvalidOperationException("fails on purpose");
        }
    }

    public class Settling(Notebook notebook)
    {
        [Function("Settling")]
        public async Task Run(
            [ServiceBusTrigger("plain", Connection = "ServiceBus")] ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken)
        {
            var text = message.Body.ToString();
            notebook.Write(text);
            switch (text)
            {
                case "dead":
                    await actions.RenewMessageLockAsync(message, cancellationToken);
                    await actions.DeadLetterMessageAsync(message, new() { ["note"] = "kept" }, "no use", "it said so", cancellationToken);
                    break;
                case "defer":
                    await actions.DeferMessageAsync(message, cancellationToken: cancellationToken);
                    break;
                case "abandon" when message.DeliveryCount == 1:
                    await actions.AbandonMessageAsync(message, cancellationToken: cancellationToken);
                    break;
                case "complete-and-throw":
                    await actions.CompleteMessageAsync(message, cancellationToken);
                    throw new InvalidOperationException("fails on purpose");
                default:
                    await actions.CompleteMessageAsync(message, cancellationToken);
                    break;
            }
        }
    }

    public class Manual(Notebook notebook)
    {
        [Function("Manual")]
        public void Run([ServiceBusTrigger("plain", Connection = "ServiceBus", AutoCompleteMessages = false)] string text) => notebook.Write($"manual {text}");
    }

    public class Silent(Notebook notebook)
    {
        [Function("Silent")]
        public void Run([ServiceBusTrigger("plain", Connection = "ServiceBus")] string text) => notebook.Write($"silent {text}");
    }

    public class InSessions(Notebook notebook, Concurrency concurrency)
    {
        [Function("InSessions")]
        public async Task Run([ServiceBusTrigger("sessions", Connection = "ServiceBus", IsSessionsEnabled = true)] ServiceBusReceivedMessage message)
        {
            notebook.Write($"{message.SessionId} {message.Body}");
            await concurrency.RunAsync(message.SessionId);
        }
    }

    public class WithState(Notebook notebook)
    {
        [Function("WithState")]
        public async Task Run(
            [ServiceBusTrigger("sessions", Connection = "ServiceBus", IsSessionsEnabled = true)] ServiceBusReceivedMessage message,
            ServiceBusSessionMessageActions session,
            CancellationToken cancellationToken)
        {
            var state = (await session.GetSessionStateAsync(cancellationToken)).ToString();
            notebook.Write($"{message.SessionId}:{state} {message.Body}");
            await session.SetSessionStateAsync(BinaryData.FromString(state + message.Body), cancellationToken);
            await session.RenewSessionLockAsync(cancellationToken);
            await session.ReleaseSession(cancellationToken);
        }
    }

    public class Batch(Notebook notebook)
    {
        [Function("Batch")]
        public void Run([ServiceBusTrigger("plain", Connection = "ServiceBus", IsBatched = true)] ServiceBusReceivedMessage[] messages) =>
            notebook.Write(string.Join(',', messages.Select(message => message.Body.ToString())));
    }

    public class BatchOfText(Notebook notebook)
    {
        [Function("Batch")]
        public void Run([ServiceBusTrigger("plain", Connection = "ServiceBus", IsBatched = true)] string[] messages) => notebook.Write(string.Join(',', messages));
    }

    public class BatchOfSession(Notebook notebook)
    {
        [Function("Batch")]
        public void Run([ServiceBusTrigger("sessions", Connection = "ServiceBus", IsBatched = true, IsSessionsEnabled = true)] ServiceBusReceivedMessage[] messages) =>
            notebook.Write(string.Join(',', messages.Select(message => message.Body.ToString())));
    }

    public static class FailingBatch
    {
        [Function("FailingBatch")]
        public static async Task Run(
            [ServiceBusTrigger("plain", Connection = "ServiceBus", IsBatched = true)] ServiceBusReceivedMessage[] messages, ServiceBusMessageActions actions)
        {
            foreach (var message in messages.Where(message => message.Body.ToString() == "1"))
            {
                await actions.CompleteMessageAsync(message);
            }

            throw new InvalidOperationException("fails on purpose");
        }
    }

    public class Subscribed(Notebook notebook)
    {
        [Function("Subscribed")]
        public void Run([ServiceBusTrigger("news", "readers", Connection = "ServiceBus")] string text) => notebook.Write($"readers {text}");
    }

    public class Counting(Notebook notebook, Concurrency concurrency)
    {
        [Function("Counting")]
        public async Task Run([ServiceBusTrigger("plain", Connection = "ServiceBus")] string text)
        {
            notebook.Write(text);
            await concurrency.RunAsync("");
        }
    }

    public class Alarm(Notebook notebook, TimeProvider time, IConfiguration configuration)
    {
        [Function("AlarmTimer")]
        public async Task Ring([TimerTrigger("0 0 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
        {
            var now = time.GetUtcNow();
            notebook.Write($"timer {now:O}");
            await using var client = new ServiceBusClient(configuration["ServiceBus"]);
            await client.CreateSender("plain").ScheduleMessageAsync(new ServiceBusMessage("5"), now.AddMinutes(5), cancellationToken);
        }

        [Function("AlarmMessage")]
        public void Read([ServiceBusTrigger("plain", Connection = "ServiceBus")] string text) => notebook.Write($"message {time.GetUtcNow():O}");
    }

    public class Stuck(Notebook notebook)
    {
        [Function("Stuck")]
        public async Task Run([ServiceBusTrigger("plain", Connection = "ServiceBus")] string text, CancellationToken cancellationToken)
        {
            notebook.Write("stuck");
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    public class Waiting(Notebook notebook, HttpFunctionTests.Slow.Gate gate)
    {
        [Function("Waiting")]
        public async Task Run([ServiceBusTrigger("plain", Connection = "ServiceBus")] string text, CancellationToken cancellationToken)
        {
            notebook.Write("in");
            await gate.Opened.Task.WaitAsync(cancellationToken);
        }
    }

    public static class NoSuchQueue
    {
        [Function("Lost")]
        public static void Run([ServiceBusTrigger("nowhere", Connection = "ServiceBus")] string text)
        {
        }
    }

    public static class NotASession
    {
        [Function("Lost")]
        public static void Run([ServiceBusTrigger("sessions", Connection = "ServiceBus")] string text)
        {
        }
    }

    public static class WrongBatch
    {
        [Function("Lost")]
        public static void Run([ServiceBusTrigger("plain", Connection = "ServiceBus", IsBatched = true)] int[] numbers)
        {
        }
    }

    public static class NoConnection
    {
        [Function("Lost")]
        public static void Run([ServiceBusTrigger("plain", Connection = "Elsewhere")] string text)
        {
        }
    }
}
