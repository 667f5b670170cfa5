using Serverless940.Core.Messages;
using Serverless940.Core.Notifications;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Core.Tests.Policies;
using Serverless940.Core.Tests.Reports;
using static Serverless940.Core.Tests.Reports.Orders;

namespace Serverless940.Core.Tests.Notifications;

public sealed class PlannerTests
{
    private static readonly NotificationLinks s_links = new(
        "https://940.example/s/AAAAAAAAAAA", "https://940.example/staff/x", question => $"https://940.example/{question.Agency}/{question.Referral}");

    /// <summary>What happens to a report, and every text that goes out for it: recipient key and template.</summary>
    public static TheoryData<string, string[]> News { get; } = new()
    {
        { "submit", ["citizen-sms:received", "staff-teamLead:staff.assigned"] },
        { "submit without a place", ["citizen-sms:received", "staff-dispatcher:staff.unrouted"] },
        { "submit an emergency", ["citizen-sms:received", "staff-teamLead:staff.emergency", "staff-departmentHead:staff.emergency"] },
        { "submit another body's", ["citizen-sms:received", "citizen-sms:referred", "agency-email:agency.referred"] },
        { "start", ["citizen-sms:started"] },
        { "hold", ["citizen-sms:held"] },
        { "hold and its end", ["citizen-sms:resumed"] },
        { "refer", ["citizen-sms:referred", "agency-email:agency.referred"] },
        { "refer and half of the time", ["agency-email:agency.reminder"] },
        { "refer and no answer", ["agency-email:agency.overdue"] },
        { "agency: done", ["citizen-sms:agencyDone", "staff-departmentHead:staff.resolved"] },
        { "agency: will do", ["citizen-sms:agencyWillDo", "agency-email:agency.promised"] },
        { "agency: not ours", ["staff-teamLead:staff.assigned"] },
        { "first step", ["staff-teamLead:staff.escalated"] },
        { "third step", ["citizen-sms:escalated", "staff-municipalityHead:staff.escalated"] },
        { "fifth step", ["staff-amin:staff.escalated"] },
        { "answer", ["citizen-sms:answered"] },
        { "resolve", ["staff-departmentHead:staff.resolved"] },
        { "verify", ["citizen-sms:closed"] },
        { "send back", ["staff-teamLead:staff.sentBack"] },
        { "reject", ["citizen-sms:rejected"] },
        { "merge", ["citizen-sms:merged"] },
        { "unmerge", ["citizen-sms:reopened", "staff-teamLead:staff.assigned"] },
        { "reopen", ["citizen-sms:reopened", "staff-teamLead:staff.reopened"] },
        { "poor rating", ["citizen-sms:reopened", "staff-teamLead:staff.reopened"] },
        { "good rating", [] },
        { "follow up", ["citizen-sms:followedUp", "staff-satisfaction:staff.followedUp"] },
        { "comment in public", ["citizen-sms:comment"] },
        { "comment inside", [] },
        { "attachment", [] },
        { "flag", [] },
    };

    [Theory]
    [MemberData(nameof(News))]
    public void Each_hears_what_is_theirs_and_no_more(string what, string[] expected)
    {
        var life = Before(what);
        var known = life.Events.Count;
        Happens(what, life);

        var planned = Plan(life, known);

        Assert.Equal(expected, planned.Select(text => $"{text.Key}:{text.Template}"));
        Assert.Equal(planned.Count, planned.DistinctBy(text => (text.Event, text.Key)).Count());
        Assert.All(planned, text =>
        {
            // The text exists, and every value that it asks for is there.
            var written = MessageCatalogue.Default.Find(text.Template, text.Language).Text;
            foreach (var (open, close) in written.Select((letter, at) => (letter, at)).Where(pair => pair.letter == '{').Select(pair => (pair.at, written.IndexOf('}', pair.at))))
            {
                Assert.True(text.Values.TryGetValue(written[(open + 1)..close], out var value) && value.Length > 0, $"{text.Template} lacks {written[open..close]}");
            }

            Assert.Contains(life.Events.Skip(known), recorded => recorded.Sequence == text.Event && recorded.At == text.At);
        });
    }

    [Fact]
    public void The_citizens_link_stays_with_the_citizen_and_staff_get_theirs()
    {
        var planned = Plan(Life.Of(Submit()), 0);

        Assert.All(planned, text => Assert.Equal(text.Key.StartsWith("staff", StringComparison.Ordinal) ? s_links.Staff : s_links.Citizen, text.Values["link"]));
    }

    [Fact]
    public void In_a_chat_the_number_is_given_there_and_by_sms_and_later_news_by_sms()
    {
        var life = Life.Of(Chat("+966500000001"));

        Assert.Equal(
            ["citizen-sms:received", "citizen-whatsapp:received.chat"],
            Plan(life, 0).Where(text => text.Key.StartsWith("citizen", StringComparison.Ordinal)).Select(text => $"{text.Key}:{text.Template}"));
        life.Accepts(Start());
        Assert.Equal("citizen-sms", Assert.Single(Plan(life, 2)).Key);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("+966138000001")]
    public void Who_has_only_the_chat_hears_everything_there(string? phone)
    {
        var life = Life.Of(Chat(phone));
        life.Accepts(Start());
        life.Accepts(Reject());

        Assert.Equal(
            ["received.chat", "started", "rejected"],
            Plan(life, 0).Where(text => text is { Medium: Medium.WhatsApp, Key: "citizen-whatsapp", To: "wa-1" }).Select(text => text.Template));
        Assert.DoesNotContain(Plan(life, 0), text => text.Key == "citizen-sms");
    }

    [Theory]
    [InlineData(Channel.Messenger, "psid-1", "citizen-messenger", "received.chat started")]
    [InlineData(Channel.X, "77", "citizen-x", "received.chat started")]
    [InlineData(Channel.Email, "a@b.example\nSubject\n<1@x>", "citizen-email", "received.chat started")]
    [InlineData(Channel.X, "public:123", "citizen-x", "received.public")]
    [InlineData(Channel.Messenger, "once:comment_id:1", "citizen-messenger", "received.chat")]
    public void Every_chat_is_told_in_its_own_place_and_no_link_where_all_can_read(Channel channel, string address, string key, string templates)
    {
        var life = Life.Of(Chat(null) with { Channel = channel, Reporter = new Reporter(null, false, null, "ar", address) });
        life.Accepts(Start());

        var told = Plan(life, 0).Where(text => text.Key == key).ToList();

        Assert.Equal(templates.Split(' '), told.Select(text => text.Template));
        Assert.All(told, text => Assert.Equal((address, channel != Channel.Email), (text.To, text.Proven)));
        Assert.DoesNotContain("{link}", Core.Notifications.MessageCatalogue.Default.Find("received.public", "ar").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_contact_is_looked_for_in_team_department_municipality_and_city()
    {
        var policy = ExamplePolicy.Policy;
        var report = Life.Of(Submit()).Report;

        Assert.Same(policy.Teams[report.Team!].Contacts[0], NotificationPlanner.ContactOf(report, "teamLead", policy));
        Assert.Contains(NotificationPlanner.ContactOf(report with { Team = null }, "teamLead", policy), policy.Departments["maintenance"].Contacts);
        Assert.Contains(NotificationPlanner.ContactOf(report, "municipalityHead", policy), policy.Municipalities["central-dammam"].Contacts);
        Assert.Contains(NotificationPlanner.ContactOf(report, "amin", policy), policy.City.Contacts);
        Assert.Null(NotificationPlanner.ContactOf(report, "jester", policy));
    }

    [Fact]
    public void A_desk_without_a_mobile_is_written_to_by_mail()
    {
        var amin = Enumerable.Range(0, 4).Aggregate(Life.Of(Submit()), (life, _) =>
        {
            life.NextTick();
            return life;
        });

        var text = Plan(amin, amin.Events.Count - 1).Single(text => text.Key == "staff-amin");

        Assert.Equal((Medium.Email, "amin@eastern.example"), (text.Medium, text.To));
    }

    [Fact]
    public void What_nobody_holds_the_role_for_goes_to_the_dispatcher()
    {
        var life = Life.Of(Submit());
        life.Policy = life.Policy with { City = life.Policy.City with { Contacts = [.. life.Policy.City.Contacts.Where(contact => contact.Role != "satisfaction")] } };
        life.Accepts(FollowUp("case-1"));

        Assert.Equal("dispatch-940@eastern.example", Plan(life, 2).Single(text => text.Key == "staff-satisfaction").To);
    }

    [Theory]
    [InlineData("+966130000009", Channel.Web, false, "started", true)]
    [InlineData("+966130000009", Channel.Phone, false, "received", false)]
    [InlineData("+966130000009", Channel.Web, false, "received", true)]
    [InlineData("+966500000001", Channel.Phone, true, "started", true)]
    [InlineData("+966500000001", Channel.Phone, true, "received", false)]
    public void A_landline_and_who_prefers_it_are_called_with_the_news(string phone, Channel channel, bool byVoice, string template, bool called)
    {
        var life = Life.Of(Submit() with { Channel = channel, Reporter = new Reporter(phone, true, null, "ar", ByVoice: byVoice) });
        if (template == "started")
        {
            life.Accepts(Start());
        }

        var planned = Plan(life, template == "started" ? 2 : 0).Where(text => text.Key.StartsWith("citizen", StringComparison.Ordinal)).ToList();

        Assert.Equal(called ? [(Medium.Voice, "citizen-voice", template)] : [], planned.Select(text => (text.Medium, text.Key, text.Template)));
    }

    [Fact]
    public void A_long_reason_is_shortened_between_letters_and_made_harmless()
    {
        var life = Life.Of(Submit());
        life.Accepts(Reject("\u202e" + new string('ا', 58) + "😀 and\nmore"));

        var reason = Plan(life, 2).Single(text => text.Key == "citizen-sms").Values["reason"];

        Assert.Equal(new string('ا', 58) + "…", reason);
    }

    [Fact]
    public void An_unproven_phone_is_marked_so_and_an_emergency_may_ring_at_night()
    {
        Assert.All(Plan(Life.Of(Submit("lighting.exposed-wires")), 0), text => Assert.True(text.Urgent));
        var life = Life.Of(Submit());
        life.Accepts(Start());
        Assert.False(Assert.Single(Plan(life, 2)).Urgent);
        Assert.False(Assert.Single(Plan(life, 2)).Proven);
    }

    private static IReadOnlyList<SendNotification> Plan(Life life, int known) =>
        NotificationPlanner.Plan(life.Report, [.. life.Events.Skip(known)], life.Policy, s_links);

    private static SubmitReport Chat(string? phone) =>
        Submit() with { Channel = Channel.WhatsApp, Reporter = new Reporter(phone, phone is not null, null, "ar", "wa-1") };

    private static Life Before(string what)
    {
        if (what.StartsWith("submit", StringComparison.Ordinal))
        {
            return new Life();
        }

        var life = Life.Of(what == "answer" ? Submit("enquiry.general", kind: ReportKind.Enquiry) : Submit());
        life.Accepts(Follow("+966500000002"));
        life.Accepts(Add(File("proof", purpose: AttachmentPurpose.Proof)));
        ReportCommand[] first = what switch
        {
            "hold and its end" => [Hold(life.Now.AddDays(1))],
            "refer and half of the time" or "refer and no answer" => [Refer()],
            "agency: done" or "agency: will do" or "agency: not ours" => [Refer()],
            "verify" or "send back" => [Resolve(files: "proof")],
            "reopen" or "poor rating" or "good rating" => [Resolve(files: "proof"), Verify()],
            "unmerge" => [Merge()],
            _ => [],
        };
        foreach (var command in first)
        {
            life.Accepts(command);
        }

        for (var taken = what switch { "refer and no answer" => 1, "third step" => 2, "fifth step" => 4, _ => 0 }; taken > 0; taken--)
        {
            life.NextTick();
        }

        return life;
    }

    private static void Happens(string what, Life life)
    {
        if (what.EndsWith("step", StringComparison.Ordinal) || what is "hold and its end" or "refer and half of the time" or "refer and no answer")
        {
            life.NextTick();
            return;
        }

        life.Accepts(what switch
        {
            "submit" => Submit(),
            "submit without a place" => Submit(noPlace: true),
            "submit an emergency" => Submit("lighting.exposed-wires"),
            "submit another body's" => Submit("utilities.electricity"),
            "start" => Start(),
            "hold" => Hold(life.Now.AddDays(1)),
            "refer" => Refer(),
            "agency: done" => Agency(life.Report, AgencyOutcome.Done),
            "agency: will do" => Agency(life.Report, AgencyOutcome.WillDo, by: life.Now.AddDays(2)),
            "agency: not ours" => Agency(life.Report, AgencyOutcome.NotOurs),
            "answer" => Answer(),
            "resolve" => Resolve(files: "proof"),
            "verify" => Verify(),
            "send back" => Verify(confirmed: false),
            "reject" => Reject(),
            "merge" => Merge(),
            "unmerge" => Unmerge(),
            "reopen" => Reopen(),
            "poor rating" => Rate(1, 1, Solved.No),
            "good rating" => Rate(),
            "follow up" => FollowUp("26000000000017"),
            "comment in public" => Comment(),
            "comment inside" => Comment() with { IsPublic = false },
            "attachment" => Add(File("more")),
            "flag" => FlagMisuse(),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        });
    }
}
