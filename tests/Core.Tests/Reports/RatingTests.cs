using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using static Serverless940.Core.Tests.Reports.Orders;

namespace Serverless940.Core.Tests.Reports;

public sealed class RatingTests
{
    private static Life Closed() => Life.Of(Submit()).Closed();

    [Fact]
    public void A_closing_is_rated_once()
    {
        var life = Closed();

        Assert.False(Assert.IsType<Rated>(Assert.Single(life.Accepts(Rate()))).Poor);
        life.Refuses(Refusal.AlreadyRated, Rate());
        Assert.Equal(ReportStatus.Closed, life.Report.Status);
    }

    [Fact]
    public void Before_closing_there_is_nothing_to_rate() => Life.Of(Submit()).Refuses(Refusal.NotAllowedInStatus, Rate());

    [Fact]
    public void It_is_taken_until_the_last_moment_and_not_after()
    {
        var life = Closed();
        life.Now = life.Report.RateUntil!.Value.AddTicks(1);
        life.Refuses(Refusal.RatingOver, Rate());

        life.Now = life.Report.RateUntil!.Value;
        life.Accepts(Rate());
    }

    [Theory]
    [InlineData(1, 5, Solved.Yes, true, true)] // poor work
    [InlineData(5, 5, Solved.No, true, true)] // not solved
    [InlineData(2, 2, Solved.Partly, true, true)] // partly, and poor
    [InlineData(5, 1, Solved.Yes, true, false)] // late but well done: going there again mends nothing
    [InlineData(5, 1, Solved.Partly, true, true)] // late, and not all done
    [InlineData(3, 3, Solved.Yes, false, false)] // on the border of poor
    [InlineData(4, 4, Solved.Partly, false, false)] // partly alone is a word, no complaint
    public void Poor_work_reopens_and_a_poor_word_on_speed_alone_does_not(int quality, int speed, Solved solved, bool poor, bool reopens)
    {
        var life = Closed();

        var events = life.Accepts(Rate(quality, speed, solved));

        Assert.Equal(poor, Assert.IsType<Rated>(events[0]).Poor);
        Assert.Equal(reopens, events is [_, Reopened { Cause: Reopened.ByRating }]);
        Assert.Equal(reopens ? ReportStatus.Assigned : ReportStatus.Closed, life.Report.Status);
        Assert.Equal(reopens, life.Report.NextDue is not null);
    }

    [Fact]
    public void A_reopened_report_starts_its_ladder_and_its_promise_anew()
    {
        var life = Closed();
        life.Now = life.Now.AddDays(7);

        life.Accepts(Rate(1, 1, Solved.No));

        Assert.Equal(0, life.Report.Clock!.Level);
        Assert.True(life.Report.PromisedBy > life.Now);
        Assert.Null(life.Report.RateUntil);
        Assert.Null(life.Report.ResolvedBy);
        life.Refuses(Refusal.AlreadyRated, Rate());
    }

    [Fact]
    public void Each_closing_is_rated_again_but_reopens_only_as_often_as_the_policy_says()
    {
        var life = Closed();
        for (var reopened = 1; reopened <= life.Policy.Survey.MaxReopens; reopened++)
        {
            Assert.Equal(2, life.Accepts(Rate(1, 1, Solved.No)).Count);
            Assert.Equal(reopened, life.Report.ReopenedByRating);
            life.ClosedAgain();
            Assert.Equal(reopened + 1, life.Report.Closures);
        }

        Assert.True(Assert.IsType<Rated>(Assert.Single(life.Accepts(Rate(1, 1, Solved.No)))).Poor);
        Assert.Equal(ReportStatus.Closed, life.Report.Status);
    }

    [Fact]
    public void A_reopening_by_staff_does_not_use_up_the_citizens()
    {
        var life = Closed();
        life.Accepts(Reopen());
        life.Refuses(Refusal.RatingOver, Rate());
        life.ClosedAgain();

        Assert.Equal(0, life.Report.ReopenedByRating);
        Assert.Equal(2, life.Accepts(Rate(1, 1, Solved.No)).Count);
    }

    [Fact]
    public void A_poor_word_on_an_answer_is_kept_and_reopens_nothing()
    {
        var life = Life.Of(Submit("enquiry.general", kind: ReportKind.Enquiry));
        life.Accepts(Answer());

        Assert.Single(life.Accepts(Rate(1, 1, Solved.No)));
        Assert.Equal(ReportStatus.Closed, life.Report.Status);
    }

    [Fact]
    public void A_policy_may_leave_reopening_to_people()
    {
        var life = Closed();
        life.Policy = life.Policy with { Survey = life.Policy.Survey with { ReopenOnPoor = false } };

        Assert.Single(life.Accepts(Rate(1, 1, Solved.No)));
    }
}
