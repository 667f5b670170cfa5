using System.Runtime.Serialization;
using Azure.Messaging.ServiceBus;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Contract.Tests.ServiceBus;

public sealed class QueueTests : IAsyncLifetime
{
    private readonly Bus _bus = Bus.WithQueue(new BrokerQueue("q") { MaxDeliveryCount = 3 });

    private ServiceBusReceiver Receiver => field ??= _bus.Client.CreateReceiver("q");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Fact]
    public async Task A_message_arrives_with_everything_its_sender_gave_it()
    {
        var sent = new ServiceBusMessage("{\"a\":\"ب\"}")
        {
            MessageId = "m1",
            SessionId = "s1",
            ReplyToSessionId = "s2",
            Subject = "report.accepted",
            ContentType = "application/json",
            CorrelationId = "c1",
            ReplyTo = "answers",
            To = "someone",
            TimeToLive = TimeSpan.FromHours(3),
        };
        sent.ApplicationProperties["text"] = "نص";
        sent.ApplicationProperties["count"] = 7;
        sent.ApplicationProperties["long"] = long.MaxValue;
        sent.ApplicationProperties["flag"] = true;
        sent.ApplicationProperties["ratio"] = 0.25;
        sent.ApplicationProperties["price"] = 12.5m;
        sent.ApplicationProperties["id"] = Guid.Parse("11111111-2222-3333-4444-555555555555");
        sent.ApplicationProperties["at"] = new DateTimeOffset(2026, 3, 1, 10, 0, 0, 123, TimeSpan.Zero);
        sent.ApplicationProperties["day"] = new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);
        sent.ApplicationProperties["span"] = TimeSpan.FromSeconds(90);
        sent.ApplicationProperties["none"] = null;
        await _bus.SendAsync("q", sent);

        var received = await Receiver.ReceiveMessageAsync(Bus.Soon);

        Assert.Equal("{\"a\":\"ب\"}", received.Body.ToString());
        Assert.Equal("m1", received.MessageId);
        Assert.Equal("s1", received.SessionId);
        Assert.Equal("s2", received.ReplyToSessionId);
        Assert.Equal("report.accepted", received.Subject);
        Assert.Equal("application/json", received.ContentType);
        Assert.Equal("c1", received.CorrelationId);
        Assert.Equal("answers", received.ReplyTo);
        Assert.Equal("someone", received.To);
        Assert.Equal(TimeSpan.FromHours(3), received.TimeToLive);
        Assert.Equal(received.EnqueuedTime + TimeSpan.FromHours(3), received.ExpiresAt);
        Assert.Equal(1, received.DeliveryCount);
        Assert.True(received.SequenceNumber > 0);
        Assert.NotEqual(Guid.Empty, Guid.Parse(received.LockToken));
        Assert.Equal(ServiceBusMessageState.Active, received.State);
        Assert.Null(received.DeadLetterReason);
        Assert.Equal(sent.ApplicationProperties.OrderBy(pair => pair.Key), received.ApplicationProperties.OrderBy(pair => pair.Key));
    }

    [Fact]
    public async Task A_message_without_an_id_gets_one()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        Assert.NotEmpty((await Receiver.ReceiveMessageAsync(Bus.Soon)).MessageId);
    }

    [Fact]
    public async Task Messages_come_in_the_order_they_were_sent_in_and_go_when_completed()
    {
        await _bus.SendAsync("q", [.. Enumerable.Range(0, 50).Select(i => new ServiceBusMessage($"{i}"))]);

        var seen = new List<string>();
        while (seen.Count < 50)
        {
            foreach (var message in await Receiver.ReceiveMessagesAsync(7, Bus.Soon))
            {
                seen.Add(message.Body.ToString());
                await Receiver.CompleteMessageAsync(message);
            }
        }

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), seen);
        Assert.Null(await Receiver.ReceiveMessageAsync(Bus.Shortly));
        Assert.Null(await Receiver.PeekMessageAsync());
        Assert.Equal(default, _bus.Broker.Counts("q"));
    }

    [Fact]
    public async Task A_waiting_receiver_is_served_by_a_later_send()
    {
        var waiting = Receiver.ReceiveMessageAsync(Bus.Soon);
        await _bus.SendAsync("q", new ServiceBusMessage("late"));
        Assert.Equal("late", (await waiting).Body.ToString());
    }

    [Fact]
    public async Task A_cancelled_receive_takes_nothing()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = Receiver.ReceiveMessageAsync(Bus.Soon, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => waiting);
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        Assert.Equal(1, (await Receiver.ReceiveMessageAsync(Bus.Soon)).DeliveryCount);
    }

    [Fact]
    public async Task A_locked_message_is_nobody_elses()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        await Receiver.ReceiveMessageAsync(Bus.Soon);
        Assert.Null(await _bus.TryReceiveAsync("q"));
    }

    [Fact]
    public async Task An_abandoned_message_comes_back_first_with_its_changes_and_a_higher_count()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("a"), new ServiceBusMessage("b"));
        var first = await Receiver.ReceiveMessageAsync(Bus.Soon);
        await Receiver.AbandonMessageAsync(first, new Dictionary<string, object> { ["why"] = "later" });

        var again = await Receiver.ReceiveMessageAsync(Bus.Soon);
        Assert.Equal("a", again.Body.ToString());
        Assert.Equal(first.SequenceNumber, again.SequenceNumber);
        Assert.Equal(2, again.DeliveryCount);
        Assert.Equal("later", again.ApplicationProperties["why"]);
        Assert.NotEqual(first.LockToken, again.LockToken);
    }

    [Fact]
    public async Task The_last_failed_delivery_sends_a_message_to_the_dead_letters()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("poison") { MessageId = "p" });
        for (var i = 1; i <= 3; i++)
        {
            var message = await Receiver.ReceiveMessageAsync(Bus.Soon);
            Assert.Equal(i, message.DeliveryCount);
            await Receiver.AbandonMessageAsync(message);
        }

        Assert.Null(await Receiver.ReceiveMessageAsync(Bus.Shortly));
        var dead = await _bus.DeadLetters("q").ReceiveMessageAsync(Bus.Soon);
        Assert.Equal("p", dead.MessageId);
        Assert.Equal("MaxDeliveryCountExceeded", dead.DeadLetterReason);
        Assert.NotEmpty(dead.DeadLetterErrorDescription);
    }

    [Fact]
    public async Task A_dead_letter_is_read_with_its_reason_and_sent_again_without_it()
    {
        var sent = new ServiceBusMessage("a") { MessageId = "m", Subject = "s" };
        sent.ApplicationProperties["kept"] = 1;
        await _bus.SendAsync("q", sent);
        await Receiver.DeadLetterMessageAsync(
            await Receiver.ReceiveMessageAsync(Bus.Soon), new Dictionary<string, object> { ["added"] = 2 }, "unknown name", "no such command");

        Assert.Equal(1, _bus.Broker.Counts("q").DeadLetter);
        var deadLetters = _bus.DeadLetters("q");
        Assert.Equal("q/$DeadLetterQueue", deadLetters.EntityPath);
        var dead = await deadLetters.ReceiveMessageAsync(Bus.Soon);
        Assert.Equal("unknown name", dead.DeadLetterReason);
        Assert.Equal("no such command", dead.DeadLetterErrorDescription);
        Assert.Equal(2, dead.ApplicationProperties["added"]);

        await _bus.SendAsync("q", new ServiceBusMessage(dead) { MessageId = "m~1" });
        await deadLetters.CompleteMessageAsync(dead);

        var again = await Receiver.ReceiveMessageAsync(Bus.Soon);
        Assert.Equal("m~1", again.MessageId);
        Assert.Equal("s", again.Subject);
        Assert.Equal(1, again.ApplicationProperties["kept"]);
        Assert.Null(again.DeadLetterReason);
        Assert.False(again.ApplicationProperties.ContainsKey("DeadLetterErrorDescription"));
        Assert.Equal(1, again.DeliveryCount);
        Assert.Equal(0, _bus.Broker.Counts("q").DeadLetter);
    }

    [Fact]
    public async Task A_dead_letter_is_never_thrown_away_by_its_count()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        await Receiver.DeadLetterMessageAsync(await Receiver.ReceiveMessageAsync(Bus.Soon));
        var deadLetters = _bus.DeadLetters("q");
        for (var i = 0; i < 5; i++)
        {
            await deadLetters.AbandonMessageAsync(await deadLetters.ReceiveMessageAsync(Bus.Soon));
        }

        Assert.NotNull(await deadLetters.ReceiveMessageAsync(Bus.Soon));
    }

    [Fact]
    public async Task A_deferred_message_comes_back_by_its_number_only()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        var message = await Receiver.ReceiveMessageAsync(Bus.Soon);
        await Receiver.DeferMessageAsync(message);

        Assert.Null(await Receiver.ReceiveMessageAsync(Bus.Shortly));
        Assert.Equal(ServiceBusMessageState.Deferred, (await Receiver.PeekMessageAsync()).State);
        var again = await Receiver.ReceiveDeferredMessageAsync(message.SequenceNumber);
        Assert.Equal(2, again.DeliveryCount);
        await Receiver.CompleteMessageAsync(again);
        Assert.Equal(
            ServiceBusFailureReason.MessageNotFound, await Bus.ReasonAsync(() => Receiver.ReceiveDeferredMessageAsync(message.SequenceNumber)));
    }

    [Fact]
    public async Task Deferred_dead_letters_stay_dead_letters()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        await Receiver.DeadLetterMessageAsync(await Receiver.ReceiveMessageAsync(Bus.Soon), "bad");
        var deadLetters = _bus.DeadLetters("q");
        var dead = await deadLetters.ReceiveMessageAsync(Bus.Soon);
        await deadLetters.DeferMessageAsync(dead);
        dead = await deadLetters.ReceiveDeferredMessageAsync(dead.SequenceNumber);
        await deadLetters.AbandonMessageAsync(dead, new Dictionary<string, object> { ["seen"] = true });
        _bus.Broker.Kill();
        _bus.Reopen();
        Assert.Equal(new BrokerCounts(0, 0, 0, 0, 1), _bus.Broker.Counts("q"));
        dead = await _bus.DeadLetters("q").ReceiveDeferredMessageAsync(dead.SequenceNumber);
        Assert.Equal(true, dead.ApplicationProperties["seen"]);
    }

    [Fact]
    public async Task Peeking_shows_everything_in_order_and_locks_nothing()
    {
        var sender = _bus.Client.CreateSender("q");
        await sender.SendMessageAsync(new ServiceBusMessage("locked"));
        await Receiver.ReceiveMessageAsync(Bus.Soon);
        await sender.SendMessageAsync(new ServiceBusMessage("active"));
        await sender.ScheduleMessageAsync(new ServiceBusMessage("scheduled"), _bus.Clock.GetUtcNow() + TimeSpan.FromDays(1));

        var seen = await Receiver.PeekMessagesAsync(2);
        Assert.Equal(["locked", "active"], seen.Select(message => message.Body.ToString()));
        var last = await Receiver.PeekMessageAsync();
        Assert.Equal("scheduled", last.Body.ToString());
        Assert.Equal(ServiceBusMessageState.Scheduled, last.State);
        Assert.Null(await Receiver.PeekMessageAsync());
        Assert.Equal("active", (await Receiver.PeekMessageAsync(seen[1].SequenceNumber)).Body.ToString());
        Assert.Equal("active", (await Receiver.ReceiveMessageAsync(Bus.Soon)).Body.ToString());
    }

    [Fact]
    public async Task Receive_and_delete_leaves_nothing_to_settle()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        var receiver = _bus.Client.CreateReceiver("q", new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete });
        var message = await receiver.ReceiveMessageAsync(Bus.Soon);
        await Assert.ThrowsAsync<InvalidOperationException>(() => receiver.CompleteMessageAsync(message));
        Assert.Null(await receiver.PeekMessageAsync());
    }

    [Fact]
    public async Task Settling_twice_says_that_the_lock_is_lost()
    {
        await _bus.SendAsync("q", new ServiceBusMessage("a"));
        var message = await Receiver.ReceiveMessageAsync(Bus.Soon);
        await Receiver.CompleteMessageAsync(message);
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, await Bus.ReasonAsync(() => Receiver.CompleteMessageAsync(message)));
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, await Bus.ReasonAsync(() => Receiver.RenewMessageLockAsync(message)));
    }

    [Fact]
    public async Task An_unknown_entity_is_not_found_by_sender_and_receiver()
    {
        var exception = await Assert.ThrowsAsync<ServiceBusException>(() => _bus.SendAsync("nowhere", new ServiceBusMessage("a")));
        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, exception.Reason);
        Assert.False(exception.IsTransient);
        Assert.Equal(
            ServiceBusFailureReason.MessagingEntityNotFound, await Bus.ReasonAsync(() => _bus.Client.CreateReceiver("nowhere").ReceiveMessageAsync(Bus.Shortly)));
    }

    [Fact]
    public async Task A_message_over_256_KB_is_refused_and_one_just_below_is_not()
    {
        Assert.Equal(
            ServiceBusFailureReason.MessageSizeExceeded, await Bus.ReasonAsync(() => _bus.SendAsync("q", new ServiceBusMessage(new byte[256 * 1024]))));
        await _bus.SendAsync("q", new ServiceBusMessage(new byte[255 * 1024]));
        Assert.Equal(255 * 1024, (await Receiver.ReceiveMessageAsync(Bus.Soon)).Body.ToMemory().Length);
    }

    [Fact]
    public async Task A_list_that_is_too_large_together_is_refused_as_a_whole()
    {
        Assert.Equal(
            ServiceBusFailureReason.MessageSizeExceeded,
            await Bus.ReasonAsync(() => _bus.SendAsync("q", new ServiceBusMessage(new byte[200_000]), new ServiceBusMessage(new byte[100_000]))));
        Assert.Null(await Receiver.PeekMessageAsync());
    }

    [Fact]
    public async Task A_batch_takes_what_fits()
    {
        var sender = _bus.Client.CreateSender("q");
        using var batch = await sender.CreateMessageBatchAsync();
        Assert.Equal(256 * 1024, batch.MaxSizeInBytes);
        var added = 0;
        while (batch.TryAddMessage(new ServiceBusMessage(new byte[50_000]) { MessageId = $"{added}" }))
        {
            added++;
        }

        Assert.Equal(5, added);
        Assert.Equal(5, batch.Count);
        Assert.InRange(batch.SizeInBytes, 250_000, batch.MaxSizeInBytes);
        await sender.SendMessagesAsync(batch);
        Assert.Equal(5, (await Receiver.PeekMessagesAsync(10)).Count);
        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await sender.CreateMessageBatchAsync(new CreateMessageBatchOptions { MaxSizeInBytes = 10 * 1024 * 1024 }));
    }

    [Fact]
    public async Task A_property_that_cannot_be_carried_is_refused_by_the_sender()
    {
        var message = new ServiceBusMessage("a");
        message.ApplicationProperties["list"] = new List<string>();
        await Assert.ThrowsAsync<SerializationException>(() => _bus.SendAsync("q", message));
    }

    [Fact]
    public void Ids_have_at_most_128_characters()
    {
        var message = new ServiceBusMessage { MessageId = new string('m', 128), SessionId = new string('s', 128) };
        Assert.Throws<ArgumentOutOfRangeException>(() => message.MessageId = new string('m', 129));
        Assert.Throws<ArgumentOutOfRangeException>(() => message.SessionId = new string('s', 129));
        Assert.ThrowsAny<ArgumentException>(() => message.MessageId = string.Empty);
        Assert.Throws<ArgumentOutOfRangeException>(() => message.TimeToLive = TimeSpan.Zero);
    }

    [Fact]
    public void The_session_is_the_partition()
    {
        var message = new ServiceBusMessage { SessionId = "s" };
        Assert.Throws<ArgumentOutOfRangeException>(() => message.PartitionKey = "p");
        message = new ServiceBusMessage { PartitionKey = "p" };
        message.SessionId = "s";
        Assert.Equal("s", message.PartitionKey);
    }

    [Fact]
    public async Task A_closed_client_serves_nobody()
    {
        var client = _bus.NewClient();
        var sender = client.CreateSender("q");
        await client.DisposeAsync();
        Assert.True(client.IsClosed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sender.SendMessageAsync(new ServiceBusMessage("a")));
        Assert.Throws<ObjectDisposedException>(() => client.CreateReceiver("q"));
    }

    [Fact]
    public void A_client_needs_a_namespace_and_a_credential()
    {
        Assert.Throws<ArgumentException>(() => new ServiceBusClient("Endpoint=sb://x.servicebus.windows.net/"));
        Assert.ThrowsAny<ArgumentException>(() => new ServiceBusClient("SharedAccessKeyName=a;SharedAccessKey=b"));
        Assert.Throws<FormatException>(() => new ServiceBusClient("nonsense"));
        Assert.Equal("x.servicebus.windows.net", ServiceBusConnectionStringProperties.Parse("Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=b=").FullyQualifiedNamespace);
    }
}
