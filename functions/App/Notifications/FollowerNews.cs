using Serverless940.Core.Messages;
using Serverless940.Core.Notifications;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Projections;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Notifications;

/// <summary>
/// Tells those who follow a report what happened to it: its own followers, and the people of the reports that were merged
/// into it. It hangs on the changes and not on the command, so that a thousand followers never delay the reporter's text.
/// Heard twice it makes the same messages, which their ids and rows keep to one.
/// Operations: none without followers or news; else one read, one for each merged report, one send for each 256 KB.
/// </summary>
public sealed class FollowerNews(IReportFinder reports, ReportAccess access, BusSender bus, Policy policy) : IChangeListener
{
    public async Task HearAsync(ReportChanged changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        if (changed.Summary.Followers == 0 || !changed.Events.Any(recorded => NotificationPlanner.IsForFollowers(recorded.Body))
            || await reports.FindAsync(changed.Number, cancellationToken) is not { } report)
        {
            return;
        }

        var hearers = Followers(report, follower => follower.Since).ToList();
        foreach (var joined in report.JoinedReports)
        {
            if (await reports.FindAsync(joined.Number, cancellationToken) is { } merged && merged.MergedInto == report.Number)
            {
                hearers.AddRange(People(merged, joined.Since));
            }
        }

        var messages = NotificationPlanner.PlanForFollowers(report, changed.Events, hearers, policy).Select(OutgoingMessage.Of).ToList();
        if (messages.Count > 0)
        {
            await bus.SendAsync(messages, cancellationToken);
        }
    }

    private IEnumerable<Hearer> Followers(Report report, Func<Follower, int> since) => report.Followers.Select(follower =>
        new Hearer(follower.Key, follower.Person, since(follower), access.FollowerLink(report.Number, follower.Key).AbsoluteUri));

    // Their places in the history are those of their own report; to the main one all came when it was joined.
    private IEnumerable<Hearer> People(Report merged, int since) => Followers(merged, _ => since).Prepend(new Hearer(
        "of-" + merged.Number, merged.Reporter, since, access.ShortLink(merged.Number, merged.SourceHash).AbsoluteUri, merged.Channel));
}
