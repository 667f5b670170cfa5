using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Contract.Tests.ServiceBus;

public sealed class ConcurrencyTests : IAsyncLifetime
{
    private readonly Bus _bus = Bus.With(new BrokerTopology(
        [new BrokerQueue("q") { MaxDeliveryCount = 1000, DuplicateDetectionWindow = TimeSpan.FromHours(1) }, new BrokerQueue("s") { RequiresSession = true, MaxDeliveryCount = 1000 }],
        []));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_receivers_do_every_message_ends_exactly_once(int seed)
    {
        const int Count = 800;
        var ended = new ConcurrentDictionary<string, int>();
        var sending = Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            var random = new Random((seed * 100) + worker);
            var sender = _bus.Client.CreateSender("q");
            for (var i = worker; i < Count; i += 4)
            {
                var message = new ServiceBusMessage($"{i}") { MessageId = $"{i}" };
                if (random.Next(4) == 0)
                {
                    await sender.ScheduleMessageAsync(message, _bus.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(random.Next(300)));
                }
                else
                {
                    await sender.SendMessageAsync(message);
                }
            }
        })).ToList();
        var receiving = Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            var random = new Random((seed * 1000) + worker);
            await using var receiver = _bus.Client.CreateReceiver("q");
            while (ended.Count < Count)
            {
                foreach (var message in await ReceiveSomeAsync(receiver, random))
                {
                    await SettleAsync(receiver, message, random, ended);
                }
            }
        })).ToList();

        await Task.WhenAll(sending).WaitAsync(Bus.Soon);
        await Task.WhenAll(receiving).WaitAsync(Bus.Soon);

        Assert.Equal(Count, ended.Count);
        Assert.All(ended.Values, times => Assert.Equal(1, times));
        var counts = _bus.Broker.Counts("q");
        Assert.Equal((0, 0, 0, 0), (counts.Active, counts.Locked, counts.Deferred, counts.Scheduled));
        Assert.True(_bus.Broker.IsQuiet(out _));

        // The file agrees with the memory.
        await _bus.Broker.DisposeAsync();
        _bus.Reopen();
        Assert.Equal(counts, _bus.Broker.Counts("q"));
    }

    [Fact]
    public async Task Sessions_passed_from_hand_to_hand_stay_in_order()
    {
        const int Sessions = 12;
        const int Each = 25;
        var next = new ConcurrentDictionary<string, int>();
        var sender = _bus.Client.CreateSender("s");
        var sending = Task.WhenAll(Enumerable.Range(0, Sessions).Select(session => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                await sender.SendMessageAsync(new ServiceBusMessage($"{i}") { SessionId = $"{session}" });
            }
        })));
        var client = _bus.NewClient(new ServiceBusClientOptions { RetryOptions = { MaxRetries = 0, TryTimeout = TimeSpan.FromMilliseconds(500) } });
        var receiving = Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            while (next.Count < Sessions || next.Values.Any(done => done < Each))
            {
                try
                {
                    await using var receiver = await client.AcceptNextSessionAsync("s");
                    for (var i = random.Next(4); i >= 0 && await receiver.ReceiveMessageAsync(TimeSpan.FromMilliseconds(20)) is { } message; i--)
                    {
                        if (random.Next(5) == 0)
                        {
                            await receiver.AbandonMessageAsync(message);
                            continue;
                        }

                        Assert.Equal($"{next.GetValueOrDefault(receiver.SessionId)}", message.Body.ToString());
                        next.AddOrUpdate(receiver.SessionId, 1, (_, done) => done + 1);
                        await receiver.CompleteMessageAsync(message);
                    }
                }
                catch (ServiceBusException exception) when (exception.Reason == ServiceBusFailureReason.ServiceTimeout)
                {
                }
            }
        })).ToList();
        await sending.WaitAsync(Bus.Soon);
        await Task.WhenAll(receiving).WaitAsync(Bus.Soon);
        Assert.Equal(default, _bus.Broker.Counts("s"));
    }

    private static async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveSomeAsync(ServiceBusReceiver receiver, Random random)
    {
        using var cancel = new CancellationTokenSource(random.Next(1, 30));
        try
        {
            return await receiver.ReceiveMessagesAsync(random.Next(1, 6), TimeSpan.FromMilliseconds(random.Next(1, 30)), cancel.Token);
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    private static async Task SettleAsync(ServiceBusReceiver receiver, ServiceBusReceivedMessage message, Random random, ConcurrentDictionary<string, int> ended)
    {
        switch (random.Next(8))
        {
            case 0:
                await receiver.AbandonMessageAsync(message);
                break;
            case 1:
                await receiver.AbandonMessageAsync(message, new Dictionary<string, object> { ["tries"] = message.DeliveryCount });
                break;
            case 2:
                await receiver.DeferMessageAsync(message);
                message = await receiver.ReceiveDeferredMessageAsync(message.SequenceNumber);
                ended.AddOrUpdate(message.MessageId, 1, (_, times) => times + 1);
                await receiver.CompleteMessageAsync(message);
                break;
            case 3:
                ended.AddOrUpdate(message.MessageId, 1, (_, times) => times + 1);
                await receiver.DeadLetterMessageAsync(message, "random");
                break;
            default:
                ended.AddOrUpdate(message.MessageId, 1, (_, times) => times + 1);
                await receiver.CompleteMessageAsync(message);
                break;
        }
    }
}
