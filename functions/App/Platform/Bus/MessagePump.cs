using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless940.Core.Messages;

namespace Serverless940.Functions.Platform.Bus;

/// <summary>Handles one kind of message; throws to say that it could not.</summary>
public delegate Task MessageHandler<in T>(T message, string inboxKey, CancellationToken cancellationToken)
    where T : BusMessage;

/// <summary>
/// What every queue trigger does around its handler, so that a dependency that is down costs no message its life: a
/// little patience within the lock, then a scheduled copy under a fresh broker id while the session waits in line;
/// what can never work goes to the dead letters at once.
/// Bus operations per message when all is well: session state read, complete.
/// </summary>
public sealed partial class MessagePump(BusSender sender, TimeProvider time, ILogger<MessagePump> logger)
{
    private static readonly TimeSpan[] WithinLock = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400)];

    public Task RunAsync<T>(
        string queue,
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        ServiceBusSessionMessageActions? session,
        MessageHandler<T> handler,
        CancellationToken cancellationToken)
        where T : BusMessage
    {
        ArgumentNullException.ThrowIfNull(handler);
        return RunAsync(
            queue, message, actions, session,
            key => BusJson.Read(message) is T body
                ? handler(body, key, cancellationToken)
                : throw new UnreadableMessageException(message.Subject + " does not belong on this queue"),
            cancellationToken);
    }

    /// <summary>The same around a message that is none of the registry's, because somebody else put it there.</summary>
    /// <param name="handle">Handles the message under its inbox key.</param>
    public async Task RunAsync(
        string queue,
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        ServiceBusSessionMessageActions? session,
        Func<string, Task> handle,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(actions);
        ArgumentNullException.ThrowIfNull(handle);
        var key = InboxKey(message);
        var stored = session is null ? WaitingLine.Empty : WaitingLine.Read(await session.GetSessionStateAsync(cancellationToken));
        var line = stored.WithoutLostHead(key, message.EnqueuedTime, time.GetUtcNow());
        if (line.MustWait(key))
        {
            await WaitBehindAsync(queue, message, actions, session!, stored, line.Joined(key), key, cancellationToken);
            return;
        }

        try
        {
            await WithPatienceAsync(() => handle(key), cancellationToken);
        }
        catch (Exception exception) when (exception is UnreadableMessageException or PermanentFailureException)
        {
            LogDeadLetter(queue, message.Subject, exception.Message);
            await LeaveLineAsync(session, stored, line, key, cancellationToken);
            await actions.DeadLetterMessageAsync(
                message, deadLetterReason: exception.GetType().Name.Replace("Exception", string.Empty, StringComparison.Ordinal),
                deadLetterErrorDescription: exception.Message, cancellationToken: cancellationToken);
            return;
        }
        catch (Exception exception) when (Failures.IsTransient(exception) && !cancellationToken.IsCancellationRequested)
        {
            await ComeBackAsync(queue, message, actions, session, line, key, exception, cancellationToken);
            return;
        }

        await LeaveLineAsync(session, stored, line, key, cancellationToken);
        await actions.CompleteMessageAsync(message, cancellationToken);
    }

    private static string InboxKey(ServiceBusReceivedMessage message) =>
        message.ApplicationProperties.TryGetValue(BusJson.InboxProperty, out var key) && key is string text ? text : message.MessageId;

    private static int Attempt(ServiceBusReceivedMessage message) =>
        message.ApplicationProperties.TryGetValue(BusJson.AttemptProperty, out var attempt) && attempt is int number ? number : 0;

    private async Task ComeBackAsync(
        string queue, ServiceBusReceivedMessage message, ServiceBusMessageActions actions, ServiceBusSessionMessageActions? session,
        WaitingLine line, string key, Exception exception, CancellationToken cancellationToken)
    {
        var attempt = Attempt(message) + 1;
        var now = time.GetUtcNow();
        var due = now + Failures.BackOff(attempt - 1);
        if (exception is TransientFailureException { OverAt: { } over } && over < due)
        {
            due = over > now ? over : now;
        }

        if (exception is TransientFailureException { NotBefore: { } turn } && turn > due)
        {
            due = turn;
        }

        LogComesBack(queue, message.Subject, attempt, exception.GetType().Name);
        await sender.ScheduleAsync(queue, Copy(message, key, attempt), due, cancellationToken);
        if (session is not null)
        {
            await session.SetSessionStateAsync(line.AsHead(key, due).Write()!, cancellationToken);
        }

        await actions.CompleteMessageAsync(message, cancellationToken);
    }

    private async Task WaitBehindAsync(
        string queue, ServiceBusReceivedMessage message, ServiceBusMessageActions actions, ServiceBusSessionMessageActions session,
        WaitingLine stored, WaitingLine joined, string key, CancellationToken cancellationToken)
    {
        var attempt = Attempt(message) + 1;
        await sender.ScheduleAsync(queue, Copy(message, key, attempt), joined.DueBehindHead(key, attempt, time.GetUtcNow()), cancellationToken);
        if (!ReferenceEquals(joined, stored))
        {
            await session.SetSessionStateAsync(joined.Write()!, cancellationToken);
        }

        await actions.CompleteMessageAsync(message, cancellationToken);
    }

    private async Task LeaveLineAsync(
        ServiceBusSessionMessageActions? session, WaitingLine stored, WaitingLine line, string key, CancellationToken cancellationToken)
    {
        if (session is not null && stored.Waiting.Count > 0)
        {
            await session.SetSessionStateAsync(line.Without(key, time.GetUtcNow()).Write() ?? BinaryData.FromBytes(ReadOnlyMemory<byte>.Empty), cancellationToken);
        }
    }

    private async Task WithPatienceAsync(Func<Task> handle, CancellationToken cancellationToken)
    {
        foreach (var pause in WithinLock)
        {
            try
            {
                await handle();
                return;
            }
            catch (Exception exception) when (
                Failures.IsTransient(exception) && exception is not TransientFailureException { IsBrief: false } && !cancellationToken.IsCancellationRequested)
            {
                LogTriesAgain(exception.GetType().Name);
                await Task.Delay(pause, cancellationToken);
            }
        }

        await handle();
    }

    private static ServiceBusMessage Copy(ServiceBusReceivedMessage message, string key, int attempt)
    {
        // A fresh id, or the broker's duplicate detection would swallow the copy; the inbox key stays.
        var copy = new ServiceBusMessage(message)
        {
            MessageId = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{key}~{attempt}"),
        };
        copy.ApplicationProperties[BusJson.InboxProperty] = key;
        copy.ApplicationProperties[BusJson.AttemptProperty] = attempt;
        return copy;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Dead letter on {Queue}: {Name}: {Reason}")]
    private partial void LogDeadLetter(string queue, string? name, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Name} on {Queue} comes back, attempt {Attempt}, after {Failure}")]
    private partial void LogComesBack(string queue, string? name, int attempt, string failure);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Trying again within the lock after {Failure}")]
    private partial void LogTriesAgain(string failure);
}
