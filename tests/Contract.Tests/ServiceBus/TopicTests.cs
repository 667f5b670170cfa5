using Azure.Messaging.ServiceBus;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Contract.Tests.ServiceBus;

public sealed class TopicTests : IAsyncLifetime
{
    private readonly Bus _bus = Bus.With(new BrokerTopology(
        [],
        [
            new BrokerTopic("events")
            {
                DuplicateDetectionWindow = TimeSpan.FromMinutes(10),
                Subscriptions = [new BrokerSubscription("board"), new BrokerSubscription("kpis"), new BrokerSubscription("ordered") { RequiresSession = true }],
            },
        ]));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task Every_subscription_gets_every_message_once()
    {
        await _bus.SendAsync("events", Event("1"), Event("2"));
        foreach (var subscription in new[] { "board", "kpis" })
        {
            var receiver = _bus.Client.CreateReceiver("events", subscription);
            Assert.Equal($"events/Subscriptions/{subscription}", receiver.EntityPath);
            var messages = await receiver.ReceiveMessagesAsync(10, Bus.Soon);
            Assert.Equal(["1", "2"], messages.Select(message => message.MessageId));
            await receiver.CompleteMessageAsync(messages[0]);
        }

        var session = await _bus.Client.AcceptNextSessionAsync("events", "ordered");
        Assert.Equal(2, (await session.ReceiveMessagesAsync(10, Bus.Soon)).Count);
    }

    [Fact]
    public async Task A_subscription_settles_for_itself()
    {
        await _bus.SendAsync("events", Event("1"));
        var board = _bus.Client.CreateReceiver("events", "board");
        await board.DeadLetterMessageAsync(await board.ReceiveMessageAsync(Bus.Soon), "bad");
        Assert.Equal(1, _bus.Broker.Counts("events/Subscriptions/board").DeadLetter);
        Assert.Equal(1, _bus.Broker.Counts("events/Subscriptions/kpis").Active);
        var dead = _bus.Client.CreateReceiver("events", "board", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        Assert.Equal("bad", (await dead.ReceiveMessageAsync(Bus.Soon)).DeadLetterReason);
    }

    [Fact]
    public async Task A_repeated_event_is_dropped_for_all()
    {
        await _bus.SendAsync("events", Event("1"));
        await _bus.SendAsync("events", Event("1"));
        Assert.Equal(1, _bus.Broker.Counts("events/Subscriptions/board").Active);
        Assert.Equal(1, _bus.Broker.Counts("events/Subscriptions/kpis").Active);

        _bus.Broker.Kill();
        _bus.Reopen();
        await _bus.SendAsync("events", Event("1"));
        Assert.Equal(1, _bus.Broker.Counts("events/Subscriptions/board").Active);
    }

    [Fact]
    public async Task A_scheduled_event_reaches_every_subscription_when_it_is_due()
    {
        var due = _bus.Clock.GetUtcNow() + TimeSpan.FromHours(1);
        await _bus.Client.CreateSender("events").ScheduleMessageAsync(Event("1"), due);
        Assert.Equal(1, _bus.Broker.Counts("events").Scheduled);
        Assert.Equal(0, _bus.Broker.Counts("events/Subscriptions/board").Active);

        _bus.Clock.AdvanceTo(due);

        foreach (var subscription in new[] { "board", "kpis" })
        {
            var message = await _bus.Client.CreateReceiver("events", subscription).ReceiveMessageAsync(Bus.Soon);
            Assert.Equal("1", message.MessageId);
        }

        Assert.Equal(0, _bus.Broker.Counts("events").Scheduled);
    }

    [Fact]
    public async Task An_event_without_a_session_is_a_dead_letter_where_sessions_are_required()
    {
        await _bus.SendAsync("events", new ServiceBusMessage("1") { MessageId = "1" });
        var dead = _bus.Client.CreateReceiver("events", "ordered", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        Assert.Equal("Session ID is null", (await dead.ReceiveMessageAsync(Bus.Soon)).DeadLetterReason);
        Assert.Equal(1, _bus.Broker.Counts("events/Subscriptions/board").Active);
    }

    [Fact]
    public async Task A_subscription_that_nobody_declared_is_not_found()
    {
        Assert.Equal(
            ServiceBusFailureReason.MessagingEntityNotFound,
            await Bus.ReasonAsync(() => _bus.Client.CreateReceiver("events", "nobody").ReceiveMessageAsync(Bus.Shortly)));
    }

    private static ServiceBusMessage Event(string id) => new(id) { MessageId = id, SessionId = "s" };
}
