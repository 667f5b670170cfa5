using Azure.Messaging.ServiceBus;
using Serverless940.Local;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Contract.Tests.ServiceBus;

public sealed class FaultTests : IAsyncLifetime
{
    private readonly Bus _bus = Bus.WithQueue(new BrokerQueue("q"));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Theory]
    [InlineData(FaultMode.Down)]
    [InlineData(FaultMode.Error)]
    public async Task A_broken_bus_refuses_with_a_transient_failure_and_keeps_what_it_has(FaultMode mode)
    {
        await _bus.SendAsync("q", new ServiceBusMessage("before"));
        _bus.Faults.Set(FaultTarget.Bus, mode, TimeSpan.FromMinutes(5));

        var exception = await Assert.ThrowsAsync<ServiceBusException>(() => _bus.SendAsync("q", new ServiceBusMessage("during")));
        Assert.Equal(ServiceBusFailureReason.ServiceCommunicationProblem, exception.Reason);
        Assert.True(exception.IsTransient);
        await Assert.ThrowsAsync<ServiceBusException>(() => _bus.Client.CreateReceiver("q").ReceiveMessageAsync(Bus.Soon));

        _bus.Faults.Clear(FaultTarget.Bus);
        Assert.Equal("before", (await _bus.ReceiveAsync("q")).Body.ToString());
        Assert.Null(await _bus.TryReceiveAsync("q"));
    }

    [Fact]
    public async Task A_senders_first_batch_needs_a_bus_that_answers_and_knows_the_entity()
    {
        var sender = _bus.Client.CreateSender("q");
        _bus.Faults.Set(FaultTarget.Bus, FaultMode.Down, TimeSpan.FromMinutes(5));
        Assert.Equal(ServiceBusFailureReason.ServiceCommunicationProblem, await Bus.ReasonAsync(async () => await sender.CreateMessageBatchAsync()));
        _bus.Faults.Clear(FaultTarget.Bus);
        using var batch = await sender.CreateMessageBatchAsync();
        Assert.Equal(LocalBroker.MaxMessageBytes, batch.MaxSizeInBytes);
        Assert.Equal(
            ServiceBusFailureReason.MessagingEntityNotFound,
            await Bus.ReasonAsync(async () => await _bus.Client.CreateSender("elsewhere").CreateMessageBatchAsync()));
    }

    [Fact]
    public async Task A_client_that_may_retry_gets_through_when_the_bus_is_back()
    {
        var patient = _bus.NewClient(new ServiceBusClientOptions
        {
            RetryOptions = { Mode = ServiceBusRetryMode.Fixed, Delay = TimeSpan.FromMilliseconds(20), MaxRetries = 100 },
        });
        _bus.Faults.Set(FaultTarget.Bus, FaultMode.Down, TimeSpan.FromMilliseconds(200));
        await patient.CreateSender("q").SendMessageAsync(new ServiceBusMessage("a"));
        Assert.Equal("a", (await _bus.ReceiveAsync("q")).Body.ToString());
    }

    [Fact]
    public async Task A_processor_lives_through_an_outage()
    {
        var handled = new TaskCompletionSource();
        await using var processor = _bus.Client.CreateProcessor("q");
        processor.ProcessMessageAsync += _ =>
        {
            handled.TrySetResult();
            return Task.CompletedTask;
        };
        processor.ProcessErrorAsync += _ => Task.CompletedTask;
        await processor.StartProcessingAsync();
        var due = _bus.Clock.GetUtcNow() + TimeSpan.FromHours(1);
        await _bus.Client.CreateSender("q").ScheduleMessageAsync(new ServiceBusMessage("a"), due);

        // Due while the bus is down: the waiting receiver gets it only afterwards.
        _bus.Faults.Set(FaultTarget.Bus, FaultMode.Down, TimeSpan.FromMinutes(5));
        _bus.Clock.AdvanceTo(due);
        await Bus.UntilAsync(() => _bus.Broker.Counts("q").Active == 1);
        Assert.False(handled.Task.IsCompleted);
        _bus.Faults.Clear(FaultTarget.Bus);
        await handled.Task.WaitAsync(Bus.Soon);
    }

    [Theory]
    [InlineData(BrokerPhase.Before, 0)]
    [InlineData(BrokerPhase.After, 1)]
    public async Task A_kill_before_a_send_keeps_nothing_and_after_it_everything(BrokerPhase at, int kept)
    {
        _bus.Broker.Interceptor = (operation, entity, phase, _) =>
        {
            Assert.Equal("q", entity);
            if (operation == BrokerOperation.Send && phase == at)
            {
                _bus.Broker.Kill();
            }

            return ValueTask.CompletedTask;
        };
        Assert.Equal(ServiceBusFailureReason.ServiceCommunicationProblem, await Bus.ReasonAsync(() => _bus.SendAsync("q", new ServiceBusMessage("a"))));
        _bus.Reopen();
        Assert.Equal(kept, _bus.Broker.Counts("q").Active);
    }

    [Fact]
    public async Task The_interceptor_sees_each_operation_of_a_client_from_both_sides()
    {
        var seen = new List<string>();
        _bus.Broker.Interceptor = (operation, _, phase, _) =>
        {
            seen.Add($"{phase} {operation}");
            return ValueTask.CompletedTask;
        };
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        var receiver = _bus.Client.CreateReceiver("q");
        var message = await receiver.ReceiveMessageAsync(Bus.Soon);
        await receiver.RenewMessageLockAsync(message);
        await receiver.CompleteMessageAsync(message);
        await Assert.ThrowsAsync<ServiceBusException>(() => receiver.CompleteMessageAsync(message));
        Assert.Equal(
            [
                "Before Send", "After Send", "Before Receive", "After Receive", "Before Renew", "After Renew", "Before Complete", "After Complete",
                "Before Complete",
            ],
            seen);
    }
}
