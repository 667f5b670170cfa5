using Serverless940.Core.Escalation;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using static Serverless940.Core.Tests.Reports.Orders;

namespace Serverless940.Core.Tests.Reports;

public sealed class TickTests
{
    [Fact]
    public void Nobody_acts_and_it_climbs_each_step_once_and_the_last_again_and_again()
    {
        var life = Life.Of(Submit());

        var taken = Enumerable.Range(0, 7).Select(_ => Assert.IsType<Escalated>(Assert.Single(life.NextTick()))).ToList();

        Assert.Equal([(1, 0), (2, 0), (3, 0), (4, 0), (4, 1), (4, 2), (4, 3)], taken.Select(step => (step.Level, step.Repeat)));
        Assert.Equal(["teamLead", "departmentHead", "municipalityHead", "amin", "amin", "amin", "amin"], taken.Select(step => step.Role));
        Assert.Equal([false, false, true, true, false, false, false], taken.Select(step => step.TellCitizen));
    }

    [Fact]
    public void A_tick_that_is_early_stale_or_doubled_changes_nothing()
    {
        var life = Life.Of(Submit());
        var due = life.Report.NextDue!.Value;
        life.Now = due.AddTicks(-1);
        life.Ignores(Tick(due));

        life.Now = due;
        life.Ignores(Tick(due.AddTicks(-1)));
        life.Ignores(Tick(due.AddTicks(1)));
        life.Accepts(Tick(due));
        life.Ignores(Tick(due));
        Assert.Equal(1, life.Report.Clock!.Level);
    }

    [Fact]
    public void A_tick_days_late_takes_one_step_and_the_next_gets_its_whole_patience()
    {
        var life = Life.Of(Submit());
        var due = life.Report.NextDue!.Value;
        life.Now = due.AddDays(30);

        var step = Assert.IsType<Escalated>(Assert.Single(life.Accepts(Tick(due))));

        Assert.Equal((1, due), (step.Level, step.DueAt));
        Assert.True(life.Report.NextDue > life.Now);
    }

    [Fact]
    public void A_tick_after_handing_on_or_closing_finds_nothing_due()
    {
        var life = Life.Of(Submit());
        var due = life.Report.NextDue!.Value;
        life.Now = due.AddMinutes(-1);
        life.Accepts(Assign(department: "roads"));
        life.Now = due;
        life.Ignores(Tick(due));

        var old = life.Report.NextDue!.Value;
        life.Closed();
        life.Now = old;
        life.Ignores(Tick(old));
        Assert.Null(life.Report.NextDue);
    }

    [Fact]
    public void A_holds_end_brings_the_report_back_to_work_with_the_patience_that_was_left()
    {
        var life = Life.Of(Submit());
        life.Accepts(Start());
        var left = life.Report.NextDue!.Value - life.Now;
        var until = life.Now.AddDays(1);
        life.Accepts(Hold(until));
        Assert.Equal(until, life.Report.NextDue);

        var resumed = Assert.IsType<Resumed>(Assert.Single(life.NextTick()));

        Assert.True(resumed.FromHold);
        Assert.Equal(ReportStatus.InProgress, life.Report.Status);
        // Both at nine in the morning of a working day, so working and real time agree.
        Assert.Equal(until + left, life.Report.NextDue);
    }

    [Fact]
    public void A_tick_long_after_a_holds_end_resumes_and_escalates_in_one_commit()
    {
        var life = Life.Of(Submit());
        life.Accepts(Hold(life.Now.AddHours(1)));
        var due = life.Report.NextDue!.Value;
        life.Now = due.AddDays(10);

        Assert.Collection(life.Accepts(Tick(due)), one => Assert.IsType<Resumed>(one), two => Assert.Equal(1, Assert.IsType<Escalated>(two).Level));
    }

    [Fact]
    public void When_an_agency_does_not_answer_in_time_the_ladder_goes_on_and_it_stays_referred()
    {
        var life = Life.Of(Submit("utilities.electricity"));

        Assert.IsType<AgencyReminded>(Assert.Single(life.NextTick()));
        Assert.Equal(EscalationPhase.Paused, life.Report.Clock!.Phase);
        Assert.False(Assert.IsType<Resumed>(Assert.Single(life.NextTick())).FromHold);
        Assert.Equal(ReportStatus.Referred, life.Report.Status);
        Assert.Equal(EscalationPhase.Running, life.Report.Clock!.Phase);
        Assert.Equal(1, Assert.IsType<Escalated>(Assert.Single(life.NextTick())).Level);
    }

    [Fact]
    public void What_was_mended_while_it_waited_does_not_wait_on_for_its_check()
    {
        var life = Life.Of(Submit());
        life.Accepts(Add(File("proof", purpose: AttachmentPurpose.Proof)));
        life.Accepts(Hold(life.Now.AddDays(25)));

        life.Accepts(Resolve(files: "proof"));

        Assert.Equal(EscalationPhase.Running, life.Report.Clock!.Phase);
        Assert.True(life.Report.NextDue < life.Now.AddDays(2));
    }
}
