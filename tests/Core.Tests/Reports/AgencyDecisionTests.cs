using Serverless940.Core.Escalation;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using static Serverless940.Core.Tests.Reports.Orders;

namespace Serverless940.Core.Tests.Reports;

public sealed class AgencyDecisionTests
{
    [Fact]
    public void What_the_agency_has_done_is_checked_like_any_work_and_waits_no_longer()
    {
        var life = Referred();

        Assert.Collection(
            life.Accepts(Agency(life.Report, AgencyOutcome.Done)),
            one => Assert.Equal(AgencyOutcome.Done, Assert.IsType<AgencyAnswered>(one).Outcome),
            two => Assert.Equal("seen to", Assert.IsType<Resolved>(two).Note));

        Assert.Equal((ReportStatus.Resolved, "traffic", EscalationPhase.Running), (life.Report.Status, life.Report.Agency, life.Report.Clock!.Phase));
        Assert.Null(life.Report.Referral);
        life.Accepts(Verify());
        Assert.Equal(ReportStatus.Closed, life.Report.Status);
    }

    [Fact]
    public void Without_a_closure_check_its_word_closes()
    {
        var life = Referred();
        life.Policy = life.Policy with { Survey = life.Policy.Survey with { VerifyBeforeClose = false } };

        life.Accepts(Agency(life.Report, AgencyOutcome.Done));

        Assert.Equal(ReportStatus.Closed, life.Report.Status);
    }

    [Fact]
    public void An_enquiry_is_answered_in_its_words()
    {
        var life = Life.Of(Submit("enquiry.general", kind: ReportKind.Enquiry));
        life.Accepts(Refer());

        life.Accepts(Agency(life.Report, AgencyOutcome.Done, "from eight to two"));

        Assert.Equal("from eight to two", life.Events.Select(recorded => recorded.Body).OfType<Answered>().Single().Text);
        Assert.Equal(ReportStatus.Closed, life.Report.Status);
    }

    [Fact]
    public void What_is_not_theirs_comes_back_to_the_department_that_follows_it_up_with_a_new_clock()
    {
        var life = Referred();
        life.Now = life.Now.AddDays(2);

        life.Accepts(Agency(life.Report, AgencyOutcome.NotOurs, "a private road"));

        Assert.Equal((ReportStatus.Assigned, "maintenance"), (life.Report.Status, life.Report.Department));
        Assert.Null(life.Report.Agency);
        Assert.Equal((0, life.Now), (life.Report.Clock!.Level, life.Report.Clock.ClockFrom));
    }

    [Fact]
    public void The_clock_waits_for_what_it_promised_and_the_ladder_goes_on_afterwards()
    {
        var life = Referred();
        var by = life.Now.AddDays(9);

        life.Accepts(Agency(life.Report, AgencyOutcome.WillDo, null, by));

        Assert.Equal((ReportStatus.Referred, EscalationPhase.Paused, by), (life.Report.Status, life.Report.Clock!.Phase, life.Report.NextDue));
        Assert.False(Assert.IsType<Resumed>(Assert.Single(life.NextTick())).FromHold);
        life.Accepts(Agency(life.Report, AgencyOutcome.Done));
        Assert.Equal(ReportStatus.Resolved, life.Report.Status);
    }

    [Fact]
    public void No_number_of_promises_waits_longer_than_the_policy_lets_it()
    {
        var life = Referred();
        var agencies = life.Policy.Agencies.ToDictionary();
        agencies["traffic"] = agencies["traffic"] with { DoWithin = TimeSpan.FromDays(10) };
        life.Policy = life.Policy with { Agencies = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(agencies) };
        var last = life.Now.AddDays(10);

        life.Accepts(Agency(life.Report, AgencyOutcome.WillDo, null, life.Now.AddDays(4)));
        life.Now = life.Now.AddDays(3);
        life.Accepts(Agency(life.Report, AgencyOutcome.WillDo, null, life.Now.AddDays(20)));
        Assert.Equal(last, life.Report.NextDue);
        life.NextTick();
        life.Refuses(Refusal.PromiseTooLate, Agency(life.Report, AgencyOutcome.WillDo, null, life.Now.AddDays(1)));
    }

    [Fact]
    public void A_question_takes_one_answer_of_the_agency_that_was_asked()
    {
        var life = Referred();
        var asked = life.Report;
        life.Refuses(Refusal.ReferralOver, Agency(asked, AgencyOutcome.Done) with { Agency = "electricity-company" });
        life.Refuses(Refusal.ReferralOver, Agency(asked, AgencyOutcome.Done) with { Referral = asked.Referral!.Sequence - 1 });
        life.Accepts(Agency(asked, AgencyOutcome.WillDo, null, life.Now.AddDays(1)));
        life.Refuses(Refusal.ReferralOver, Agency(asked, AgencyOutcome.Done));
        life.Accepts(Refer());
        life.Refuses(Refusal.ReferralOver, Agency(asked, AgencyOutcome.Done));
        var latest = life.Report;
        life.Accepts(Agency(latest, AgencyOutcome.NotOurs));
        life.Refuses(Refusal.ReferralOver, Agency(latest, AgencyOutcome.NotOurs));
    }

    [Fact]
    public void An_answer_has_its_reason_and_a_promise_an_end_ahead()
    {
        var life = Referred();

        life.Refuses(Refusal.ReasonRequired, Agency(life.Report, AgencyOutcome.Done, " "));
        life.Refuses(Refusal.ReasonRequired, Agency(life.Report, AgencyOutcome.NotOurs, null));
        life.Refuses(Refusal.HoldInThePast, Agency(life.Report, AgencyOutcome.WillDo));
        life.Refuses(Refusal.HoldInThePast, Agency(life.Report, AgencyOutcome.WillDo, null, life.Now));
    }

    [Fact]
    public void A_tick_that_comes_after_both_moments_reminds_once_with_the_end()
    {
        var life = Referred();
        var due = life.Report.NextDue!.Value;
        life.Now = life.Report.Clock!.ResumeAt!.Value;

        Assert.IsType<Resumed>(Assert.Single(life.Accepts(Tick(due))));

        Assert.Null(life.Report.Referral!.RemindAt);
    }

    private static Life Referred()
    {
        var life = Life.Of(Submit());
        life.Accepts(Refer());
        return life;
    }
}
