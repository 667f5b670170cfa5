using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Contract.Tests.ServiceBus;

public sealed class ProcessorTests : IAsyncLifetime
{
    private readonly Bus _bus = Bus.With(new BrokerTopology(
        [
            new BrokerQueue("q") { MaxDeliveryCount = 3 },
            new BrokerQueue("short") { LockDuration = TimeSpan.FromSeconds(4) },
            new BrokerQueue("s") { RequiresSession = true },
        ],
        []));

    private readonly ConcurrentQueue<ProcessErrorEventArgs> _errors = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task Every_message_is_handled_and_completed_and_never_more_at_once_than_allowed()
    {
        const int Count = 40;
        await _bus.SendAsync("q", [.. Enumerable.Range(0, Count).Select(i => new ServiceBusMessage($"{i}"))]);
        var (now, most, seen) = (0, 0, new ConcurrentBag<string>());
        var full = new TaskCompletionSource();
        await using var processor = Processor("q", new ServiceBusProcessorOptions { MaxConcurrentCalls = 4 }, async args =>
        {
            var running = Interlocked.Increment(ref now);
            InterlockedMax(ref most, running);
            if (running == 4)
            {
                full.TrySetResult();
            }

            await full.Task.WaitAsync(Bus.Soon);
            seen.Add(args.Message.Body.ToString());
            Interlocked.Decrement(ref now);
        });
        await processor.StartProcessingAsync();
        await _bus.Broker.WaitForQuietAsync(Limit());

        Assert.Equal(Count, seen.Distinct().Count());
        Assert.Equal(Count, seen.Count);
        Assert.Equal(4, most);
        Assert.Equal(default, _bus.Broker.Counts("q"));
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task A_failing_handler_is_reported_and_its_message_tried_again_until_it_is_dead()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("poison"));
        await using var processor = Processor("q", null, _ => throw new FormatException("broken"));
        await processor.StartProcessingAsync();
        await _bus.Broker.WaitForQuietAsync(Limit());

        Assert.Equal(3, _errors.Count);
        Assert.All(_errors, error =>
        {
            Assert.IsType<FormatException>(error.Exception);
            Assert.Equal(ServiceBusErrorSource.ProcessMessageCallback, error.ErrorSource);
            Assert.Equal("q", error.EntityPath);
        });
        Assert.Equal("MaxDeliveryCountExceeded", (await _bus.DeadLetters("q").ReceiveMessageAsync(Bus.Soon)).DeadLetterReason);
    }

    [Fact]
    public async Task A_handler_may_settle_by_itself()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        await using var processor = Processor("q", null, args => args.DeadLetterMessageAsync(args.Message, "because", "of this"));
        await processor.StartProcessingAsync();
        await _bus.Broker.WaitForQuietAsync(Limit());
        Assert.Empty(_errors);
        Assert.Equal("because", (await _bus.DeadLetters("q").ReceiveMessageAsync(Bus.Soon)).DeadLetterReason);
    }

    [Fact]
    public async Task Stopping_waits_for_the_handler_under_way_and_starts_no_other()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("1"), new ServiceBusMessage("2"));
        var (entered, leave) = (new TaskCompletionSource<CancellationToken>(), new TaskCompletionSource());
        var handled = 0;
        await using var processor = Processor("q", null, async args =>
        {
            entered.TrySetResult(args.CancellationToken);
            await leave.Task.WaitAsync(Bus.Soon);
            Interlocked.Increment(ref handled);
        });
        await processor.StartProcessingAsync();
        var told = await entered.Task.WaitAsync(Bus.Soon);

        var stopping = processor.StopProcessingAsync();
        await Bus.UntilAsync(() => told.IsCancellationRequested);
        Assert.False(stopping.IsCompleted);
        leave.SetResult();
        await stopping.WaitAsync(Bus.Soon);

        Assert.Equal(1, handled);
        Assert.False(processor.IsProcessing);
        Assert.Equal(1, _bus.Broker.Counts("q").Active);
        Assert.Equal("2", (await _bus.ReceiveAsync("q")).Body.ToString());
    }

    [Fact]
    public async Task A_stopped_processor_can_be_started_again()
    {
        var seen = new ConcurrentBag<string>();
        await using var processor = Processor("q", null, args =>
        {
            seen.Add(args.Message.Body.ToString());
            return Task.CompletedTask;
        });
        await processor.StartProcessingAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => processor.StartProcessingAsync());
        await processor.StopProcessingAsync();
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        Assert.Empty(seen);
        await processor.StartProcessingAsync();
        await _bus.Broker.WaitForQuietAsync(Limit());
        Assert.Single(seen);
    }

    [Fact]
    public async Task The_lock_is_renewed_while_a_handler_takes_its_time()
    {
        await _bus.SendAsync("short", new ServiceBusMessage("slow"));
        var counts = new ConcurrentBag<int>();
        await using var processor = Processor("short", new ServiceBusProcessorOptions { MaxConcurrentCalls = 2 }, async args =>
        {
            counts.Add(args.Message.DeliveryCount);
            var end = args.Message.LockedUntil + TimeSpan.FromSeconds(1.5);
            await Bus.UntilAsync(() => DateTimeOffset.UtcNow > end);
        });
        await processor.StartProcessingAsync();
        await _bus.Broker.WaitForQuietAsync(Limit());
        Assert.Equal([1], counts);
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Without_renewal_the_handler_is_told_that_its_lock_is_lost()
    {
        await _bus.SendAsync("short", new ServiceBusMessage("slow"));
        var lost = new TaskCompletionSource<ServiceBusReceivedMessage>();
        var deliveries = 0;
        await using var processor = Processor("short", new ServiceBusProcessorOptions { MaxAutoLockRenewalDuration = TimeSpan.Zero }, async args =>
        {
            if (Interlocked.Increment(ref deliveries) == 1)
            {
                args.MessageLockLostAsync += loss =>
                {
                    lost.TrySetResult(loss.Message);
                    return Task.CompletedTask;
                };
                await lost.Task.WaitAsync(Bus.Soon);
            }
        });
        await processor.StartProcessingAsync();
        await _bus.Broker.WaitForQuietAsync(Limit());
        Assert.Equal(1, (await lost.Task).DeliveryCount);
        Assert.Equal(2, deliveries);
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, ((ServiceBusException)Assert.Single(_errors).Exception).Reason);
    }

    [Fact]
    public async Task More_calls_are_allowed_while_it_runs()
    {
        var (entered, leave) = (0, new TaskCompletionSource());
        await using var processor = Processor("q", null, async _ =>
        {
            Interlocked.Increment(ref entered);
            await leave.Task.WaitAsync(Bus.Soon);
        });
        await processor.StartProcessingAsync();
        await _bus.SendAsync("q", [.. Enumerable.Range(0, 10).Select(i => new ServiceBusMessage($"{i}"))]);
        await Bus.UntilAsync(() => entered == 1);
        processor.UpdateConcurrency(3);
        await Bus.UntilAsync(() => entered == 3);
        processor.UpdateConcurrency(1);
        leave.SetResult();
        await _bus.Broker.WaitForQuietAsync(Limit());
        Assert.Equal(10, entered);
    }

    [Fact]
    public async Task A_processor_of_an_unknown_entity_reports_it()
    {
        await using var processor = Processor("nowhere", null, _ => Task.CompletedTask);
        await processor.StartProcessingAsync();
        await Bus.UntilAsync(() => !_errors.IsEmpty);
        Assert.True(_errors.TryPeek(out var error));
        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, ((ServiceBusException)error.Exception).Reason);
        Assert.Equal(ServiceBusErrorSource.Receive, error.ErrorSource);
    }

    [Fact]
    public async Task Handlers_are_needed_and_only_one_of_each()
    {
        await using var processor = _bus.Client.CreateProcessor("q");
        await Assert.ThrowsAsync<InvalidOperationException>(() => processor.StartProcessingAsync());
        processor.ProcessMessageAsync += Handle;
        await Assert.ThrowsAsync<InvalidOperationException>(() => processor.StartProcessingAsync());
        Assert.Throws<NotSupportedException>(() => processor.ProcessMessageAsync += Handle);
        processor.ProcessMessageAsync -= Handle;
        Assert.Throws<ArgumentException>(() => processor.ProcessMessageAsync -= Handle);

        static Task Handle(ProcessMessageEventArgs args) => Task.CompletedTask;
    }

    [Fact]
    public async Task Sessions_run_side_by_side_and_each_in_order()
    {
        var messages = Enumerable.Range(0, 120).Select(i => new ServiceBusMessage($"{i}") { SessionId = $"{i % 6}" }).ToArray();
        await _bus.SendAsync("s", messages);
        var seen = new ConcurrentDictionary<string, ConcurrentQueue<int>>();
        var inside = new ConcurrentDictionary<string, int>();
        var (now, most, overlap) = (0, 0, false);
        await using var processor = Sessions(new ServiceBusSessionProcessorOptions { MaxConcurrentSessions = 3, SessionIdleTimeout = TimeSpan.FromMilliseconds(100) });
        processor.ProcessMessageAsync += async args =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            overlap |= !inside.TryAdd(args.SessionId, 0);
            await Task.Yield();
            seen.GetOrAdd(args.SessionId, _ => new()).Enqueue(int.Parse(args.Message.Body.ToString(), System.Globalization.CultureInfo.InvariantCulture));
            inside.TryRemove(args.SessionId, out _);
            Interlocked.Decrement(ref now);
        };
        await processor.StartProcessingAsync();
        await _bus.Broker.WaitForQuietAsync(Limit());

        Assert.False(overlap);
        Assert.InRange(most, 1, 3);
        Assert.Equal(6, seen.Count);
        Assert.All(seen.Values, numbers => Assert.Equal(numbers.Order(), numbers));
        Assert.Equal(120, seen.Values.Sum(numbers => numbers.Count));
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task A_session_that_idles_makes_room_and_its_closing_is_announced()
    {
        await _bus.SendAsync("s", [.. Enumerable.Range(0, 4).Select(i => new ServiceBusMessage("x") { SessionId = $"{i}" })]);
        var (opened, closed) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        await using var processor = Sessions(new ServiceBusSessionProcessorOptions { MaxConcurrentSessions = 1, SessionIdleTimeout = TimeSpan.FromMilliseconds(50) });
        processor.SessionInitializingAsync += args =>
        {
            opened.Add(args.SessionId);
            return args.SetSessionStateAsync(new BinaryData("seen"));
        };
        processor.SessionClosingAsync += args =>
        {
            closed.Add(args.SessionId);
            return Task.CompletedTask;
        };
        processor.ProcessMessageAsync += _ => Task.CompletedTask;
        await processor.StartProcessingAsync();
        await Bus.UntilAsync(() => closed.Count == 4);
        await processor.StopProcessingAsync();
        Assert.Equal(["0", "1", "2", "3"], opened.Order());
        Assert.Equal(["0", "1", "2", "3"], closed.Order());
    }

    [Fact]
    public async Task A_released_session_is_let_go_before_it_idles()
    {
        await _bus.SendAsync("s", new ServiceBusMessage("x") { SessionId = "1" }, new ServiceBusMessage("x") { SessionId = "2" });
        var seen = new ConcurrentBag<string>();
        await using var processor = Sessions(new ServiceBusSessionProcessorOptions { MaxConcurrentSessions = 1, SessionIdleTimeout = TimeSpan.FromMinutes(5) });
        processor.ProcessMessageAsync += args =>
        {
            seen.Add(args.SessionId);
            args.ReleaseSession();
            return Task.CompletedTask;
        };
        await processor.StartProcessingAsync();
        await _bus.Broker.WaitForQuietAsync(Limit());
        Assert.Equal(["1", "2"], seen.Order());
    }

    [Fact]
    public async Task A_failing_message_holds_up_its_session_only()
    {
        await _bus.SendAsync(
            "s",
            new ServiceBusMessage("bad") { SessionId = "1" },
            new ServiceBusMessage("after") { SessionId = "1" },
            new ServiceBusMessage("good") { SessionId = "2" });
        var seen = new ConcurrentQueue<string>();
        await using var processor = Sessions(new ServiceBusSessionProcessorOptions());
        processor.ProcessMessageAsync += args =>
        {
            seen.Enqueue($"{args.Message.Body}{args.Message.DeliveryCount}");
            return args.Message.Body.ToString() == "bad" && args.Message.DeliveryCount < 3 ? throw new FormatException() : Task.CompletedTask;
        };
        await processor.StartProcessingAsync();
        await _bus.Broker.WaitForQuietAsync(Limit());
        Assert.Equal(["bad1", "bad2", "bad3", "after1"], seen.Where(text => text != "good1"));
        Assert.Contains("good1", seen);
    }

    [Fact]
    public async Task Quiet_means_that_what_was_delivered_is_settled()
    {
        var (entered, leave) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var processor = Processor("q", null, async _ =>
        {
            entered.TrySetResult();
            await leave.Task.WaitAsync(Bus.Soon);
        });
        await processor.StartProcessingAsync();
        Assert.True(_bus.Broker.IsQuiet(out _));
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        await entered.Task.WaitAsync(Bus.Soon);
        Assert.False(_bus.Broker.IsQuiet(out var why));
        Assert.Contains("q", why, StringComparison.Ordinal);
        var quiet = _bus.Broker.WaitForQuietAsync(Limit());
        Assert.False(quiet.IsCompleted);
        leave.SetResult();
        await quiet;
        Assert.Equal(default, _bus.Broker.Counts("q"));
    }

    [Fact]
    public async Task Quiet_looks_at_what_is_due_and_at_nothing_that_nobody_reads()
    {
        await _bus.SendAsync("s", new ServiceBusMessage("unread") { SessionId = "1" });
        Assert.True(_bus.Broker.IsQuiet(out _));
        var leave = new TaskCompletionSource();
        await using var processor = Processor("q", null, _ => leave.Task.WaitAsync(Bus.Soon));
        await processor.StartProcessingAsync();
        var due = _bus.Clock.GetUtcNow() + TimeSpan.FromHours(1);
        await _bus.Client.CreateSender("q").ScheduleMessageAsync(new ServiceBusMessage("later"), due);
        Assert.True(_bus.Broker.IsQuiet(out _));
        _bus.Clock.AdvanceTo(due);
        Assert.False(_bus.Broker.IsQuiet(out _));
        leave.SetResult();
        await _bus.Broker.WaitForQuietAsync(Limit());
    }

    private static CancellationToken Limit() => new CancellationTokenSource(Bus.Soon).Token;

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }

    private ServiceBusProcessor Processor(string queue, ServiceBusProcessorOptions? options, Func<ProcessMessageEventArgs, Task> handler)
    {
        var processor = _bus.Client.CreateProcessor(queue, options ?? new ServiceBusProcessorOptions());
        processor.ProcessMessageAsync += handler;
        processor.ProcessErrorAsync += Note;
        return processor;
    }

    private ServiceBusSessionProcessor Sessions(ServiceBusSessionProcessorOptions options)
    {
        var processor = _bus.Client.CreateSessionProcessor("s", options);
        processor.ProcessErrorAsync += Note;
        return processor;
    }

    private Task Note(ProcessErrorEventArgs args)
    {
        _errors.Enqueue(args);
        return Task.CompletedTask;
    }
}
