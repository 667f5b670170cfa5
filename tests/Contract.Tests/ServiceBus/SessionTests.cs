using Azure.Messaging.ServiceBus;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Contract.Tests.ServiceBus;

public sealed class SessionTests : IAsyncLifetime
{
    private readonly Bus _bus = Bus.With(new BrokerTopology([new BrokerQueue("s") { RequiresSession = true, MaxDeliveryCount = 3 }, new BrokerQueue("q")], []));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task A_session_gives_its_own_messages_in_order()
    {
        await _bus.SendAsync("s", [.. Enumerable.Range(0, 30).Select(i => In($"{i % 3}", $"{i}"))]);
        var receiver = await _bus.Client.AcceptSessionAsync("s", "1");
        var seen = new List<string>();
        while (await receiver.ReceiveMessageAsync(Bus.Shortly) is { } message)
        {
            Assert.Equal("1", message.SessionId);
            seen.Add(message.Body.ToString());
            await receiver.CompleteMessageAsync(message);
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{(i * 3) + 1}"), seen);
    }

    [Fact]
    public async Task A_session_belongs_to_one_receiver_at_a_time()
    {
        await _bus.SendAsync("s", In("a", "1"), In("b", "2"));
        var a = await _bus.Client.AcceptSessionAsync("s", "a");
        Assert.Equal(ServiceBusFailureReason.SessionCannotBeLocked, await Bus.ReasonAsync(() => _bus.Client.AcceptSessionAsync("s", "a")));
        var next = await _bus.Client.AcceptNextSessionAsync("s");
        Assert.Equal("b", next.SessionId);

        await a.CloseAsync();
        var again = await _bus.Client.AcceptNextSessionAsync("s");
        Assert.Equal("a", again.SessionId);
    }

    [Fact]
    public async Task No_session_with_messages_is_a_timeout()
    {
        var hurried = _bus.NewClient(new ServiceBusClientOptions { RetryOptions = { MaxRetries = 0, TryTimeout = Bus.Shortly } });
        var exception = await Assert.ThrowsAsync<ServiceBusException>(() => hurried.AcceptNextSessionAsync("s"));
        Assert.Equal(ServiceBusFailureReason.ServiceTimeout, exception.Reason);
        Assert.True(exception.IsTransient);
    }

    [Fact]
    public async Task Whoever_waits_for_a_session_gets_the_next_one_that_has_a_message()
    {
        var waiting = _bus.Client.AcceptNextSessionAsync("s");
        await _bus.SendAsync("s", In("late", "1"));
        var receiver = await waiting;
        Assert.Equal("late", receiver.SessionId);
        Assert.Equal("1", (await receiver.ReceiveMessageAsync(Bus.Soon)).Body.ToString());
    }

    [Fact]
    public async Task A_message_sent_to_a_held_session_reaches_its_holder()
    {
        var holder = await _bus.Client.AcceptSessionAsync("s", "a");
        var waiting = holder.ReceiveMessageAsync(Bus.Soon);
        await _bus.SendAsync("s", In("a", "1"));
        Assert.Equal("1", (await waiting).Body.ToString());
    }

    [Fact]
    public async Task An_abandoned_message_keeps_its_place()
    {
        await _bus.SendAsync("s", In("a", "1"), In("a", "2"));
        var receiver = await _bus.Client.AcceptNextSessionAsync("s");
        await receiver.AbandonMessageAsync(await receiver.ReceiveMessageAsync(Bus.Soon));
        var again = await receiver.ReceiveMessageAsync(Bus.Soon);
        Assert.Equal("1", again.Body.ToString());
        Assert.Equal(2, again.DeliveryCount);
    }

    [Fact]
    public async Task Closing_a_session_gives_its_messages_back_uncounted()
    {
        await _bus.SendAsync("s", In("a", "1"));
        for (var i = 0; i < 5; i++)
        {
            await using var receiver = await _bus.Client.AcceptNextSessionAsync("s");
            Assert.Equal(1, (await receiver.ReceiveMessageAsync(Bus.Soon)).DeliveryCount);
        }
    }

    [Fact]
    public async Task The_state_stays_with_the_session()
    {
        await using (var receiver = await _bus.Client.AcceptSessionAsync("s", "a"))
        {
            Assert.Null(await receiver.GetSessionStateAsync());
            await receiver.SetSessionStateAsync(new BinaryData("{\"step\":2}"));
        }

        await using (var receiver = await _bus.Client.AcceptSessionAsync("s", "b"))
        {
            Assert.Null(await receiver.GetSessionStateAsync());
        }

        _bus.Broker.Kill();
        _bus.Reopen();
        await using (var receiver = await _bus.Client.AcceptSessionAsync("s", "a"))
        {
            Assert.Equal("{\"step\":2}", (await receiver.GetSessionStateAsync()).ToString());
            await receiver.SetSessionStateAsync(null);
            Assert.Null(await receiver.GetSessionStateAsync());
        }
    }

    [Fact]
    public async Task The_dead_letters_of_sessions_are_read_without_one()
    {
        await _bus.SendAsync("s", In("a", "1"));
        var receiver = await _bus.Client.AcceptNextSessionAsync("s");
        await receiver.DeadLetterMessageAsync(await receiver.ReceiveMessageAsync(Bus.Soon), "bad");
        var dead = await _bus.DeadLetters("s").ReceiveMessageAsync(Bus.Soon);
        Assert.Equal("a", dead.SessionId);
        Assert.Equal("bad", dead.DeadLetterReason);
    }

    [Fact]
    public async Task Sessions_are_required_where_they_are_and_refused_where_they_are_not()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _bus.SendAsync("s", new ServiceBusMessage("no session")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _bus.Client.CreateReceiver("s").ReceiveMessageAsync(Bus.Shortly));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _bus.Client.AcceptNextSessionAsync("q"));
        var receiver = await _bus.Client.AcceptSessionAsync("s", "a");
        await _bus.SendAsync("s", In("a", "1"));
        var message = await receiver.ReceiveMessageAsync(Bus.Soon);
        await Assert.ThrowsAsync<InvalidOperationException>(() => receiver.RenewMessageLockAsync(message));
    }

    [Fact]
    public async Task A_deferred_message_of_a_session_is_its_holders()
    {
        await _bus.SendAsync("s", In("a", "1"));
        var receiver = await _bus.Client.AcceptSessionAsync("s", "a");
        var message = await receiver.ReceiveMessageAsync(Bus.Soon);
        await receiver.DeferMessageAsync(message);
        var other = await _bus.Client.AcceptSessionAsync("s", "b");
        Assert.Equal(ServiceBusFailureReason.MessageNotFound, await Bus.ReasonAsync(() => other.ReceiveDeferredMessageAsync(message.SequenceNumber)));
        await receiver.CompleteMessageAsync(await receiver.ReceiveDeferredMessageAsync(message.SequenceNumber));
        Assert.Equal(default, _bus.Broker.Counts("s"));
    }

    private static ServiceBusMessage In(string session, string body) => new(body) { SessionId = session };
}
