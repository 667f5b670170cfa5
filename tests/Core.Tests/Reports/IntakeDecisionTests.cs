using Serverless940.Core.Escalation;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using static Serverless940.Core.Tests.Reports.Orders;

namespace Serverless940.Core.Tests.Reports;

public sealed class IntakeDecisionTests
{
    [Fact]
    public void A_report_of_a_category_is_received_and_assigned_with_its_clock_running()
    {
        var life = Life.Of(Submit());

        Assert.Collection(life.Events, first => Assert.IsType<Received>(first.Body), second => Assert.IsType<Assigned>(second.Body));
        Assert.Equal(ReportStatus.Assigned, life.Report.Status);
        Assert.Equal(("lighting.pole", Priority.High, "maintenance"), (life.Report.Category, life.Report.Priority, life.Report.Department));
        Assert.Equal("central-dammam", life.Report.Municipality);
        Assert.NotNull(life.Report.Team);
        Assert.Equal(EscalationPhase.Running, life.Report.Clock!.Phase);
        Assert.True(life.Report.PromisedBy > life.Now);
        Assert.True(life.Report.NextDue < life.Report.PromisedBy);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("lighting.candle")]
    [InlineData("")]
    public void Without_a_known_category_and_words_that_tell_it_a_person_decides(string? category)
    {
        Assert.Equal("other.unclassified", Life.Of(Submit(category, text: "شي غريب هنا")).Report.Category);
        Assert.Equal("other.unclassified", Life.Of(Submit(category, text: null)).Report.Category);
        Assert.Equal("other.unclassified", Life.Of(Submit(category, text: "كلاب وبعوض")).Report.Category);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("lighting.candle")]
    public void Without_a_known_category_its_words_decide_and_the_event_names_them(string? category)
    {
        var life = Life.Of(Submit(category));

        Assert.Equal(("lighting.pole", Priority.High, "maintenance"), (life.Report.Category, life.Report.Priority, life.Report.Department));
        var reading = Assert.IsType<Received>(life.Events[0].Body).Reading!;
        Assert.True(reading is { Certain: true, Category: "lighting.pole", Confidence: > 0.4, Hazards: [] });
        Assert.Equal("عمود إنارة مكسور", reading.Terms[0]);
    }

    [Fact]
    public void What_the_sender_chose_stands_whatever_the_words_say()
    {
        var life = Life.Of(Submit("roads.pothole"));

        Assert.Equal("roads.pothole", life.Report.Category);
        Assert.Equal("lighting.pole", Assert.IsType<Received>(life.Events[0].Body).Reading!.Category);
    }

    [Theory]
    [InlineData("parks.neglected")]
    [InlineData("roads.pavement")]
    [InlineData(null)]
    public void Danger_in_the_words_makes_an_emergency_of_any_category_and_stays_one(string? category)
    {
        var life = Life.Of(Submit(category, text: "الحديقة مهملة وفيها سلك مكشوف"));

        Assert.Equal(Priority.Emergency, life.Report.Priority);
        Assert.Equal(life.Now.AddMinutes(30), life.Report.NextDue);
        Assert.NotEmpty(Assert.IsType<Received>(life.Events[0].Body).Reading!.Hazards);

        life.Accepts(Reclassify("parks.trees"));
        Assert.Equal(("parks.trees", Priority.Emergency), (life.Report.Category, life.Report.Priority));
    }

    [Fact]
    public void Without_a_place_it_waits_for_the_dispatcher_with_its_clock_running()
    {
        var life = Life.Of(Submit(noPlace: true));

        Assert.Equal("Unrouted", Assert.IsType<Assigned>(life.Events[1].Body).Rule);
        Assert.Null(life.Report.Municipality);
        Assert.NotNull(life.Report.NextDue);
    }

    [Fact]
    public void A_photo_that_says_where_places_a_report_without_a_place_and_keeps_its_words()
    {
        var words = new ReportPlace(Address: "خلف المدرسة");
        var life = Life.Of(Submit(place: words, files: [File("blind"), File("abroad", 30.04, 31.24), File("null", 0, 0), File("seeing", 26.4282, 50.0881)]));

        Assert.Equal(new ReportPlace(26.4282, 50.0881, "خلف المدرسة", Source: PlaceSource.Photo), life.Report.Place);
        Assert.Equal("central-dammam", life.Report.Municipality);
    }

    [Fact]
    public void A_place_that_was_given_beats_the_photos()
    {
        var life = Life.Of(Submit(place: Dammam, files: [File("elsewhere", 25.383, 49.587)]));

        Assert.Equal(Dammam, life.Report.Place);
    }

    [Fact]
    public void A_photo_from_abroad_leaves_the_place_open_for_a_better_one()
    {
        var life = Life.Of(Submit(noPlace: true, files: [File("abroad", 30.04, 31.24)]));
        Assert.Null(life.Report.Place);

        life.Accepts(Add(File("here", 26.4282, 50.0881)));

        Assert.Equal("central-dammam", life.Report.Municipality);
    }

    [Fact]
    public void A_category_of_another_body_is_referred_with_its_ladder_waiting_for_the_answer()
    {
        var life = Life.Of(Submit("utilities.traffic-signal"));
        var referred = Assert.IsType<Referred>(life.Events[1].Body);

        Assert.Equal((ReportStatus.Referred, "traffic"), (life.Report.Status, life.Report.Agency));
        Assert.Equal(("central-dammam", "customer-service"), (referred.Municipality, referred.Department));
        Assert.Equal(EscalationPhase.Paused, life.Report.Clock!.Phase);
        Assert.Equal(referred.RemindAt, life.Report.NextDue);
        Assert.True(referred.RemindAt < life.Report.Clock.ResumeAt);
    }

    [Fact]
    public void A_place_with_an_amana_of_its_own_is_referred_there()
    {
        var life = Life.Of(Submit(place: AlAhsa));

        Assert.Equal(ReportStatus.Referred, life.Report.Status);
        Assert.Equal("al-ahsa", life.Report.Municipality);
        Assert.Equal(life.Policy.Municipalities["al-ahsa"].ReferTo, life.Report.Agency);
    }

    [Fact]
    public void An_emergency_counts_real_time_even_in_the_night_of_a_holiday()
    {
        var night = new DateTimeOffset(2026, 3, 20, 23, 0, 0, TimeSpan.Zero);
        var life = new Life { Now = night };
        life.Accepts(Submit("lighting.exposed-wires"));

        Assert.Equal(Priority.Emergency, life.Report.Priority);
        Assert.Equal(night.AddMinutes(30), life.Report.NextDue);
        Assert.Equal(night.AddHours(4), life.Report.PromisedBy);
    }

    [Fact]
    public void An_enquiry_never_enters_a_field_queue()
    {
        var life = Life.Of(Submit("roads.pothole", kind: ReportKind.Enquiry));

        Assert.Equal(ReportStatus.Assigned, life.Report.Status);
        Assert.Null(life.Report.Team);
        life.Refuses(Refusal.EnquiryNeedsAnswer, Start());
        life.Refuses(Refusal.EnquiryNeedsAnswer, Resolve());
        life.Refuses(Refusal.EnquiryNeedsAnswer, Assign(team: "roads-central-dammam", department: "roads"));

        life.Accepts(Hold(life.Now.AddDays(1)));
        life.NextTick();

        Assert.Equal(ReportStatus.Assigned, life.Report.Status);
        Assert.Collection(life.Accepts(Answer()), one => Assert.IsType<Answered>(one), two => Assert.IsType<Closed>(two));
        Assert.Equal(ReportStatus.Closed, life.Report.Status);
    }

    [Fact]
    public void An_enquiry_that_waits_or_was_referred_can_be_answered()
    {
        Assert.Equal(ReportStatus.Closed, After(life => life.Accepts(Hold(life.Now.AddDays(1)))));
        Assert.Equal(ReportStatus.Closed, After(life => life.Accepts(Refer())));

        static ReportStatus After(Action<Life> first)
        {
            var life = Life.Of(Submit("enquiry.general", kind: ReportKind.Enquiry));
            first(life);
            life.Accepts(Answer());
            return life.Report.Status;
        }
    }

    [Fact]
    public void The_same_source_again_is_ignored_and_another_source_must_take_the_next_number()
    {
        var life = Life.Of(Submit());

        life.Ignores(Submit());
        life.Ignores(Submit("roads.pothole"));
        Assert.IsType<Decision.NumberTaken>(life.Send(Submit(source: ReportNumber.SourceHash("someone", "else"))));
        Assert.Equal(2, life.Report.Version);
    }

    [Fact]
    public void No_other_command_makes_a_report() => new Life().Refuses(Refusal.UnknownReport, Start());
}
