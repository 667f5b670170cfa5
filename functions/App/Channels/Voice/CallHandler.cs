using System.Text.Json;
using Azure.Data.Tables;
using Serverless940.Core.Messages;
using Serverless940.Core.Voice;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Storage;
using Serverless940.Functions.Platform.Telemetry;

namespace Serverless940.Functions.Channels.Voice;

/// <summary>
/// Keeps what was said in a call and sends on what it orders. A provider's word that the call is over may never come, so
/// the call's first message sets an alarm that says it as well.
/// Storage operations: hint and load, the caller's memory (two), commit, outbox and hint removed; a send to each queue
/// that has something to do; the first of a call sets the alarm.
/// </summary>
public sealed class CallHandler(TableServiceClient tables, BusSender bus, Conversations conversations, CallStore store, TimeProvider time)
{
    /// <summary>Longer than any call.</summary>
    public static TimeSpan Alarm { get; } = TimeSpan.FromHours(4);

    private readonly PartitionStore _store = new(tables, bus, Names.Tables.Conversations);

    public async Task HandleAsync(CallSaid said, string inboxKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(said);
        var now = time.GetUtcNow();
        var key = conversations.Key(Channel.Phone, said.Call);
        var loaded = await _store.OpenAsync(key, inboxKey, now, cancellationToken);
        await _store.PublishLeftoversAsync(loaded, cancellationToken);
        if (loaded.Done is not null)
        {
            ChannelMetrics.Received(Channel.Phone, "duplicate");
            await _store.ClearHintAsync(key, inboxKey, now, cancellationToken);
            return;
        }

        var before = loaded.State is null ? null : JsonSerializer.Deserialize(LongText.Get(loaded.State, "Json")!, VoiceJson.Compact.CallFile);
        var (after, submit, kept) = CallFile.Take(before, said);
        submit ??= said.Submit;
        await RememberAsync(said, submit, cancellationToken);
        if (kept is not null)
        {
            await store.KeepAsync(key, kept, cancellationToken);
        }

        if (before is null && said.End == CallEnd.GoesOn)
        {
            await SetAlarmAsync(key, said, now, cancellationToken);
        }

        await _store.CommitAsync(
            loaded, [Row(loaded, after)], inboxKey, new InboxOutcome(InboxOutcome.Applied, null, null, now), [.. Outgoing(said, submit)], now, cancellationToken);
    }

    // The report before its files: both go by the same queue in the end, in this order.
    private static IEnumerable<OutgoingMessage> Outgoing(CallSaid said, SubmitReport? submit)
    {
        foreach (var command in new ReportCommand?[] { submit, said.FollowUp, said.Rate }.OfType<ReportCommand>())
        {
            yield return new OutgoingMessage(Names.Queues.Commands, command.CommandId, command.Number, command);
        }

        if (said.Recording is { } file)
        {
            yield return new OutgoingMessage(Names.Queues.Media, "fetch-" + file.AttachmentId, null, file);
        }
    }

    private Task RememberAsync(CallSaid said, SubmitReport? submit, CancellationToken cancellationToken) =>
        said.Phone is not { } phone || said.End == CallEnd.Over
            ? Task.CompletedTask
            : store.RememberAsync(
                phone,
                caller => caller with
                {
                    Language = said.Language,
                    ByVoice = said.ByVoice ?? caller.ByVoice,
                    LastPlace = submit?.Place ?? caller.LastPlace,
                    LastNumber = submit?.Number ?? caller.LastNumber,
                },
                cancellationToken);

    private Task SetAlarmAsync(string key, CallSaid said, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var alarm = new OutgoingMessage(Names.Queues.Inbound, key + "-alarm", key, VoiceCalls.Over(said.Call, said.Phone, now + Alarm));
        return bus.ScheduleAsync(alarm.Queue, alarm.ToServiceBusMessage(), now + Alarm, cancellationToken);
    }

    private static TableTransactionAction Row(LoadedPartition loaded, CallFile file)
    {
        var row = new TableEntity(loaded.Key, Keys.State);
        LongText.Set(row, "Json", JsonSerializer.Serialize(file, VoiceJson.Compact.CallFile));
        return loaded.State is null
            ? new TableTransactionAction(TableTransactionActionType.Add, row)
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, loaded.State.ETag);
    }
}
