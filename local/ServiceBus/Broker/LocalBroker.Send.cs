using System.Globalization;
using Azure.Messaging.ServiceBus;

namespace Serverless940.Local.ServiceBus;

/// <summary>A message on its way in.</summary>
internal sealed record OutgoingMessage(string? MessageId, string? SessionId, TimeSpan TimeToLive, DateTimeOffset ScheduledEnqueueTime, byte[] Payload);

public sealed partial class LocalBroker
{
    private readonly PriorityQueue<StoredMessage, (long Due, long Id)> _schedule = new();

    /// <summary>
    /// Accepts messages together: all or none. Completes once they are on disk. A message whose id is known within
    /// the window is dropped without a word, after the one it repeats is on disk.
    /// </summary>
    /// <returns>The sequence numbers; a dropped message has one that nobody will see.</returns>
    internal async Task<IReadOnlyList<long>> SendAsync(string entity, IReadOnlyList<OutgoingMessage> messages)
    {
        Task written;
        var numbers = new long[messages.Count];
        lock (_gate)
        {
            ThrowIfEnded();
            if (!_targets.TryGetValue(entity, out var target))
            {
                throw NotFound(entity);
            }

            if (target.Queue is { RequiresSession: true } && messages.Any(message => message.SessionId is null))
            {
                throw new InvalidOperationException($"'{entity}' requires sessions, and a message to it has no SessionId.");
            }

            var now = Now();
            ForgetIds(target, now);
            var rows = new List<(MessageRow Row, byte[]? Payload)>(messages.Count);
            var arrivals = new List<StoredMessage>(messages.Count);
            for (var i = 0; i < messages.Count; i++)
            {
                numbers[i] = NextId();
                Accept(target, messages[i], numbers[i], now, rows, arrivals);
            }

            // Sent even when nothing is left to insert: a duplicate may not be acknowledged before its original.
            _unwrittenSends++;
            written = WriteDurably(
                database =>
                {
                    foreach (var (row, payload) in rows)
                    {
                        database.Insert(row, payload);
                    }
                },
                () =>
                {
                    _unwrittenSends--;
                    foreach (var arrival in arrivals)
                    {
                        Arrive(target, arrival);
                    }
                });
        }

        await written;
        return numbers;
    }

    /// <summary>Takes scheduled messages back. One that is not scheduled (any more) is an error.</summary>
    internal async Task<bool> CancelAsync(string entity, IReadOnlyList<long> numbers)
    {
        Task written;
        lock (_gate)
        {
            ThrowIfEnded();
            KeepUp();
            if (!_targets.TryGetValue(entity, out var target))
            {
                throw NotFound(entity);
            }

            foreach (var number in numbers)
            {
                if (!target.Scheduled.ContainsKey(number))
                {
                    throw new ServiceBusException(
                        string.Create(CultureInfo.InvariantCulture, $"There is no scheduled message with the sequence number {number}."),
                        ServiceBusFailureReason.MessageNotFound,
                        entity);
                }
            }

            var consume = new List<Action<BusDatabase>>();
            foreach (var number in numbers)
            {
                if (target.Scheduled.Remove(number, out var message))
                {
                    message.Standing = Standing.Gone;
                    consume.Add(Consume(message));
                }
            }

            written = WriteDurably(database => consume.ForEach(step => step(database)), null);
        }

        await written;
        return true;
    }

    private void Accept(
        SendTarget target, OutgoingMessage message, long number, long now, List<(MessageRow Row, byte[]? Payload)> rows, List<StoredMessage> arrivals)
    {
        RememberedId? remembered = null;
        if (target.Duplicates is { } history && message.MessageId is not null)
        {
            remembered = history.TryRemember(message.MessageId, now);
            if (remembered is null)
            {
                return;
            }
        }

        var due = message.ScheduledEnqueueTime.UtcTicks;
        if (due > now)
        {
            var timeToLive = Shorter(message.TimeToLive, target.DefaultTimeToLive).Ticks;
            var waiting = new StoredMessage(number, target.Queue ?? target.Waiting)
            {
                Standing = Standing.Scheduled,
                Accepted = now,
                Enqueued = due,
                TimeToLive = timeToLive,
                SessionId = message.SessionId,
                Remembered = remembered,
            };
            arrivals.Add(waiting);
            rows.Add((new MessageRow(number, target.Id, RowState.Scheduled, 0, now, due, timeToLive, message.MessageId, message.SessionId), message.Payload));
            return;
        }

        if (target.Queue is { } queue)
        {
            AcceptInto(queue, target, message, number, now, remembered, message.MessageId, rows, arrivals);
            return;
        }

        if (remembered is not null)
        {
            // The topic keeps the id; its subscriptions keep the copies.
            remembered.DoneRow = number;
            rows.Add((new MessageRow(number, target.Id, RowState.Done, 0, now, now, long.MaxValue, message.MessageId, null), null));
        }

        foreach (var subscription in target.Subscriptions)
        {
            AcceptInto(subscription, target, message, NextId(), now, null, null, rows, arrivals);
        }
    }

    private static void AcceptInto(
        MessageStore store,
        SendTarget target,
        OutgoingMessage message,
        long number,
        long now,
        RememberedId? remembered,
        string? rowMessageId,
        List<(MessageRow Row, byte[]? Payload)> rows,
        List<StoredMessage> arrivals)
    {
        var expires = Later(now, Shorter(Shorter(message.TimeToLive, target.DefaultTimeToLive), store.DefaultTimeToLive).Ticks);
        var arrival = new StoredMessage(number, store)
        {
            Accepted = now,
            Enqueued = now,
            Expires = expires,
            SessionId = message.SessionId,
            Remembered = remembered,
            Payload = message.Payload,
        };
        arrivals.Add(arrival);
        rows.Add((new MessageRow(number, store.EntityId, RowState.Active, 0, now, now, expires, rowMessageId, message.SessionId), message.Payload));
    }

    /// <summary>Under the gate, after the commit: the message is there for receivers.</summary>
    private void Arrive(SendTarget target, StoredMessage message)
    {
        if (message.Standing == Standing.Scheduled)
        {
            AddScheduled(target, message);
            return;
        }

        if (message.Payload is { } payload)
        {
            if (_cachedBytes + payload.Length <= CachedPayloads)
            {
                _cachedBytes += payload.Length;
            }
            else
            {
                message.Payload = null;
            }
        }

        MakeAvailable(message);
    }

    private void AddScheduled(SendTarget target, StoredMessage message)
    {
        message.Standing = Standing.Scheduled;
        target.Scheduled.Add(message.Id, message);
        _schedule.Enqueue(message, (message.Enqueued, message.Id));
        WakeForBusiness(message.Enqueued);
    }

    /// <summary>
    /// A scheduled message is due: it goes to the end of its line under a new sequence number. The instant is the one it
    /// was due, also when the process slept over it, because the service never sleeps.
    /// </summary>
    private void ActivateScheduled(StoredMessage message, long due)
    {
        var target = message.Store.Target!;
        target.Scheduled.Remove(message.Id);
        var oldId = message.Id;
        if (target.Queue is not null)
        {
            var expires = Later(due, Shorter(TimeSpan.FromTicks(message.TimeToLive), message.Store.DefaultTimeToLive).Ticks);
            var id = NextId();
            message.Id = id;
            message.Enqueued = due;
            message.Expires = expires;
            Write(database => database.Activate(oldId, id, due, expires));
            MakeAvailable(message);
            return;
        }

        var copies = new List<(StoredMessage Message, MessageRow Row)>();
        foreach (var subscription in target.Subscriptions)
        {
            var expires = Later(due, Shorter(TimeSpan.FromTicks(message.TimeToLive), subscription.DefaultTimeToLive).Ticks);
            var copy = new StoredMessage(NextId(), subscription) { Accepted = due, Enqueued = due, Expires = expires, SessionId = message.SessionId };
            copies.Add((copy, new MessageRow(copy.Id, subscription.EntityId, RowState.Active, 0, due, due, expires, null, message.SessionId)));
        }

        message.Standing = Standing.Gone;
        var consume = Consume(message);
        Write(database =>
        {
            var payload = database.ReadPayload(oldId);
            foreach (var (_, row) in copies)
            {
                database.Insert(row, payload);
            }

            consume(database);
        });
        foreach (var (copy, _) in copies)
        {
            MakeAvailable(copy);
        }
    }

    /// <summary>
    /// The end of a message's row: deleted, or kept without its payload as long as its id has to be remembered.
    /// Called under the gate; what it returns runs in the writer.
    /// </summary>
    private static Action<BusDatabase> Consume(StoredMessage message)
    {
        var id = message.Id;
        if (message.Remembered is { Forgotten: false } remembered)
        {
            remembered.DoneRow = id;
            return database => database.MarkDone(id);
        }

        return database => database.Delete(id);
    }

    private void ForgetIds(SendTarget target, long now)
    {
        if (target.Duplicates is { } history && history.IsDue(now))
        {
            var rows = history.Forget(now);
            if (rows.Count > 0)
            {
                Write(database => rows.ForEach(database.Delete));
            }
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan? other) => other is { } limit && limit < one ? limit : one;

    private static long Later(long now, long ticks) => ticks >= DateTime.MaxValue.Ticks - now ? long.MaxValue : now + ticks;
}
