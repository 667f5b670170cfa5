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
/// publish to each queue, outbox and hint removed; the first one of a report writes its short link as well, one that adds
/// a follower his, and a merge reads the main report.
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

        if (command is Merge merge && report is { IsOpen: true }
            && ReportDecider.WhyNotMerge(report, await store.FindAsync(merge.Into, cancellationToken)) is { } reason)
        {
            await RefuseAsync(loaded, command, reason, inboxKey, now, cancellationToken);
            return;
        }

        switch (ReportDecider.Decide(report, command, policy, now))
        {
            case Decision.Accepted accepted:
                await CommitAsync(loaded, report, command, accepted.Events, inboxKey, now, cancellationToken);
                break;
            case Decision.Refused refused:
                await RefuseAsync(loaded, command, refused.Reason, inboxKey, now, cancellationToken);
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

        foreach (var followed in events.Select(recorded => recorded.Body).OfType<Followed>())
        {
            var follower = after.Followers.First(known => known.Person == followed.Follower).Key;
            await links.AddFollowerAsync(access.FollowerCode(after.Number, follower), after.Number, follower, cancellationToken);
        }

        var outgoing = new List<OutgoingMessage>();
        var noted = new NotificationLinks(link, access.StaffLink(after.Number).AbsoluteUri, question => access.AgencyLink(question).AbsoluteUri);
        foreach (var notification in NotificationPlanner.Plan(after, events, policy, noted))
        {
            outgoing.Add(OutgoingMessage.Of(notification));
        }

        outgoing.AddRange(events.Select(recorded => ToMain(before, recorded)).OfType<OutgoingMessage>());
        outgoing.Add(Changed(before, after, events));
        await store.Partition.CommitAsync(
            loaded, ReportStore.Rows(loaded, after, events), inboxKey,
            new InboxOutcome(InboxOutcome.Applied, null, command.Actor.Id, now), outgoing, now, cancellationToken);
    }

    private static OutgoingMessage Changed(Report? before, Report report, IReadOnlyList<RecordedEvent> events) => new(
        Names.Queues.Changes,
        string.Create(CultureInfo.InvariantCulture, $"{report.Number}-v{report.Version}"),
        report.Number,
        new ReportChanged(report.Number, report.Version, events, ReportStore.Summary(report), before is null ? null : ReportStore.Summary(before)));

    // What a merge asks of the main report: to take its people in, or to let them go.
    private static OutgoingMessage? ToMain(Report? before, RecordedEvent recorded)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"main-{recorded.Number}-{recorded.Sequence}");
        return (recorded.Body, before) switch
        {
            (Merged merged, { } joining) => new OutgoingMessage(Names.Queues.Commands, id, merged.Into, new Join
            {
                Number = merged.Into, CommandId = id, At = recorded.At, Actor = recorded.Actor, From = recorded.Number,
                People = 1 + joining.Followers.Count,
                Proven = (joining.Reporter.PhoneProven ? 1 : 0) + joining.Followers.Count(follower => follower.Person.PhoneProven),
            }),
            (Unmerged, { MergedInto: { } main }) => new OutgoingMessage(Names.Queues.Commands, id, main, new Leave
            {
                Number = main, CommandId = id, At = recorded.At, Actor = recorded.Actor, From = recorded.Number,
            }),
            _ => null,
        };
    }

    // The main report was closed or merged itself in between: nobody's report may hang on one that does not know of it.
    private static IReadOnlyList<OutgoingMessage> AfterRefusal(ReportCommand command) => command is Join join
        ? [new OutgoingMessage(Names.Queues.Commands, join.CommandId + "-back", join.From, new Unmerge
        {
            Number = join.From, CommandId = join.CommandId + "-back", At = join.At, Actor = Actor.System, Into = join.Number,
        })]
        : [];

    private Task RefuseAsync(
        LoadedPartition loaded, ReportCommand command, Refusal reason, string inboxKey, DateTimeOffset now, CancellationToken cancellationToken)
    {
        LogRefused(command.GetType().Name, reason);
        var outcome = new InboxOutcome(InboxOutcome.Refused, RefusalCodes.Of(reason), command.Actor.Id, now);
        return store.Partition.CommitAsync(loaded, [], inboxKey, outcome, AfterRefusal(command), now, cancellationToken);
    }

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
