using System.Globalization;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Serverless940.Core.Messages;
using Serverless940.Core.Notifications;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Reports;

/// <summary>
/// Loads the report, asks the core, commits, publishes. Storage operations of an accepted command: hint, load, commit,
/// publish to each queue, outbox and hint removed; the first one of a report writes its short link as well.
/// </summary>
public sealed partial class ReportCommandHandler(
    ReportStore store, ShortLinks links, ReportAccess access, Policy policy, TimeProvider time, ILogger<ReportCommandHandler> logger)
{
    public async Task HandleAsync(ReportCommand command, string inboxKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        var now = time.GetUtcNow();
        var loaded = await store.Partition.OpenAsync(command.Number, inboxKey, now, cancellationToken);
        await store.Partition.PublishLeftoversAsync(loaded, cancellationToken);
        if (loaded.Done is not null)
        {
            await store.Partition.ClearHintAsync(command.Number, inboxKey, now, cancellationToken);
            return;
        }

        var report = ReportStore.ReadState(loaded);
        if (command is SubmitReport submit && report is null && await EarlierTwinAsync(submit, cancellationToken) is { } twin)
        {
            await MoveAsync(loaded, submit, twin, [], inboxKey, now, cancellationToken);
            return;
        }

        if (command is AddAttachment { Source: { } source } file && report?.SourceHash.StartsWith(source, StringComparison.Ordinal) != true)
        {
            await SendOnAsync(loaded, file, source, inboxKey, now, cancellationToken);
            return;
        }

        switch (ReportDecider.Decide(report, command, policy, now))
        {
            case Decision.Accepted accepted:
                await CommitAsync(loaded, report, command, accepted.Events, inboxKey, now, cancellationToken);
                break;
            case Decision.Refused refused:
                LogRefused(command.GetType().Name, refused.Reason);
                await SettleAsync(loaded, command, new InboxOutcome(InboxOutcome.Refused, RefusalCodes.Of(refused.Reason), command.Actor.Id, now), inboxKey, now, cancellationToken);
                break;
            case Decision.Ignored ignored when command is not Tick:
                await SettleAsync(loaded, command, new InboxOutcome(InboxOutcome.Ignored, ignored.Reason, command.Actor.Id, now), inboxKey, now, cancellationToken);
                break;
            case Decision.NumberTaken:
                await NextNumberAsync(loaded, (SubmitReport)command, inboxKey, now, cancellationToken);
                break;
            default:
                await store.Partition.ClearHintAsync(command.Number, inboxKey, now, cancellationToken);
                break;
        }
    }

    private async Task CommitAsync(
        LoadedPartition loaded, Report? before, ReportCommand command, IReadOnlyList<ReportEvent> bodies, string inboxKey,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var events = new List<RecordedEvent>(bodies.Count);
        var after = before;
        foreach (var body in bodies)
        {
            var recorded = new RecordedEvent(command.Number, (after?.Version ?? 0) + 1, now, command.Actor, policy.Version, body);
            after = ReportHistory.Apply(after, recorded);
            events.Add(recorded);
        }

        var link = access.ShortLink(after!.Number, after.SourceHash).AbsoluteUri;
        if (before is null)
        {
            await links.AddAsync(access.ShortCode(after.Number, after.SourceHash), after.Number, after.SourceHash, cancellationToken);
        }

        var outgoing = new List<OutgoingMessage>();
        foreach (var notification in NotificationPlanner.Plan(after, events, policy, new NotificationLinks(link, access.StaffLink(after.Number).AbsoluteUri)))
        {
            outgoing.Add(Outgoing(notification));
        }

        outgoing.Add(Changed(after, events));
        await store.Partition.CommitAsync(
            loaded, ReportStore.Rows(loaded, after, events), inboxKey,
            new InboxOutcome(InboxOutcome.Applied, null, command.Actor.Id, now), outgoing, now, cancellationToken);
    }

    private static OutgoingMessage Outgoing(SendNotification notification)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{notification.Number}-{notification.Event}-{notification.Key}");
        var queue = notification.Key.StartsWith("staff-", StringComparison.Ordinal) ? Names.Queues.StaffNotifications : Names.Queues.Notifications;
        return new OutgoingMessage(queue, id, $"{notification.Number}|{notification.Key}", notification);
    }

    private static OutgoingMessage Changed(Report report, IReadOnlyList<RecordedEvent> events) => new(
        Names.Queues.Changes,
        string.Create(CultureInfo.InvariantCulture, $"{report.Number}-v{report.Version}"),
        report.Number,
        new ReportChanged(report.Number, report.Version, events, Summary(report)));

    private static ReportSummary Summary(Report report) => new(
        report.Kind, report.Category, report.Status, report.Priority, report.Municipality, report.Department, report.Team, report.Channel,
        report.Place?.Lat, report.Place?.Lon, report.Clock?.Level ?? 0, report.ReceivedAt, report.PromisedBy, report.NextDue);

    private Task SettleAsync(
        LoadedPartition loaded, ReportCommand command, InboxOutcome outcome, string inboxKey, DateTimeOffset now, CancellationToken cancellationToken) =>
        // A command on a report that does not exist leaves nothing behind in a stranger's partition but its own marker.
        store.Partition.CommitAsync(loaded, [], inboxKey, outcome, [], now, cancellationToken);

    private Task NextNumberAsync(LoadedPartition loaded, SubmitReport submit, string inboxKey, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var next = submit with { Number = ReportNumber.Derive(submit.SourceHash, Year(submit), submit.Attempt + 1), Attempt = submit.Attempt + 1 };
        LogNumberTaken(next.Attempt);
        var message = new OutgoingMessage(
            Names.Queues.Commands, string.Create(CultureInfo.InvariantCulture, $"{submit.CommandId}+{next.Attempt}"), next.Number, next);
        return MoveAsync(loaded, submit, next.Number, [message], inboxKey, now, cancellationToken);
    }

    // The number is another source's: the file follows its report to where that lives, and never lands with a stranger.
    private Task SendOnAsync(
        LoadedPartition loaded, AddAttachment file, string source, string inboxKey, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var alias = loaded.Aliases.FirstOrDefault(row => row.RowKey == Keys.Alias(source))?.GetString("Number");
        if (alias is null)
        {
            return SettleAsync(
                loaded, file, new InboxOutcome(InboxOutcome.Refused, RefusalCodes.Of(Refusal.UnknownReport), file.Actor.Id, now), inboxKey, now, cancellationToken);
        }

        var message = new OutgoingMessage(Names.Queues.Commands, file.CommandId + "+", alias, file with { Number = alias });
        return store.Partition.CommitAsync(
            loaded, [], inboxKey, new InboxOutcome(InboxOutcome.Ignored, "moved", file.Actor.Id, now), [message], now, cancellationToken);
    }

    private Task MoveAsync(
        LoadedPartition loaded, SubmitReport submit, string number, IReadOnlyList<OutgoingMessage> outgoing, string inboxKey,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var alias = new TableEntity(loaded.Key, Keys.Alias(submit.SourceHash)) { ["Number"] = number };
        return store.Partition.CommitAsync(
            loaded, [new TableTransactionAction(TableTransactionActionType.UpsertReplace, alias)], inboxKey,
            new InboxOutcome(InboxOutcome.Ignored, "moved", submit.Actor.Id, now), outgoing, now, cancellationToken);
    }

    // A repeat over the turn of the year derives another number; for as long as an idempotency key is kept, look back.
    private async Task<string?> EarlierTwinAsync(SubmitReport submit, CancellationToken cancellationToken)
    {
        var local = policy.Calendars[policy.City.Calendar].ToLocal(submit.At);
        if (local.DayOfYear > 7 || submit.Attempt > 0)
        {
            return null;
        }

        var number = ReportNumber.Derive(submit.SourceHash, local.Year - 1);
        var twin = await store.FindAsync(number, cancellationToken);
        return twin?.SourceHash == submit.SourceHash ? number : null;
    }

    private int Year(SubmitReport submit) => policy.Calendars[policy.City.Calendar].ToLocal(submit.At).Year;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Command} refused: {Reason}")]
    private partial void LogRefused(string command, Refusal reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A number was taken by another source; trying number {Attempt} of the series")]
    private partial void LogNumberTaken(int attempt);
}
