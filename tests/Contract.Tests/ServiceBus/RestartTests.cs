using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Microsoft.Data.Sqlite;
using Serverless940.Local;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Contract.Tests.ServiceBus;

/// <summary>What the death of the process leaves behind.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private readonly Bus _bus = Bus.With(new BrokerTopology(
        [
            new BrokerQueue("q") { DuplicateDetectionWindow = TimeSpan.FromHours(1), MaxDeliveryCount = 3 },
            new BrokerQueue("s") { RequiresSession = true },
        ],
        [new BrokerTopic("t") { Subscriptions = [new BrokerSubscription("a"), new BrokerSubscription("b")] }]));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task A_thousand_messages_in_flight_are_all_delivered_after_a_kill()
    {
        const int Count = 1000;
        var sender = _bus.Client.CreateSender("s");
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => sender.SendMessageAsync(new ServiceBusMessage($"{i}") { SessionId = $"{i % 50}", MessageId = $"{i}" })));
        var handled = new ConcurrentDictionary<string, int>();
        var halfway = new TaskCompletionSource();
        await using (var processor = Processor(args =>
        {
            handled.AddOrUpdate(args.Message.MessageId, 1, (_, times) => times + 1);
            if (handled.Count >= Count / 2)
            {
                halfway.TrySetResult();
            }

            return Task.CompletedTask;
        }))
        {
            await processor.StartProcessingAsync();
            await halfway.Task.WaitAsync(Bus.Soon);
            _bus.Broker.Kill();
            await Assert.ThrowsAsync<ServiceBusException>(() => sender.SendMessageAsync(new ServiceBusMessage("too late") { SessionId = "1" }));
        }

        _bus.Reopen();
        var order = new ConcurrentDictionary<string, ConcurrentQueue<int>>();
        await using (var processor = Processor(args =>
        {
            handled.AddOrUpdate(args.Message.MessageId, 1, (_, times) => times + 1);
            order.GetOrAdd(args.SessionId, _ => new()).Enqueue(int.Parse(args.Message.Body.ToString(), System.Globalization.CultureInfo.InvariantCulture));
            return Task.CompletedTask;
        }))
        {
            await processor.StartProcessingAsync();
            using var limit = new CancellationTokenSource(Bus.Soon);
            await _bus.Broker.WaitForQuietAsync(limit.Token);
        }

        Assert.Equal(Count, handled.Count);
        Assert.All(order.Values, numbers => Assert.Equal(numbers.Order(), numbers));
        Assert.Equal(default, _bus.Broker.Counts("s"));

        ServiceBusSessionProcessor Processor(Func<ProcessSessionMessageEventArgs, Task> handler)
        {
            var processor = _bus.Client.CreateSessionProcessor(
                "s", new ServiceBusSessionProcessorOptions { MaxConcurrentSessions = 16, SessionIdleTimeout = TimeSpan.FromMilliseconds(20) });
            processor.ProcessMessageAsync += handler;
            processor.ProcessErrorAsync += _ => Task.CompletedTask;
            return processor;
        }
    }

    [Fact]
    public async Task A_kill_in_the_middle_of_sends_loses_nothing_that_was_acknowledged()
    {
        var acknowledged = new ConcurrentBag<string>();
        for (var round = 0; round < 4; round++)
        {
            var sender = _bus.Client.CreateSender("q");
            var goal = acknowledged.Count + 200;
            var senders = Enumerable.Range(0, 8).Select(worker => Task.Run(() => SendUntilRefusedAsync(sender, $"{round}-{worker}", acknowledged))).ToList();
            await Bus.UntilAsync(() => acknowledged.Count > goal);
            _bus.Broker.Kill();
            await Task.WhenAll(senders).WaitAsync(Bus.Soon);
            _bus.Reopen();
        }

        var kept = (await _bus.Client.CreateReceiver("q").PeekMessagesAsync(1_000_000)).Select(message => message.MessageId).ToHashSet();
        Assert.Empty(acknowledged.Except(kept));
    }

    [Fact]
    public async Task A_lock_dies_with_the_process_and_the_delivery_stays_counted()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(i, (await _bus.ReceiveAsync("q")).DeliveryCount);
            _bus.Broker.Kill();
            _bus.Reopen();
        }

        Assert.Null(await _bus.TryReceiveAsync("q"));
        Assert.Equal("MaxDeliveryCountExceeded", (await _bus.DeadLetters("q").ReceiveMessageAsync(Bus.Soon)).DeadLetterReason);
    }

    [Fact]
    public async Task Everything_that_waits_is_still_there_and_what_is_done_does_not_come_back()
    {
        var sender = _bus.Client.CreateSender("q");
        var receiver = _bus.Client.CreateReceiver("q");
        await sender.SendMessagesAsync(new[] { "done", "dead", "deferred", "active" }.Select(body => new ServiceBusMessage(body) { MessageId = body }));
        var messages = await receiver.ReceiveMessagesAsync(3, Bus.Soon);
        await receiver.CompleteMessageAsync(messages[0]);
        await receiver.DeadLetterMessageAsync(messages[1], "reason");
        await receiver.DeferMessageAsync(messages[2]);
        var due = _bus.Clock.GetUtcNow() + TimeSpan.FromHours(2);
        await sender.ScheduleMessageAsync(new ServiceBusMessage("scheduled") { MessageId = "scheduled" }, due);
        await _bus.SendAsync("t", new ServiceBusMessage("copy"));

        _bus.Broker.Kill();
        _bus.Reopen();

        Assert.Equal(new BrokerCounts(1, 0, 1, 1, 1), _bus.Broker.Counts("q"));
        Assert.Equal("active", (await _bus.ReceiveAsync("q")).Body.ToString());
        Assert.Equal("reason", (await _bus.DeadLetters("q").ReceiveMessageAsync(Bus.Soon)).DeadLetterReason);
        Assert.Equal("deferred", (await _bus.Client.CreateReceiver("q").ReceiveDeferredMessageAsync(messages[2].SequenceNumber)).Body.ToString());
        Assert.Equal(due, _bus.Broker.NextScheduled);
        foreach (var subscription in new[] { "a", "b" })
        {
            Assert.Equal("copy", (await _bus.Client.CreateReceiver("t", subscription).ReceiveMessageAsync(Bus.Soon)).Body.ToString());
        }

        // Ids are remembered over the restart, of what is done as of what is left.
        await _bus.SendAsync("q", [.. new[] { "done", "dead", "deferred", "active", "scheduled" }.Select(id => new ServiceBusMessage("again") { MessageId = id })]);
        Assert.Null(await _bus.TryReceiveAsync("q"));

        // The window is over before the scheduled message is due: its id is free again.
        _bus.Clock.AdvanceTo(due);
        Assert.Equal("scheduled", (await _bus.ReceiveAsync("q")).Body.ToString());
        await _bus.SendAsync("q", new ServiceBusMessage("again") { MessageId = "done" });
        Assert.Equal("again", (await _bus.ReceiveAsync("q")).Body.ToString());
    }

    [Fact]
    public async Task A_scheduled_message_that_became_due_while_nobody_ran_comes_at_the_start()
    {
        var due = _bus.Clock.GetUtcNow() + TimeSpan.FromHours(2);
        await _bus.Client.CreateSender("q").ScheduleMessageAsync(new ServiceBusMessage("a"), due);
        await _bus.Client.CreateSender("t").ScheduleMessageAsync(new ServiceBusMessage("b"), due);
        await _bus.Broker.DisposeAsync();
        _bus.Clock.AdvanceTo(due + TimeSpan.FromHours(1));
        _bus.Reopen();
        Assert.Equal("a", (await _bus.ReceiveAsync("q")).Body.ToString());
        Assert.Equal("b", (await _bus.Client.CreateReceiver("t", "a").ReceiveMessageAsync(Bus.Soon)).Body.ToString());
        Assert.Equal("b", (await _bus.Client.CreateReceiver("t", "b").ReceiveMessageAsync(Bus.Soon)).Body.ToString());
    }

    [Fact]
    public async Task Sequence_numbers_go_on_after_a_restart()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("1"));
        var receiver = _bus.Client.CreateReceiver("q");
        var first = await receiver.ReceiveMessageAsync(Bus.Soon);
        await receiver.CompleteMessageAsync(first);
        await _bus.Broker.DisposeAsync();
        _bus.Reopen();
        await _bus.SendAsync("q", new ServiceBusMessage("2"));
        Assert.True((await _bus.ReceiveAsync("q")).SequenceNumber > first.SequenceNumber);
    }

    [Fact]
    public async Task Messages_of_an_entity_declared_late_are_found()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        await _bus.Broker.DisposeAsync();
        await using var bare = LocalBroker.Open(_bus.File, _bus.Clock, BrokerTopology.Empty);
        LocalBroker.Register("late.localhost", bare);
        await using var client = new ServiceBusClient("Endpoint=sb://late.localhost;SharedAccessKeyName=a;SharedAccessKey=b", Bus.Hasty);
        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, await Bus.ReasonAsync(() => client.CreateReceiver("q").ReceiveMessageAsync(Bus.Shortly)));
        bare.Declare(new BrokerQueue("q"));
        Assert.Equal("a", (await client.CreateReceiver("q").ReceiveMessageAsync(Bus.Soon)).Body.ToString());
        LocalBroker.Unregister("late.localhost");
    }

    [Fact]
    public void An_entity_stays_what_it_is()
    {
        Assert.Throws<InvalidOperationException>(() => _bus.Broker.Declare(new BrokerQueue("q") { RequiresSession = true }));
        Assert.Throws<InvalidOperationException>(() => _bus.Broker.Declare(new BrokerTopic("q")));
        Assert.Throws<InvalidOperationException>(() => _bus.Broker.Declare(new BrokerQueue("t")));
        Assert.Equal(["q", "s", "t/Subscriptions/a", "t/Subscriptions/b"], _bus.Broker.EntityPaths);
    }

    [Fact]
    public void Two_brokers_cannot_share_a_file()
    {
        Assert.Throws<SqliteException>(() => LocalBroker.Open(_bus.File, new LocalClock(), BrokerTopology.Empty));
    }

    [Fact]
    public async Task A_waiting_call_fails_when_the_broker_is_killed()
    {
        var waiting = _bus.Client.CreateReceiver("q").ReceiveMessageAsync(Bus.Soon);
        var accepting = _bus.Client.AcceptNextSessionAsync("s");
        _bus.Broker.Kill();
        Assert.Equal(ServiceBusFailureReason.ServiceCommunicationProblem, await Bus.ReasonAsync(() => waiting));
        Assert.Equal(ServiceBusFailureReason.ServiceCommunicationProblem, await Bus.ReasonAsync(() => accepting));
        Assert.True(_bus.Broker.Ended.IsCancellationRequested);
    }

    private static async Task SendUntilRefusedAsync(ServiceBusSender sender, string name, ConcurrentBag<string> acknowledged)
    {
        for (var i = 0; ; i++)
        {
            var id = $"{name}-{i}";
            try
            {
                await sender.SendMessageAsync(new ServiceBusMessage(id) { MessageId = id });
            }
            catch (ServiceBusException)
            {
                return;
            }

            acknowledged.Add(id);
        }
    }
}
