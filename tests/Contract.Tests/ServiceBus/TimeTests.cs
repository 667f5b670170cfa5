using Azure.Messaging.ServiceBus;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Contract.Tests.ServiceBus;

/// <summary>Schedules, times to live and the duplicate window run on business time.</summary>
public sealed class TimeTests : IAsyncLifetime
{
    private readonly Bus _bus = Bus.With(new BrokerTopology(
        [
            new BrokerQueue("q") { DuplicateDetectionWindow = TimeSpan.FromHours(1) },
            new BrokerQueue("mortal") { DefaultTimeToLive = TimeSpan.FromHours(1), DeadLetteringOnExpiration = true },
            new BrokerQueue("vanishing"),
        ],
        []));

    private DateTimeOffset Now => _bus.Clock.GetUtcNow();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task A_scheduled_message_waits_for_its_instant_and_a_jump_brings_it()
    {
        var due = Now + TimeSpan.FromHours(26);
        var number = await _bus.Client.CreateSender("q").ScheduleMessageAsync(new ServiceBusMessage("later"), due);
        Assert.Null(await _bus.TryReceiveAsync("q"));
        Assert.Equal(due, _bus.Broker.NextScheduled);
        var waiting = _bus.Client.CreateReceiver("q").ReceiveMessageAsync(Bus.Soon);

        _bus.Clock.AdvanceTo(due);

        var message = await waiting;
        Assert.Equal("later", message.Body.ToString());
        Assert.Equal(due, message.ScheduledEnqueueTime);
        Assert.True(message.EnqueuedTime >= due);
        Assert.NotEqual(number, message.SequenceNumber);
        Assert.Null(_bus.Broker.NextScheduled);
    }

    [Fact]
    public async Task A_message_that_fell_due_while_the_process_was_dead_was_enqueued_when_it_was_due()
    {
        var due = Now + TimeSpan.FromHours(1);
        await _bus.Client.CreateSender("q").ScheduleMessageAsync(new ServiceBusMessage("later"), due);
        _bus.Broker.Kill();
        _bus.Clock.AdvanceTo(due + TimeSpan.FromHours(3));
        _bus.Reopen();
        Assert.Equal(due, (await _bus.ReceiveAsync("q")).EnqueuedTime);
    }

    [Fact]
    public async Task Scheduled_messages_come_in_the_order_in_which_they_are_due()
    {
        var sender = _bus.Client.CreateSender("q");
        var start = Now;
        foreach (var hours in new[] { 3, 1, 2 })
        {
            await sender.ScheduleMessageAsync(new ServiceBusMessage($"{hours}"), start + TimeSpan.FromHours(hours));
        }

        await sender.SendMessageAsync(new ServiceBusMessage("now"));
        _bus.Clock.AdvanceTo(start + TimeSpan.FromHours(5));

        var messages = await _bus.Client.CreateReceiver("q").ReceiveMessagesAsync(10, Bus.Soon);
        Assert.Equal(["now", "1", "2", "3"], messages.Select(message => message.Body.ToString()));
    }

    [Fact]
    public async Task A_schedule_set_on_the_message_counts_as_well_and_one_in_the_past_is_now()
    {
        await _bus.SendAsync(
            "q",
            new ServiceBusMessage("later") { ScheduledEnqueueTime = Now + TimeSpan.FromHours(1) },
            new ServiceBusMessage("now") { ScheduledEnqueueTime = Now - TimeSpan.FromHours(1) });
        Assert.Equal("now", (await _bus.ReceiveAsync("q")).Body.ToString());
        Assert.Null(await _bus.TryReceiveAsync("q"));
    }

    [Fact]
    public async Task A_cancelled_schedule_never_comes()
    {
        var sender = _bus.Client.CreateSender("q");
        var numbers = await sender.ScheduleMessagesAsync([new ServiceBusMessage("1"), new ServiceBusMessage("2")], Now + TimeSpan.FromHours(1));
        await sender.CancelScheduledMessageAsync(numbers[0]);
        Assert.Equal(ServiceBusFailureReason.MessageNotFound, await Bus.ReasonAsync(() => sender.CancelScheduledMessageAsync(numbers[0])));

        _bus.Clock.AdvanceTo(Now + TimeSpan.FromHours(2));

        Assert.Equal("2", (await _bus.ReceiveAsync("q")).Body.ToString());
        Assert.Null(await _bus.TryReceiveAsync("q"));
    }

    [Fact]
    public async Task A_repeated_id_is_dropped_within_the_window_even_after_the_first_was_consumed()
    {
        var receiver = _bus.Client.CreateReceiver("q");
        await _bus.SendAsync("q", new ServiceBusMessage("first") { MessageId = "id" });
        await receiver.CompleteMessageAsync(await receiver.ReceiveMessageAsync(Bus.Soon));
        await _bus.SendAsync("q", new ServiceBusMessage("second") { MessageId = "id" });
        Assert.Null(await receiver.ReceiveMessageAsync(Bus.Shortly));

        _bus.Clock.AdvanceTo(Now + TimeSpan.FromMinutes(61));

        await _bus.SendAsync("q", new ServiceBusMessage("third") { MessageId = "id" });
        Assert.Equal("third", (await receiver.ReceiveMessageAsync(Bus.Soon)).Body.ToString());
    }

    [Fact]
    public async Task A_scheduled_message_counts_as_seen_from_the_moment_it_was_sent()
    {
        var due = Now + TimeSpan.FromMinutes(30);
        await _bus.Client.CreateSender("q").ScheduleMessageAsync(new ServiceBusMessage("scheduled") { MessageId = "id" }, due);
        await _bus.SendAsync("q", new ServiceBusMessage("now") { MessageId = "id" });
        Assert.Null(await _bus.TryReceiveAsync("q"));
        _bus.Clock.AdvanceTo(due);
        Assert.Equal("scheduled", (await _bus.ReceiveAsync("q")).Body.ToString());
        Assert.Null(await _bus.TryReceiveAsync("q"));
    }

    [Fact]
    public async Task A_dead_letter_sent_again_under_its_old_id_is_a_duplicate()
    {
        var receiver = _bus.Client.CreateReceiver("q");
        await _bus.SendAsync("q", new ServiceBusMessage("a") { MessageId = "id" });
        await receiver.DeadLetterMessageAsync(await receiver.ReceiveMessageAsync(Bus.Soon), "bad");
        var dead = await _bus.DeadLetters("q").ReceiveMessageAsync(Bus.Soon);
        await _bus.SendAsync("q", new ServiceBusMessage(dead));
        Assert.Null(await receiver.ReceiveMessageAsync(Bus.Shortly));
        await _bus.SendAsync("q", new ServiceBusMessage(dead) { MessageId = "id~1" });
        Assert.NotNull(await receiver.ReceiveMessageAsync(Bus.Soon));
    }

    [Fact]
    public async Task Of_many_senders_with_one_id_one_gets_through()
    {
        var sender = _bus.Client.CreateSender("q");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => sender.SendMessageAsync(new ServiceBusMessage("a") { MessageId = "same" })));
        Assert.Equal(1, _bus.Broker.Counts("q").Active);
    }

    [Fact]
    public async Task An_expired_message_becomes_a_dead_letter_where_the_entity_says_so()
    {
        await _bus.SendAsync("mortal", new ServiceBusMessage("a") { TimeToLive = TimeSpan.FromDays(30) });
        var message = await _bus.Client.CreateReceiver("mortal").PeekMessageAsync();
        Assert.Equal(TimeSpan.FromHours(1), message.TimeToLive);

        _bus.Clock.AdvanceTo(Now + TimeSpan.FromHours(2));

        Assert.Null(await _bus.TryReceiveAsync("mortal"));
        var dead = await _bus.DeadLetters("mortal").ReceiveMessageAsync(Bus.Soon);
        Assert.Equal("TTLExpiredException", dead.DeadLetterReason);
    }

    [Fact]
    public async Task An_expired_message_vanishes_elsewhere_and_a_locked_one_can_still_be_completed()
    {
        var receiver = _bus.Client.CreateReceiver("vanishing");
        await _bus.SendAsync("vanishing", Mortal("locked"), Mortal("lost"), new ServiceBusMessage("kept"));
        var locked = await receiver.ReceiveMessageAsync(Bus.Soon);

        _bus.Clock.AdvanceTo(Now + TimeSpan.FromMinutes(2));

        Assert.Equal("kept", (await receiver.ReceiveMessageAsync(Bus.Soon)).Body.ToString());
        await receiver.CompleteMessageAsync(locked);
        Assert.Equal(1, _bus.Broker.Counts("vanishing").Active);
        Assert.Equal(0, _bus.Broker.Counts("vanishing").DeadLetter);

        static ServiceBusMessage Mortal(string body) => new(body) { TimeToLive = TimeSpan.FromMinutes(1) };
    }

    [Fact]
    public async Task The_life_of_a_scheduled_message_begins_when_it_is_due()
    {
        var due = Now + TimeSpan.FromHours(10);
        await _bus.Client.CreateSender("mortal").ScheduleMessageAsync(new ServiceBusMessage("a"), due);
        _bus.Clock.AdvanceTo(due);
        var message = await _bus.ReceiveAsync("mortal");
        Assert.Equal(TimeSpan.FromHours(1), message.TimeToLive);
    }
}
