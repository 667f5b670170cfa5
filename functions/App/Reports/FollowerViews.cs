using Serverless940.Core.Messages;
using Serverless940.Core.Notifications;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Reports;

namespace Serverless940.Functions.Reports;

/// <summary>Shows reports to those who follow them, and lets them go.</summary>
public sealed class FollowerViews(ReportStore store, ShortLinks links, BusSender bus, Policy policy, TimeProvider time) : IFollowerViews
{
    public async Task<FollowedView?> FindAsync(string code, string language, CancellationToken cancellationToken)
    {
        if (await links.FindFollowerAsync(code, cancellationToken) is not var (number, follower))
        {
            return null;
        }

        var found = await store.LoadHistoryAsync(number, cancellationToken);
        if (found.Report is not { } own || own.Followers.FirstOrDefault(known => known.Key == follower) is null)
        {
            return null;
        }

        if (own.MergedInto is { } main && await store.LoadHistoryAsync(main, cancellationToken) is { Report: not null } joined)
        {
            found = joined;
        }

        var report = found.Report!;
        return new FollowedView(
            policy.Categories.TryGetValue(report.Category, out var category) ? category.Name.In(language) : report.Category,
            report.Municipality is { } place && policy.Municipalities.TryGetValue(place, out var municipality) ? municipality.Name.In(language) : null,
            report.Status, report.ReceivedAt, report.People,
            [.. found.Events.Select(recorded => Entry(recorded, language)).OfType<TimelineEntry>()],
            !report.IsOpen);
    }

    public async Task<bool> UnfollowAsync(string code, CancellationToken cancellationToken)
    {
        if (await links.FindFollowerAsync(code, cancellationToken) is not var (number, follower))
        {
            return false;
        }

        var now = time.GetUtcNow();
        // By the minute: who follows and goes again does so under another id, and a double tap is one.
        var id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"unfollow-{follower}-{now.UtcTicks / TimeSpan.TicksPerMinute}");
        await bus.SendAsync(
            new OutgoingMessage(Names.Queues.Commands, id, number, new Unfollow { Number = number, CommandId = id, At = now, Actor = Actor.Citizen, Key = follower }),
            cancellationToken);
        return true;
    }

    // The step and its moment; the words of staff were for the reporter.
    private TimelineEntry? Entry(RecordedEvent recorded, string language) => recorded.Body switch
    {
        Received or Assigned or Resolved or Escalated or Raised => ReportTimeline.Entry(recorded, policy, language) is { } entry
            ? entry with { Text = recorded.Body is Received ? ReportTimeline.ReceivedByOthers(language) : entry.Text } : null,
        var body when NotificationPlanner.IsForFollowers(body) && body is not Followed => WithoutReason(recorded, language),
        _ => null,
    };

    private TimelineEntry? WithoutReason(RecordedEvent recorded, string language) =>
        ReportTimeline.Entry(recorded with { Body = recorded.Body switch
        {
            Held held => held with { Reason = "-" },
            Rejected rejected => rejected with { Reason = "-" },
            var body => body,
        } }, policy, language);
}
