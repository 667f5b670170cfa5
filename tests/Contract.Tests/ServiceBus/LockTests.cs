using Azure.Messaging.ServiceBus;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Contract.Tests.ServiceBus;

/// <summary>Locks run on real time, whatever the business clock does.</summary>
public sealed class LockTests : IAsyncLifetime
{
    private static readonly TimeSpan Lock = TimeSpan.FromSeconds(1);

    private readonly Bus _bus = Bus.With(new BrokerTopology(
        [
            new BrokerQueue("q") { LockDuration = Lock, MaxDeliveryCount = 2 },
            new BrokerQueue("s") { LockDuration = Lock, RequiresSession = true },
        ],
        []));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task A_message_whose_lock_ran_out_goes_to_the_next_receiver()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        var slow = _bus.Client.CreateReceiver("q");
        var first = await slow.ReceiveMessageAsync(Bus.Soon);

        var second = await _bus.ReceiveAsync("q");

        Assert.Equal(2, second.DeliveryCount);
        Assert.Equal(first.SequenceNumber, second.SequenceNumber);
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, await Bus.ReasonAsync(() => slow.CompleteMessageAsync(first)));
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, await Bus.ReasonAsync(() => slow.RenewMessageLockAsync(first)));
    }

    [Fact]
    public async Task A_lock_that_runs_out_for_the_last_time_makes_a_dead_letter()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        await _bus.ReceiveAsync("q");
        await _bus.ReceiveAsync("q");
        var dead = await _bus.DeadLetters("q").ReceiveMessageAsync(Bus.Soon);
        Assert.Equal("MaxDeliveryCountExceeded", dead.DeadLetterReason);
    }

    [Fact]
    public async Task A_renewed_lock_outlives_its_first_end()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        var receiver = _bus.Client.CreateReceiver("q");
        var message = await receiver.ReceiveMessageAsync(Bus.Soon);
        var firstEnd = message.LockedUntil;
        while (DateTimeOffset.UtcNow < firstEnd + Lock)
        {
            await receiver.RenewMessageLockAsync(message);
            Assert.Null(await _bus.TryReceiveAsync("q"));
        }

        Assert.True(message.LockedUntil > firstEnd);
        await receiver.CompleteMessageAsync(message);
        Assert.Null(await receiver.PeekMessageAsync());
    }

    [Fact]
    public async Task A_jump_of_the_business_clock_loses_no_lock()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        var receiver = _bus.Client.CreateReceiver("q");
        var message = await receiver.ReceiveMessageAsync(Bus.Soon);
        _bus.Clock.AdvanceTo(_bus.Clock.GetUtcNow() + TimeSpan.FromDays(2));
        await receiver.CompleteMessageAsync(message);
        Assert.Null(await receiver.PeekMessageAsync());
    }

    [Fact]
    public async Task A_session_whose_lock_ran_out_goes_to_the_next_receiver_from_where_it_was()
    {
        await _bus.SendAsync("s", new ServiceBusMessage("1") { SessionId = "x" }, new ServiceBusMessage("2") { SessionId = "x" });
        var slow = await _bus.Client.AcceptNextSessionAsync("s");
        var first = await slow.ReceiveMessageAsync(Bus.Soon);

        var next = await _bus.Client.AcceptNextSessionAsync("s");

        Assert.Equal("x", next.SessionId);
        var again = await next.ReceiveMessageAsync(Bus.Soon);
        Assert.Equal("1", again.Body.ToString());
        Assert.Equal(2, again.DeliveryCount);
        Assert.Equal(ServiceBusFailureReason.SessionLockLost, await Bus.ReasonAsync(() => slow.CompleteMessageAsync(first)));
        Assert.Equal(ServiceBusFailureReason.SessionLockLost, await Bus.ReasonAsync(() => slow.RenewSessionLockAsync()));
        Assert.Equal(ServiceBusFailureReason.SessionLockLost, await Bus.ReasonAsync(() => slow.SetSessionStateAsync(new BinaryData("late"))));
        await next.CompleteMessageAsync(again);
    }

    [Fact]
    public async Task A_waiting_session_receiver_learns_that_its_lock_is_lost()
    {
        var receiver = await _bus.Client.AcceptSessionAsync("s", "empty");
        Assert.Equal(ServiceBusFailureReason.SessionLockLost, await Bus.ReasonAsync(() => receiver.ReceiveMessageAsync(Bus.Soon)));
    }

    [Fact]
    public async Task A_renewed_session_lock_outlives_its_first_end()
    {
        await _bus.SendAsync("s", new ServiceBusMessage("1") { SessionId = "x" });
        var receiver = await _bus.Client.AcceptNextSessionAsync("s");
        var message = await receiver.ReceiveMessageAsync(Bus.Soon);
        var firstEnd = receiver.SessionLockedUntil;
        while (DateTimeOffset.UtcNow < firstEnd + Lock)
        {
            await receiver.RenewSessionLockAsync();
            await Task.Delay(100);
        }

        Assert.True(receiver.SessionLockedUntil > firstEnd);
        await receiver.CompleteMessageAsync(message);
    }
}
