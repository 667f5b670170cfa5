using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using static Serverless940.Core.Tests.Reports.Orders;

namespace Serverless940.Core.Tests.Reports;

public sealed class StaffDecisionTests
{
    [Fact]
    public void Whoever_mended_it_does_not_verify_it()
    {
        var life = Mended(by: "worker-7");

        life.Refuses(Refusal.VerifierIsFixer, Verify(by: "worker-7"));
        life.Refuses(Refusal.VerifierIsFixer, Verify(confirmed: false, by: "worker-7"));
        life.Refuses(Refusal.VerifierIsFixer, Verify(by: null));
        life.Accepts(Verify(by: "worker-8"));
        Assert.Equal(ReportStatus.Closed, life.Report.Status);
    }

    [Fact]
    public void What_the_verifier_does_not_find_mended_goes_back_to_work_with_its_clock_running()
    {
        var life = Mended(by: Worker);

        Assert.IsType<SentBack>(Assert.Single(life.Accepts(Verify(confirmed: false))));

        Assert.Equal(ReportStatus.InProgress, life.Report.Status);
        Assert.Null(life.Report.ResolvedBy);
        Assert.NotNull(life.Report.NextDue);
    }

    [Fact]
    public void Mending_needs_the_proof_that_the_category_asks_for()
    {
        var life = Life.Of(Submit("lighting.pole"));
        life.Refuses(Refusal.ProofRequired, Resolve("a note is not enough"));
        life.Refuses(Refusal.UnknownAttachment, Resolve(files: "nobody-sent-this"));
        life.Accepts(Add(File("the-citizen-sent-this")));
        life.Refuses(Refusal.ProofRequired, Resolve("mended", files: "the-citizen-sent-this"));
        life.Accepts(Add(File("proof", purpose: AttachmentPurpose.Proof)));
        life.Accepts(Resolve(null, files: "proof"));
        Assert.Equal(ReportStatus.Resolved, life.Report.Status);

        var noted = Life.Of(Submit("other.complaint"));
        noted.Refuses(Refusal.NoteOrProofRequired, Resolve(" "));
        noted.Accepts(Resolve("explained"));
    }

    [Fact]
    public void Without_a_closure_check_mending_closes()
    {
        var life = Life.Of(Submit("other.complaint"));
        life.Policy = life.Policy with { Survey = life.Policy.Survey with { VerifyBeforeClose = false } };

        Assert.Collection(life.Accepts(Resolve()), one => Assert.IsType<Resolved>(one), two => Assert.Equal(1, Assert.IsType<Closed>(two).Closure));
        Assert.Null(life.Report.NextDue);
    }

    [Fact]
    public void A_hold_has_a_reason_and_an_end_within_thirty_days()
    {
        var life = Life.Of(Submit());
        life.Refuses(Refusal.ReasonRequired, Hold(life.Now.AddDays(1), " "));
        life.Refuses(Refusal.HoldInThePast, Hold(life.Now));
        life.Refuses(Refusal.HoldTooLong, Hold(life.Now + ReportDecider.LongestHold + TimeSpan.FromTicks(1)));
        life.Accepts(Hold(life.Now + ReportDecider.LongestHold));
        Assert.Equal(life.Now + ReportDecider.LongestHold, life.Report.NextDue);
    }

    [Fact]
    public void Work_goes_on_before_a_hold_is_over_when_somebody_starts()
    {
        var life = Life.Of(Submit());
        life.Accepts(Hold(life.Now.AddDays(3)));
        life.Now = life.Now.AddHours(1);

        Assert.True(Assert.IsType<Resumed>(Assert.Single(life.Accepts(Start()))).FromHold);
        Assert.Equal(ReportStatus.InProgress, life.Report.Status);
        Assert.True(life.Report.NextDue < life.Now.AddDays(1));
    }

    [Fact]
    public void A_promise_moves_by_what_a_hold_took_and_by_nothing_else()
    {
        var life = Life.Of(Submit());
        var promised = life.Report.PromisedBy!.Value;
        life.Accepts(Hold(life.Now.AddDays(14)));
        Assert.Equal(promised, life.Report.PromisedBy);

        life.Now = life.Now.AddDays(7);
        life.Accepts(Start());

        // A week on, at the same hour: a week of working time.
        Assert.Equal(promised.AddDays(7), life.Report.PromisedBy);
    }

    [Fact]
    public void A_promise_that_was_broken_before_a_hold_stays_broken()
    {
        var life = Life.Of(Submit());
        var promised = life.Report.PromisedBy!.Value;
        life.Now = promised.AddDays(1);
        life.Accepts(Hold(life.Now.AddDays(2)));
        life.Now = life.Now.AddDays(1);
        life.Accepts(Start());
        Assert.Equal(promised, life.Report.PromisedBy);
    }

    [Fact]
    public void Another_category_promises_its_own_time_from_when_the_report_was_taken_in()
    {
        var life = Life.Of(Submit());
        var taken = life.Now;
        life.Now = life.Now.AddHours(3);

        life.Accepts(Reclassify("parks.trees"));

        var other = Life.Of(Submit("parks.trees"));
        Assert.Equal(taken, other.Report.ReceivedAt);
        Assert.NotEqual(Life.Of(Submit()).Report.PromisedBy, other.Report.PromisedBy);
        Assert.Equal(other.Report.PromisedBy, life.Report.PromisedBy);
    }

    [Fact]
    public void Ids_that_the_policy_does_not_know_are_refused()
    {
        var life = Life.Of(Submit());

        life.Refuses(Refusal.UnknownMunicipality, Assign(municipality: "atlantis"));
        life.Refuses(Refusal.UnknownDepartment, Assign(department: "magic"));
        life.Refuses(Refusal.UnknownTeam, Assign(team: "nobody"));
        life.Refuses(Refusal.UnknownTeam, Assign(department: "roads", team: "maintenance-central-dammam"));
        life.Refuses(Refusal.UnknownAgency, Refer("nobody"));
        life.Refuses(Refusal.UnknownCategory, Reclassify("lighting.candle"));
        Assert.Equal(2, life.Report.Version);
    }

    [Fact]
    public void Handing_on_starts_the_ladder_anew_and_keeps_what_was_not_said()
    {
        var life = Life.Of(Submit());
        life.NextTick();

        life.Accepts(Assign(department: "roads"));

        Assert.Equal(("central-dammam", "roads", null), (life.Report.Municipality, life.Report.Department, life.Report.Team));
        Assert.Equal(0, life.Report.Clock!.Level);
    }

    [Fact]
    public void Merging_is_with_another_and_can_be_undone()
    {
        var life = Life.Of(Submit());
        life.Refuses(Refusal.MergeIntoItself, Merge(Number));
        life.Accepts(Merge());
        Assert.Equal((OtherNumber, null), (life.Report.MergedInto, life.Report.NextDue));

        life.Accepts(Unmerge());

        Assert.Equal((ReportStatus.Assigned, null), (life.Report.Status, life.Report.MergedInto));
        Assert.NotNull(life.Report.NextDue);
        life.Accepts(Merge());
        life.Ignores(Unmerge() with { Into = Number });
        life.Accepts(Unmerge() with { Into = OtherNumber });
    }

    [Fact]
    public void Rejecting_and_reopening_need_a_reason()
    {
        var life = Life.Of(Submit());
        life.Refuses(Refusal.ReasonRequired, Reject(" "));
        life.Accepts(Reject());
        Assert.Null(life.Report.NextDue);
        life.Refuses(Refusal.ReasonRequired, Reopen(""));
        life.Accepts(Reopen());
        Assert.NotNull(life.Report.NextDue);
    }

    [Fact]
    public void A_reopened_referral_is_ours_again()
    {
        var life = Life.Of(Submit("utilities.electricity"));
        life.Accepts(Resolve());
        life.Accepts(Verify());

        life.Accepts(Reopen());

        Assert.Null(life.Report.Agency);
        Assert.Equal("customer-service", life.Report.Department);
    }

    [Fact]
    public void An_enquirys_answer_is_for_enquiries() => Life.Of(Submit()).Refuses(Refusal.NotAnEnquiry, Answer());

    [Fact]
    public void Another_category_takes_it_to_its_department_and_ladder_until_somebody_is_at_work()
    {
        var life = Life.Of(Submit("lighting.out"));
        life.Accepts(Reclassify("roads.pothole"));
        Assert.Equal(("roads", ReportStatus.Assigned), (life.Report.Department, life.Report.Status));

        life.Accepts(Reclassify("utilities.electricity"));
        Assert.Equal(("electricity-company", ReportStatus.Referred), (life.Report.Agency, life.Report.Status));

        life.Accepts(Reclassify("lighting.exposed-wires"));
        Assert.Equal((null, ReportStatus.Assigned, Priority.Emergency), (life.Report.Agency, life.Report.Status, life.Report.Priority));
        Assert.Equal(life.Now.AddMinutes(30), life.Report.NextDue);

        life.Accepts(Start());
        Assert.Single(life.Accepts(Reclassify("roads.pothole")));
        Assert.Equal(("maintenance", ReportStatus.InProgress), (life.Report.Department, life.Report.Status));
    }

    [Fact]
    public void A_command_on_a_report_that_no_rule_has_sent_anywhere_starts_its_clock()
    {
        Assert.NotNull(After(Refer()).NextDue);
        Assert.NotNull(After(Assign("east-dammam", "roads")).NextDue);
        Assert.NotNull(After(Reclassify("roads.pothole")).NextDue);

        static Report After(ReportCommand command)
        {
            var life = Life.In(ReportStatus.Received);
            life.Accepts(command);
            return life.Report;
        }
    }

    [Fact]
    public void A_category_that_a_newer_policy_dropped_keeps_its_reports_alive()
    {
        var life = Life.Of(Submit("roads.pothole"));
        life.Policy = PolicyWithout(life.Policy, "roads.pothole");

        life.NextTick();
        life.Accepts(Start());
        life.Accepts(Resolve("the default category asks for no photo"));

        Assert.Equal("roads.pothole", life.Report.Category);
    }

    [Fact]
    public void The_same_case_the_same_follower_and_the_reporter_as_follower_are_ignored()
    {
        var life = Life.Of(Submit());
        life.Accepts(FollowUp("case-1"));
        life.Ignores(FollowUp("case-1"));
        life.Accepts(FollowUp("case-2"));
        life.Accepts(Follow("+966500000002"));
        life.Ignores(Follow("+966500000002"));
        life.Ignores(Follow(Citizen.Phone!));
        life.Accepts(FlagMisuse());
        life.Ignores(FlagMisuse());

        Assert.Equal((2, 1, true), (life.Report.Cases.Count, life.Report.Followers.Count, life.Report.Misuse));
    }

    [Fact]
    public void A_report_is_followed_up_twenty_times_and_no_more()
    {
        var life = Life.Of(Submit());
        for (var i = 0; i < ReportDecider.MostFollowUps; i++)
        {
            life.Accepts(FollowUp($"case-{i}"));
        }

        life.Refuses(Refusal.TooManyFollowUps, FollowUp("one-more"));
        life.Ignores(FollowUp("case-1"));
        Assert.Equal(20, life.Report.Cases.Count);
    }

    private static Life Mended(string by)
    {
        var life = Life.Of(Submit());
        life.Accepts(Start());
        life.Accepts(Add(File("proof", purpose: AttachmentPurpose.Proof)));
        life.Accepts(Resolve(by: by, files: "proof"));
        return life;
    }

    private static Policy PolicyWithout(Policy policy, string category) => policy with
    {
        Categories = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(policy.Categories.Where(pair => pair.Key != category)),
    };
}
