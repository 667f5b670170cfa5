using System.Globalization;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Core.Text;

namespace Serverless940.Core.Notifications;

/// <summary>Addresses of pages, as the texts carry them.</summary>
/// <param name="Citizen">The report's short link.</param>
/// <param name="Staff">The report on the staff's board.</param>
/// <param name="Agency">Makes the link by which an agency answers.</param>
public sealed record NotificationLinks(string Citizen, string Staff, Func<AgencyQuestion, string>? Agency = null);

/// <summary>Someone who hears of another's report: he follows it, or his own was merged into it.</summary>
/// <param name="Key">Names him within the report; holds no phone.</param>
/// <param name="Since">Sequence of the event that made him one; older news is not his.</param>
/// <param name="Link">Opens what he may see, which is not the report itself.</param>
/// <param name="Chat">The channel by which he came; it is used where there is no phone to text to.</param>
public sealed record Hearer(string Key, Reporter Person, int Since, string Link, Channel? Chat = null);

/// <summary>Who hears of what happened (من يُبلَّغ): citizen and followers at every step, staff by role. Pure.</summary>
public static class NotificationPlanner
{
    /// <summary>Recipient key of what an agency gets.</summary>
    public const string AgencyKey = "agency-email";

    private const int LongestReason = 60;
    private const int LongestText = 2000;

    /// <summary>The notifications of one commit, in the order of its events.</summary>
    /// <param name="report">The report after the events.</param>
    public static IReadOnlyList<SendNotification> Plan(
        Report report, IReadOnlyList<RecordedEvent> events, Policy policy, NotificationLinks links)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(links);
        var planned = new List<SendNotification>();
        foreach (var recorded in events)
        {
            if (CitizenTemplate(recorded.Body, events) is { } template)
            {
                planned.AddRange(ToReporter(report, recorded, template, Values(report, recorded.Body, policy, links)));
            }

            planned.AddRange(ToStaff(report, recorded, policy, links));
            if (ToAgency(report, recorded, policy, links) is { } asked)
            {
                planned.Add(asked);
            }
        }

        return planned;
    }

    /// <summary>Whether an event is news for those who follow the report.</summary>
    public static bool IsForFollowers(ReportEvent body) => body is Followed || FollowerTemplate(body) is not null;

    /// <summary>
    /// The notifications of one commit for those who follow: the same steps as the reporter's, once each, and a greeting
    /// to who just began. They never hold the number or the link of the report, which are a stranger's; nor words that
    /// were meant for its reporter.
    /// </summary>
    /// <param name="report">The main report after the events.</param>
    public static IReadOnlyList<SendNotification> PlanForFollowers(
        Report report, IReadOnlyList<RecordedEvent> events, IEnumerable<Hearer> hearers, Policy policy)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(policy);
        // Someone may follow two reports that were joined, or have reported the main one himself.
        var once = hearers.Where(hearer => hearer.Person.Phone is null || hearer.Person.Phone != report.Reporter.Phone)
            .DistinctBy(hearer => hearer.Person.Phone ?? hearer.Key, StringComparer.Ordinal)
            .ToList();
        return [.. events.SelectMany(recorded => once
            .Where(hearer => recorded.Body is Followed ? hearer.Since == recorded.Sequence : hearer.Since < recorded.Sequence)
            .Select(hearer => ToFollower(report, recorded, hearer, policy))
            .OfType<SendNotification>())];
    }

    private static SendNotification? ToFollower(Report report, RecordedEvent recorded, Hearer hearer, Policy policy)
    {
        var template = recorded.Body is Followed ? "follower.followed" : FollowerTemplate(recorded.Body);
        if (template is null || ReachOf(hearer) is not var (medium, to))
        {
            return null;
        }

        var values = WhatAndWhere(report, policy, hearer.Person.Language);
        values["link"] = hearer.Link;
        return new SendNotification(
            report.Number, recorded.Sequence, "follower-" + hearer.Key, medium, to, medium != Medium.Sms || hearer.Person.PhoneProven,
            template, hearer.Person.Language, values, report.Priority == Priority.Emergency, recorded.At);
    }

    // Never where everybody reads along, nor where the one answer that is allowed was given already.
    private static (Medium Medium, string To)? ReachOf(Hearer hearer) =>
        hearer.Person.Phone is { } phone && PhoneNumber.CanReceiveSms(phone) ? (Medium.Sms, phone)
        : hearer is { Chat: { } channel, Person.Address: { } address } && ChatOf(channel) is var (medium, _)
            && !ChannelAddress.IsPublic(address) && !ChannelAddress.TakesOne(address) ? (medium, address)
        : null;

    private static string? FollowerTemplate(ReportEvent body) => body switch
    {
        Started => "follower.started",
        Resumed { FromHold: true } => "follower.resumed",
        Held => "follower.held",
        Referred => "follower.referred",
        Escalated { TellCitizen: true } => "follower.escalated",
        Closed => "follower.closed",
        Rejected => "follower.rejected",
        Reopened => "follower.reopened",
        _ => null,
    };

    // Told once a commit: being received covers the assignment beside it, an answer covers the closing beside it.
    private static string? CitizenTemplate(ReportEvent body, IReadOnlyList<RecordedEvent> events) => body switch
    {
        Received => "received",
        Started => "started",
        Resumed { FromHold: true } => "resumed",
        Held => "held",
        Referred => "referred",
        Escalated { TellCitizen: true } => "escalated",
        AgencyAnswered { Outcome: AgencyOutcome.Done } when !events.Any(other => other.Body is Answered) => "agencyDone",
        AgencyAnswered { Outcome: AgencyOutcome.WillDo } => "agencyWillDo",
        Answered => "answered",
        Closed when !events.Any(other => other.Body is Answered or AgencyAnswered) => "closed",
        Rejected => "rejected",
        Merged => "merged",
        Reopened or Unmerged => "reopened",
        FollowedUp => "followedUp",
        Commented { IsPublic: true } => "comment",
        _ => null,
    };

    private static IEnumerable<SendNotification> ToReporter(
        Report report, RecordedEvent recorded, string template, Func<string, IReadOnlyDictionary<string, string>> values)
    {
        var reporter = report.Reporter;
        var language = reporter.Language;
        var urgent = report.Priority == Priority.Emergency || recorded.Body is Received or FollowedUp;
        var sms = reporter.Phone is not null && !reporter.ByVoice && PhoneNumber.CanReceiveSms(reporter.Phone);
        var chat = ChatOf(report.Channel) is not null && reporter.Address is not null;
        var call = reporter.Phone is not null && !sms && (reporter.ByVoice || !chat);
        if (sms)
        {
            yield return new SendNotification(
                report.Number, recorded.Sequence, "citizen-sms", Medium.Sms, reporter.Phone!, reporter.PhoneProven, template, language,
                values(language), urgent, recorded.At);
        }

        // Whoever reported by telephone has heard the number there. A bell at night is for danger only.
        if (call && !(recorded.Body is Received && report.Channel == Channel.Phone))
        {
            yield return new SendNotification(
                report.Number, recorded.Sequence, "citizen-voice", Medium.Voice, reporter.Phone!, reporter.PhoneProven, template, language,
                values(language), report.Priority == Priority.Emergency, recorded.At);
        }

        // In the chat the number is given where it was asked for; later steps go by SMS, unless chat is all there is.
        if (ChatOf(report.Channel) is var (medium, key) && reporter.Address is { } address && (recorded.Body is Received || !sms)
            && ChatTemplate(template, recorded.Body, address) is { } said)
        {
            yield return new SendNotification(
                report.Number, recorded.Sequence, key, medium, address, medium != Medium.Email, said, language, values(language), urgent, recorded.At);
        }
    }

    private static (Medium Medium, string Key)? ChatOf(Channel channel) => channel switch
    {
        Channel.WhatsApp => (Medium.WhatsApp, "citizen-whatsapp"),
        Channel.Messenger => (Medium.Messenger, "citizen-messenger"),
        Channel.X => (Medium.X, "citizen-x"),
        Channel.Email => (Medium.Email, "citizen-email"),
        _ => null,
    };

    // Where everybody reads along, the number is said and never the link; where one answer is allowed, it was that one.
    private static string? ChatTemplate(string template, ReportEvent body, string address) =>
        body is Received ? (ChannelAddress.IsPublic(address) ? "received.public" : "received.chat")
        : ChannelAddress.IsPublic(address) || ChannelAddress.TakesOne(address) ? null
        : template;

    private static IEnumerable<SendNotification> ToStaff(Report report, RecordedEvent recorded, Policy policy, NotificationLinks links)
    {
        var (template, roles) = StaffNews(report, recorded.Body);
        foreach (var role in roles)
        {
            // News that nobody holds the role for is the dispatcher's: never silent.
            if ((ContactOf(report, role, policy) ?? ContactOf(report, PolicyRoles.Dispatcher, policy)) is not { } contact
                || Reach(contact) is not var (medium, address))
            {
                continue;
            }

            var values = new Dictionary<string, string>(Values(report, recorded.Body, policy, links)(contact.Language)) { ["link"] = links.Staff };
            yield return new SendNotification(
                report.Number, recorded.Sequence, "staff-" + role, medium, address, true, template, contact.Language, values,
                report.Priority == Priority.Emergency, recorded.At);
        }
    }

    private static (string Template, IReadOnlyList<string> Roles) StaffNews(Report report, ReportEvent body) => body switch
    {
        Assigned { Department: null } or Assigned { Rule: "Unrouted" } => ("staff.unrouted", [PolicyRoles.Dispatcher]),
        Assigned when report.Priority == Priority.Emergency => ("staff.emergency", [PolicyRoles.TeamLead, PolicyRoles.DepartmentHead]),
        Assigned or Unmerged => ("staff.assigned", [PolicyRoles.TeamLead]),
        Escalated escalated => ("staff.escalated", [escalated.Role]),
        Reopened => ("staff.reopened", [PolicyRoles.TeamLead]),
        // The head has it checked by someone other than the fixer.
        Resolved when report.Status == ReportStatus.Resolved => ("staff.resolved", [PolicyRoles.DepartmentHead]),
        SentBack => ("staff.sentBack", [PolicyRoles.TeamLead]),
        Raised => ("staff.raised", [PolicyRoles.TeamLead]),
        FollowedUp => ("staff.followedUp", [PolicyRoles.Satisfaction]),
        _ => ("", []),
    };

    // What it needs to do its work and to answer; nothing of who reported it. Without a mailbox it is called by phone.
    private static SendNotification? ToAgency(Report report, RecordedEvent recorded, Policy policy, NotificationLinks links)
    {
        var template = recorded.Body switch
        {
            Referred => "agency.referred",
            AgencyReminded => "agency.reminder",
            Resumed { FromHold: false } => "agency.overdue",
            AgencyAnswered { Outcome: AgencyOutcome.WillDo } => "agency.promised",
            _ => null,
        };
        if (template is null || links.Agency is null || report is not { Status: ReportStatus.Referred, Agency: { } id, Referral: { } asked }
            || !policy.Agencies.TryGetValue(id, out var agency) || agency.Email is not { } email)
        {
            return null;
        }

        var language = policy.City.DefaultLanguage;
        var until = report.Clock?.ResumeAt;
        var values = WhatAndWhere(report, policy, language);
        values["number"] = report.Number;
        values["agency"] = agency.Name.In(language);
        values["place"] = report.Place?.InWords ?? "-";
        values["map"] = report.Place?.MapLink ?? "-";
        values["text"] = Shorten(report.Text ?? "-", LongestText);
        values["photos"] = report.Photos.ToString(CultureInfo.InvariantCulture);
        values["note"] = Shorten(asked.Note ?? "-", LongestText);
        values["until"] = until is { } end ? When(end, policy) : "-";
        values["link"] = links.Agency(new AgencyQuestion(report.Number, id, asked.Sequence, (until ?? recorded.At) + AgencyToken.Grace));
        return new SendNotification(
            report.Number, recorded.Sequence, AgencyKey, Medium.Email, email, true, template, language, values,
            report.Priority == Priority.Emergency, recorded.At);
    }

    private static string When(DateTimeOffset at, Policy policy) =>
        policy.Calendars[policy.City.Calendar].ToLocal(at).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    // A mobile rings in the pocket; a desk has a mailbox.
    private static (Medium Medium, string Address)? Reach(Contact contact) =>
        contact.Phone is { } phone && PhoneNumber.CanReceiveSms(phone) ? (Medium.Sms, phone)
        : contact.Email is { } email ? (Medium.Email, email)
        : null;

    /// <summary>Who holds a role for a report and can be reached: in its team, else its department, municipality, city.</summary>
    public static Contact? ContactOf(Report report, string role, Policy policy)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(policy);
        return policy.ContactsFor(role, report.Municipality, report.Department, report.Team).FirstOrDefault(contact => Reach(contact) is not null);
    }

    private static Func<string, IReadOnlyDictionary<string, string>> Values(
        Report report, ReportEvent body, Policy policy, NotificationLinks links) => language =>
    {
        var values = WhatAndWhere(report, policy, language);
        values["number"] = report.Number;
        values["link"] = links.Citizen;
        switch (body)
        {
            case Held held:
                values["reason"] = Shorten(held.Reason);
                break;
            case Rejected rejected:
                values["reason"] = Shorten(rejected.Reason);
                break;
            case Referred referred when policy.Agencies.TryGetValue(referred.Agency, out var agency):
                values["agency"] = agency.Name.In(language);
                values["agencyPhone"] = agency.Phone ?? "-";
                break;
            case AgencyAnswered answered:
                values["agency"] = policy.Agencies.TryGetValue(answered.Agency, out var answering) ? answering.Name.In(language) : answered.Agency;
                values["until"] = answered.By is { } by ? When(by, policy) : "-";
                break;
            case FollowedUp followUp:
                values["case"] = followUp.CaseNumber;
                break;
            case Escalated escalated:
                values["level"] = escalated.Level.ToString(CultureInfo.InvariantCulture);
                break;
        }

        return values;
    };

    private static Dictionary<string, string> WhatAndWhere(Report report, Policy policy, string language) => new()
    {
        ["category"] = policy.Categories.TryGetValue(report.Category, out var category) ? category.Name.In(language) : report.Category,
        ["municipality"] = report.Municipality is { } id && policy.Municipalities.TryGetValue(id, out var place) ? place.Name.In(language) : "-",
    };

    private static string Shorten(string text, int longest = LongestReason)
    {
        var line = (PlainText.Clean(text) ?? "-").ReplaceLineEndings(" ");
        return line.Length <= longest ? line : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[longest - 2]) ? longest - 2 : longest - 1), "…");
    }
}
