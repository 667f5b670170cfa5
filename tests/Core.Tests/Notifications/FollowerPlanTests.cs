using Serverless940.Core.Messages;
using Serverless940.Core.Notifications;
using Serverless940.Core.Reports;
using Serverless940.Core.Tests.Reports;
using static Serverless940.Core.Tests.Reports.Orders;

namespace Serverless940.Core.Tests.Notifications;

public sealed class FollowerPlanTests
{
    private static readonly NotificationLinks s_links = new("https://940.example/s/AAAAAAAAAAA", "https://940.example/staff/x");

    [Fact]
    public void Followers_hear_at_the_same_steps_as_the_reporter_once_each()
    {
        var life = Life.Of(Submit());
        var told = new List<string>();
        Step(life, told, Follow("+966500000002"));
        Step(life, told, Follow("+966500000003"));
        Step(life, told, Start());
        Step(life, told, Hold(life.Now.AddDays(1)));
        Step(life, told, Start());
        Step(life, told, Refer());
        Step(life, told, Assign("east-dammam", "maintenance"));
        Step(life, told, Add(File("proof", purpose: AttachmentPurpose.Proof)));
        Step(life, told, Comment());
        Step(life, told, Resolve(files: "proof"));
        Step(life, told, Verify());
        Step(life, told, Reopen());
        Step(life, told, Reject());

        var both = new[] { "started", "held", "resumed", "referred", "closed", "reopened", "rejected" }.SelectMany(news => new[] { "2:follower." + news, "3:follower." + news });
        Assert.Equal(["2:follower.followed", "3:follower.followed", .. both], told);
    }

    [Fact]
    public void A_late_step_is_told_to_followers_when_the_citizen_is_told()
    {
        var life = Life.Of(Submit());
        life.Accepts(Follow("+966500000002"));
        var escalated = new List<SendNotification>();
        for (var step = 0; step < 3; step++)
        {
            var known = life.Events.Count;
            life.NextTick();
            escalated.AddRange(Plan(life, known));
        }

        Assert.Equal(["follower.escalated"], escalated.Select(text => text.Template));
    }

    [Fact]
    public void A_follower_is_never_given_the_number_the_link_or_the_words_of_a_strangers_report()
    {
        var life = Life.Of(Submit());
        life.Accepts(Follow("+966500000002"));
        var known = life.Events.Count;
        life.Accepts(Reject("because Abu Fulan called"));

        var text = Assert.Single(Plan(life, known));

        Assert.Equal(("+966500000002", false, "https://940.example/f/2"), (text.To, text.Proven, text.Values["link"]));
        Assert.DoesNotContain(text.Values.Values, value => value.Contains(Number, StringComparison.Ordinal) || value.Contains("/s/", StringComparison.Ordinal) || value.Contains("Fulan", StringComparison.Ordinal));
        var said = MessageCatalogue.Default.Render(text.Template, text.Language, text.Values);
        Assert.DoesNotContain('{', said);
        Assert.Contains("https://940.example/f/2", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_person_who_follows_two_joined_reports_or_reported_the_main_one_hears_once_and_a_landline_not_at_all()
    {
        var life = Life.Of(Submit());
        life.Accepts(Follow("+966500000002"));
        var known = life.Events.Count;
        life.Accepts(Start());
        Hearer[] others =
        [
            new("a", new Reporter("+966500000002", true, null, "en"), 0, "https://940.example/s/b"),
            new("b", Citizen, 0, "https://940.example/s/c"),
            new("c", new Reporter("+966138000001", false, null, "ar"), 0, "https://940.example/s/d"),
            new("d", new Reporter(null, false, null, "ar", "wa-9"), 0, "https://940.example/s/e", Channel.WhatsApp),
        ];

        var planned = NotificationPlanner.PlanForFollowers(life.Report, [.. life.Events.Skip(known)], [.. Hearers(life), .. others], life.Policy);

        Assert.Equal([(Medium.Sms, "+966500000002"), (Medium.WhatsApp, "wa-9")], planned.Select(text => (text.Medium, text.To)));
    }

    [Fact]
    public void Old_news_is_not_told_to_who_came_later()
    {
        var life = Life.Of(Submit());
        life.Accepts(Follow("+966500000002"));
        var known = life.Events.Count;
        life.Accepts(Start());
        life.Accepts(Follow("+966500000003"));

        var started = NotificationPlanner.PlanForFollowers(life.Report, [life.Events[known]], Hearers(life), life.Policy);

        Assert.Equal(["+966500000002"], started.Select(text => text.To));
    }

    [Fact]
    public void A_crowd_is_told_each_under_a_key_of_his_own()
    {
        var life = Life.Of(Submit());
        for (var i = 0; i < 1000; i++)
        {
            life.Accepts(Follow($"+96650001{i:0000}"));
        }

        var known = life.Events.Count;
        life.Accepts(Start());

        var planned = Plan(life, known);

        Assert.Equal(1000, planned.DistinctBy(text => (text.Event, text.Key)).Count());
        Assert.Equal(1000, planned.DistinctBy(text => text.To).Count());
        // The commit itself carries none of them.
        Assert.Equal(["citizen-sms"], NotificationPlanner.Plan(life.Report, [.. life.Events.Skip(known)], life.Policy, s_links).Select(text => text.Key));
    }

    private static void Step(Life life, List<string> told, ReportCommand command)
    {
        var known = life.Events.Count;
        life.Accepts(command);
        told.AddRange(Plan(life, known).Select(text => $"{text.To[^1]}:{text.Template}"));
    }

    private static IReadOnlyList<SendNotification> Plan(Life life, int known) =>
        NotificationPlanner.PlanForFollowers(life.Report, [.. life.Events.Skip(known)], Hearers(life), life.Policy);

    private static IEnumerable<Hearer> Hearers(Life life) => life.Report.Followers.Select(follower =>
        new Hearer(follower.Key, follower.Person, follower.Since, "https://940.example/f/" + follower.Person.Phone![^1]));
}
