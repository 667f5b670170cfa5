using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Core.Tests.Policies;
using static Serverless940.Core.Tests.Reports.Orders;

namespace Serverless940.Core.Tests.Reports;

public sealed class FollowDecisionTests
{
    [Fact]
    public void A_person_follows_once_and_never_what_he_reported_himself()
    {
        var life = Life.Of(Submit());

        life.Accepts(Follow("+966500000002"));
        life.Ignores(Follow("+966500000002"));
        life.Ignores(Follow(Citizen.Phone!));
        life.Accepts(Follow("+966500000003"));
        life.Accepts(Unfollow(KeyOf("+966500000002")));
        life.Ignores(Unfollow(KeyOf("+966500000002")));

        Assert.Equal(["+966500000003"], life.Report.Followers.Select(follower => follower.Person.Phone));
        Assert.Equal(KeyOf("+966500000003"), life.Report.Followers[0].Key);
        Assert.Equal(1, life.Report.People);
    }

    [Theory]
    [InlineData(ReportStatus.Closed, false)]
    [InlineData(ReportStatus.Rejected, false)]
    [InlineData(ReportStatus.Merged, true)]
    [InlineData(ReportStatus.Resolved, true)]
    public void What_is_closed_has_no_news_to_follow(ReportStatus status, bool accepted) =>
        Assert.Equal(accepted, Life.In(status).Send(Follow("+966500000002")) is Decision.Accepted);

    [Fact]
    public void Many_people_raise_the_priority_by_the_policy_and_unproven_ones_by_one_step_only()
    {
        var life = Life.Of(Submit("parks.trees"), With(raise: 3, again: 2));
        var first = life.Report.Priority;
        life.Accepts(Follow("+966500000011"));
        life.Accepts(Follow("+966500000012"));
        Assert.Equal(first, life.Report.Priority);

        var raised = Assert.IsType<Raised>(life.Accepts(Follow("+966500000013"))[^1]);

        Assert.Equal(new Raised(first + 1, 1), raised);
        Assert.Single(life.Accepts(Follow("+966500000014")));
        Assert.Single(life.Accepts(Follow("+966500000015", proven: true)));
        life.Accepts(Follow("+966500000016", proven: true));
        Assert.Equal(Priority.High, life.Report.Priority);
    }

    [Fact]
    public void People_never_make_an_emergency_and_never_change_one()
    {
        var many = With(raise: 1, again: 1);
        var pole = Life.Of(Submit("roads.pothole"), many);
        var wires = Life.Of(Submit("lighting.exposed-wires"), many);
        for (var i = 10; i < 30; i++)
        {
            pole.Accepts(Follow($"+9665000000{i}", proven: true));
            wires.Accepts(Follow($"+9665000000{i}", proven: true));
        }

        Assert.Equal(Priority.High, pole.Report.Priority);
        Assert.Equal(Priority.Emergency, wires.Report.Priority);
        Assert.DoesNotContain(wires.Events, recorded => recorded.Body is Raised);
    }

    [Fact]
    public void A_new_category_begins_with_the_people_who_are_behind_it_and_who_goes_lowers_nothing()
    {
        var life = Life.Of(Submit("parks.trees"), With(raise: 1, again: 0));
        life.Accepts(Follow("+966500000011"));
        var raised = life.Report.Priority;
        life.Accepts(Unfollow(KeyOf("+966500000011")));
        Assert.Equal(raised, life.Report.Priority);

        var other = life.Policy.Categories.Values.First(category => category.Priority == Priority.Low && category.Agency is null);
        life.Accepts(Reclassify(other.Code));

        Assert.Equal(Priority.Normal, life.Report.Priority);
    }

    [Fact]
    public void A_report_has_room_for_a_crowd_and_says_when_it_is_full()
    {
        var life = Life.Of(Submit());
        for (var i = 0; i < ReportDecider.MostFollowers; i++)
        {
            life.Accepts(Follow($"+96650001{i:0000}"));
        }

        life.Refuses(Refusal.TooManyFollowers, Follow("+966500000002"));
        // Beside its other parts within what a table's entity holds: 1 MB of two bytes a letter.
        Assert.InRange(life.Json().Length, 1, 460_000);
    }

    [Fact]
    public void A_merged_report_brings_its_people_and_takes_them_away_again()
    {
        var life = Life.Of(Submit("parks.trees"), With(raise: 3, again: 3));
        var first = life.Report.Priority;

        life.Accepts(Join(people: 3, proven: 1));
        life.Ignores(Join(people: 3, proven: 1));

        Assert.Equal(3, life.Report.People);
        Assert.NotEqual(first, life.Report.Priority);
        life.Accepts(Leave());
        life.Ignores(Leave());
        Assert.Equal(0, life.Report.People);
    }

    [Fact]
    public void Chains_circles_and_closed_ones_are_refused_by_either_side()
    {
        var main = Life.In(ReportStatus.Assigned).Report with { Number = OtherNumber };
        var own = Life.In(ReportStatus.Assigned).Report;

        Assert.Null(ReportDecider.WhyNotMerge(own, main));
        Assert.Equal(Refusal.UnknownReport, ReportDecider.WhyNotMerge(own, null));
        Assert.Equal(Refusal.MergeIntoItself, ReportDecider.WhyNotMerge(own, own));
        Assert.Equal(Refusal.MergeIntoMerged, ReportDecider.WhyNotMerge(own, main with { Status = ReportStatus.Merged, MergedInto = "26000000000024" }));
        Assert.Equal(Refusal.MergeIntoClosed, ReportDecider.WhyNotMerge(own, main with { Status = ReportStatus.Closed }));
        Assert.Equal(Refusal.MergeOfMain, ReportDecider.WhyNotMerge(own with { JoinedReports = [new JoinedReport("26000000000024", 1, 0, 3)] }, main));
        Assert.Equal(Refusal.EnquiryNeedsAnswer, ReportDecider.WhyNotMerge(own, main with { Kind = ReportKind.Enquiry }));
        Life.In(ReportStatus.Merged).Refuses(Refusal.MergeIntoMerged, Join("26000000000024"));
        Life.In(ReportStatus.Closed).Refuses(Refusal.MergeIntoClosed, Join("26000000000024"));
        var joined = Life.Of(Submit());
        joined.Accepts(Join("26000000000024"));
        joined.Refuses(Refusal.MergeOfMain, Merge());
    }

    [Theory]
    [InlineData(ReportStatus.Assigned)]
    [InlineData(ReportStatus.InProgress)]
    [InlineData(ReportStatus.OnHold)]
    public void Unmerging_gives_back_the_status_the_rung_and_the_patience_that_was_left(ReportStatus status)
    {
        var life = Life.In(status);
        var before = life.Report;
        life.Now += TimeSpan.FromHours(2);
        var left = Left(life);
        life.Accepts(Merge());
        Assert.Null(life.Report.NextDue);
        life.Now += TimeSpan.FromDays(1);

        life.Accepts(Unmerge());

        Assert.Equal((status, before.Clock!.Level), (life.Report.Status, life.Report.Clock!.Level));
        Assert.Equal(left, Left(life));
        if (status == ReportStatus.OnHold)
        {
            Assert.Equal(before.NextDue, life.Report.NextDue);
        }
        else
        {
            Assert.True(life.Report.PromisedBy > before.PromisedBy);
        }
    }

    [Fact]
    public void A_citizen_may_join_his_report_with_another_until_somebody_works_on_it()
    {
        var life = Life.Of(Submit());
        life.Accepts(Merge() with { Actor = Actor.Citizen });
        life.Accepts(Unmerge());
        life.Accepts(Start());
        life.Refuses(Refusal.NotAllowedInStatus, Merge() with { Actor = Actor.Citizen });
    }

    [Fact]
    public void Mine_is_different_is_kept_once()
    {
        var life = Life.Of(Submit());
        life.Accepts(Differ());
        life.Ignores(Differ());
        life.Ignores(Differ(Number));
        Assert.Equal([OtherNumber], life.Report.Different);
    }

    // The working time until the next step, or until a hold's own end.
    private static TimeSpan Left(Life life)
    {
        var policy = life.Policy;
        var clock = life.Report.Clock!;
        var calendar = policy.CalendarOf(policy.Departments[life.Report.Department!]);
        return clock.NextDue is { } due ? Core.Time.Reckoning.Of(false, calendar).Between(life.Now, due) : clock.Used;
    }

    private static Policy With(int raise, int again)
    {
        var policy = ExamplePolicy.Policy;
        return policy with { Intake = policy.Intake with { FollowersToRaise = raise, ProvenFollowersToRaiseAgain = again } };
    }
}
