using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Core.Tests.Reports;
using Serverless940.Core.Voice;
using static Serverless940.Core.Tests.Reports.Orders;

namespace Serverless940.Core.Tests.Voice;

public sealed class PhoneTreeTests
{
    private static readonly DateTimeOffset s_night = Sunday.AddHours(14);

    [Fact]
    public void A_report_is_told_by_keys_and_voice_alone_and_its_number_read_back()
    {
        var call = Telephone.Dial(at: s_night).Press("1", "1", "2", "1", "732121212919", "1").Speak();

        Assert.Equal(CallStep.Submitted, call.Step);
        var submit = Assert.Single(call.Submitted);
        Assert.Equal(("lighting.pole", "RAAA2919"), (submit.Category, submit.Place!.NationalAddress));
        Assert.Equal((Telephone.Phone, true, "ar"), (submit.Reporter.Phone, submit.Reporter.PhoneProven, submit.Reporter.Language));
        Assert.Equal([submit.Number], call.Spelled);
        Assert.True(ReportNumber.IsValid(submit.Number));
        var recording = call.Said[^1].Recording!;
        Assert.Equal(("RE1", Channel.Phone, submit.Number, submit.SourceHash), (recording.MediaId, recording.Channel, recording.Number, recording.SourceHash));
        Assert.Equal([call.Turn.State.Sent], call.Press("1").Spelled);
        Assert.IsType<CallWait.HangUp>(call.Press("7").Turn.Wait);
        Assert.Single(call.HangUp().Submitted);
    }

    [Fact]
    public void The_same_keys_in_the_same_call_make_the_same_report_and_a_second_one_is_another()
    {
        var once = Telephone.Dial().Press("1", "1", "3", "4").Speak();
        var again = Telephone.Dial().Press("1", "1", "3", "4").Speak();
        var second = again.Press("*", "1", "3", "4").Speak("RE2");

        Assert.Equal(once.Submitted[0].Number, again.Submitted[0].Number);
        Assert.Equal(once.Said[^1].Recording!.AttachmentId, again.Said[^2].Recording is null ? once.Said[^1].Recording!.AttachmentId : again.Said[^2].Recording!.AttachmentId);
        Assert.Equal(2, second.Submitted.Select(submit => submit.Number).Distinct().Count());
    }

    [Fact]
    public void The_language_is_asked_once_and_remembered()
    {
        var first = Telephone.Dial();
        Assert.Equal(CallStep.Language, first.Step);
        Assert.Equal(["ar", "en"], first.Turn.Prompts.OfType<Prompt.Clip>().Where(clip => clip.Name == "language.choose").Select(clip => clip.Language));

        first.Press("2");
        Assert.Equal("en", Assert.Single(first.Said).Language);
        var again = Telephone.Dial(caller: new CallerProfile("en"));
        Assert.Equal((CallStep.Menu, "en"), (again.Step, again.Turn.State.Language));
        Assert.Equal("ar", again.Press("9", "1").Turn.State.Language);
    }

    [Fact]
    public void The_place_of_the_last_report_and_its_number_are_a_key_away()
    {
        var caller = new CallerProfile("ar", LastPlace: Dammam, LastNumber: Number);
        var call = Telephone.Dial(caller: caller).Press("1", "3", "3").Speak();

        Assert.Equal(Dammam, call.Submitted[0].Place);
        Assert.DoesNotContain("place.last", Telephone.Dial().Press("1", "1", "3").Heard);
        Assert.Equal(CallStep.Status, Telephone.Dial(caller: caller, reports: Life.Of(Submit()).Report).Press("2", "*").Step);
    }

    [Fact]
    public void A_plate_is_read_back_and_can_be_keyed_again()
    {
        var call = Telephone.Dial().Press("1", "1", "3", "2", "4417");
        Assert.Equal(["4417"], call.Spelled);
        Assert.Equal("4471", call.Press("2", "2", "4471", "1").Speak().Submitted[0].Place!.PlateCode);
    }

    [Fact]
    public void An_enquiry_by_its_key_never_enters_a_field_queue() =>
        Assert.Equal(ReportKind.Enquiry, Telephone.Dial().Press("1", "1", "9", "4").Speak().Submitted[0].Kind);

    [Fact]
    public void Who_says_nothing_is_asked_again_and_the_keys_are_enough_then()
    {
        var call = Telephone.Dial().Press("1", "1", "3", "4").Silence();
        Assert.Equal(CallStep.Description, call.Step);
        Assert.Equal("roads.pothole", Assert.Single(call.Silence().Submitted).Category);
        Assert.Null(call.Said[^1].Recording);
    }

    [Fact]
    public void Three_wrong_keys_lead_out_and_what_was_said_is_sent()
    {
        var call = Telephone.Dial(at: s_night).Press("1", "1", "3", "9", "9");
        Assert.Equal(CallStep.Place, call.Step);
        Assert.Contains("again.wrong", call.Heard);
        call.Press("9");
        Assert.IsType<CallWait.HangUp>(call.Turn.Wait);
        Assert.Equal(Assert.Single(call.Submitted).Number, Assert.Single(call.Spelled));
        Assert.IsType<CallWait.HangUp>(Telephone.Dial(at: s_night).Silence().Silence().Silence().Turn.Wait);
        Assert.IsType<CallWait.Agent>(Telephone.Dial().Silence().Silence().Silence().Turn.Wait);
    }

    /// <summary>Keys up to a hang-up, and what becomes of what was said.</summary>
    public static TheoryData<string?, string[], int, int> HangUps { get; } = new()
    {
        { Telephone.Phone, [], 0, 0 },
        { Telephone.Phone, ["1"], 0, 0 },
        { Telephone.Phone, ["1", "1"], 0, 0 },
        { Telephone.Phone, ["1", "1", "3"], 1, 0 },
        { Telephone.Phone, ["1", "1", "0"], 0, 1 },
        { Telephone.Phone, ["1", "1", "3", "1"], 1, 0 },
        { Telephone.Phone, ["1", "1", "3", "1", "732121212919"], 1, 0 },
        { Telephone.Phone, ["1", "1", "3", "1", "732121212919", "1"], 1, 0 },
        { Telephone.Phone, ["1", "1", "3", "*"], 1, 0 },
        { null, ["1", "1", "3"], 0, 1 },
        { null, ["1", "1", "3", "1", "732121212919", "1"], 1, 0 },
        { null, ["1", "1", "3", "2", "4417", "1"], 1, 0 },
    };

    [Theory]
    [MemberData(nameof(HangUps))]
    public void A_hang_up_at_any_step_loses_nothing(string? phone, string[] keys, int reports, int kept)
    {
        var call = Telephone.Dial(phone).Press(keys).HangUp().HangUp();

        Assert.Equal((reports, kept), (call.Submitted.Count, call.Kept.Count));
    }

    [Fact]
    public void A_step_that_comes_after_the_end_is_not_lost_and_an_older_one_never_goes_back()
    {
        var told = Telephone.Dial().Press("1", "1", "3", "1", "732121212919", "1");
        var (category, place) = (told.Said[^2], told.Said[^1]);

        var late = CallFile.Take(CallFile.Take(null, told.HangUp().Said[0] with { End = CallEnd.Over }).After, category);
        Assert.NotNull(late.Submit);
        var reversed = CallFile.Take(CallFile.Take(null, place).After, category);
        Assert.Equal("RAAA2919", reversed.After.Draft!.Place!.NationalAddress);
    }

    [Fact]
    public void An_agent_takes_over_what_was_said()
    {
        var call = Telephone.Dial().Press("1", "1", "3", "*", "0");
        Assert.Equal(call.Policy.Phone!.AgentPhone, Assert.IsType<CallWait.Agent>(call.Turn.Wait).Phone);

        Assert.Equal(CallStep.Menu, Telephone.Dial().Press("1", "0").Dialled("no-answer").Step);
        call.Dialled("completed").HangUp();
        Assert.Empty(call.Submitted);
        Assert.True(Assert.Single(call.Kept).HandedOver);
        Assert.Contains("agent.closed", Telephone.Dial(at: s_night).Press("1", "0").Heard);
    }

    [Fact]
    public void How_a_report_stands_is_heard_by_its_number()
    {
        var report = Life.Of(Submit()).Report with { Reporter = new Reporter(Telephone.Phone, true, null, "ar") };
        var own = Telephone.Dial(reports: report).Press("1", "2", Number);
        Assert.Equal(CallStep.Status, own.Step);
        Assert.Superset(new HashSet<string> { "status.about", "status.assigned", "status.promised" }, own.Heard.ToHashSet());

        var others = Telephone.Dial("+966500000009", reports: report).Press("1", "2", Number);
        Assert.Contains("status.assigned", others.Heard);
        Assert.DoesNotContain("status.about", others.Heard);
        Assert.DoesNotContain("menu.followUp", others.Heard);
        Assert.Contains("number.wrong", Telephone.Dial(reports: report).Press("1", "2", Number[..13]).Heard);
        Assert.Contains("number.unknown", Telephone.Dial(reports: report).Press("1", "2", OtherNumber).Heard);
    }

    [Fact]
    public void An_ignored_report_is_followed_up_by_voice_from_its_own_phone_only()
    {
        var report = Life.Of(Submit()).Report with { Reporter = new Reporter(Telephone.Phone, true, null, "ar") };
        var call = Telephone.Dial(reports: report).Press("1", "3", Number).Speak("RE7");

        var said = call.Said[^1];
        Assert.Equal((CallStep.FollowedUp, Number), (call.Step, said.FollowUp!.Number));
        Assert.Equal([said.FollowUp.CaseNumber], call.Spelled);
        Assert.Equal([said.Recording!.AttachmentId], said.FollowUp.AttachmentIds);
        Assert.Equal(report.SourceHash[..32], said.Recording.SourceHash![..32]);
        Assert.Contains("number.otherPhone", Telephone.Dial("+966500000009", reports: report).Press("1", "3", Number).Heard);
        Assert.Equal(CallPurpose.FollowUp, Assert.Single(Telephone.Dial(reports: report).Press("1", "3", Number).HangUp().Kept).Draft.Purpose);
    }

    [Fact]
    public void A_closing_is_rated_by_keys_once()
    {
        var report = Closed();
        var call = Telephone.Dial(reports: report).Press("1", "4", Number, "2", "4", "5", "3");

        var rate = call.Said[^1].Rate!;
        Assert.Equal((Solved.Partly, 4, 5, 3), (rate.Solved, rate.Quality, rate.Speed, rate.Agent));
        Assert.Equal($"rate-{Number}-1", rate.CommandId);
        Assert.Contains("rate.notNow", Telephone.Dial(reports: report with { RatedClosure = 1 }).Press("1", "4", Number).Heard);
        Assert.Equal(4, Assert.Single(Telephone.Dial(reports: report).Press("1", "4", Number, "1", "4").HangUp().Kept).Draft.Quality);
    }

    [Fact]
    public void The_centre_calls_with_the_news_and_the_same_tree_asks_the_survey()
    {
        var report = Closed();
        var call = Telephone.Ring(new CallNews(Number, "closed", "en", null, null), report);

        Assert.Equal(("en", true), (call.Turn.State.Language, call.Heard.Contains("news.closed")));
        Assert.Equal([Number], call.Spelled);
        Assert.Equal(Solved.Yes, call.Press("2", "1", "5", "5", "0").Said[^1].Rate!.Solved);
        Assert.Null(call.Said[^1].Rate!.Agent);

        var held = Telephone.Ring(new CallNews(Number, "held", "ar", "بانتظار قطعة", null));
        Assert.Equal("بانتظار قطعة", Assert.Single(held.Turn.Prompts.OfType<Prompt.Words>()).Text);
        Assert.DoesNotContain("menu.rate", held.Heard);
        Assert.IsType<CallWait.HangUp>(held.Press("2").Turn.Wait);
    }

    [Fact]
    public void News_by_voice_is_chosen_by_key_and_goes_with_the_report()
    {
        var call = Telephone.Dial().Press("1", "8", "1", "3", "4").Speak();

        Assert.True(call.Said[1].ByVoice);
        Assert.True(call.Submitted[0].Reporter.ByVoice);
        Assert.DoesNotContain("menu.byVoice", Telephone.Dial(null).Press("1").Heard);
    }

    [Fact]
    public void Recorded_information_comes_from_the_policy()
    {
        var call = Telephone.Dial().Press("1", "5", "3");

        Assert.Contains(call.Policy.Information.Single(topic => topic.KeypadDigit == 3).Text.In("ar"), call.Turn.Prompts.OfType<Prompt.Words>().Select(words => words.Text));
        Assert.Equal(CallStep.Menu, call.Press("*").Step);
    }

    [Fact]
    public void An_address_opens_for_its_own_call_and_purpose_only()
    {
        var key = "one key"u8.ToArray();
        var text = SealedText.Seal(key, "state", "CA1", "نص");

        Assert.Equal("نص", SealedText.Open(key, "state", "CA1", text));
        Assert.Null(SealedText.Open(key, "state", "CA2", text));
        Assert.Null(SealedText.Open(key, "news", "CA1", text));
        Assert.Null(SealedText.Open("another"u8, "state", "CA1", text));
        Assert.Null(SealedText.Open(key, "state", "CA1", (text[0] == 'A' ? "B" : "A") + text[1..]));
        Assert.All([null, "", "****", "AAAA"], other => Assert.Null(SealedText.Open(key, "state", "CA1", other)));
    }

    [Fact]
    public void Whatever_is_pressed_the_tree_answers_in_words_that_exist_and_its_address_stays_short()
    {
        var names = PromptCatalogue.Default.Names("ar").ToHashSet();
        var report = Closed();
        string[] inputs = ["0", "1", "2", "3", "4", "5", "8", "9", "*", "732121212919", "4417", Number, "77", "", "voice"];
        var used = new HashSet<string>();
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var call = Telephone.Dial(caller: new CallerProfile("ar", LastPlace: Dammam, LastNumber: Number), reports: report);
            for (var step = 0; step < 40 && call.Turn.Wait is not CallWait.HangUp; step++)
            {
                used.UnionWith(call.Heard);
                Assert.NotEmpty(call.Turn.Prompts);
                Assert.InRange(call.Address().Length, 1, 2500);
                var input = inputs[random.Next(inputs.Length)];
                _ = call.Turn.Wait is CallWait.Agent ? call.Dialled("busy") : input switch { "" => call.Silence(), "voice" => call.Speak(), _ => call.Press(input) };
            }
        }

        Assert.Subset(names, used);
        Assert.True(used.Count > 50, $"only {used.Count} prompts were heard");
    }

    private static Report Closed()
    {
        var life = Life.Of(Submit() with { Agent = "agent-1", Reporter = new Reporter(Telephone.Phone, true, null, "ar") });
        life.Accepts(Add(File("proof", purpose: AttachmentPurpose.Proof)));
        life.Accepts(Resolve(files: "proof"));
        life.Accepts(Verify());
        return life.Report;
    }
}
