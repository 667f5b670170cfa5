using System.Collections.Frozen;
using System.Text;
using System.Xml.Linq;
using Serverless940.Core.Messages;
using Serverless940.Core.Notifications;
using Serverless940.Core.Text;
using Serverless940.Core.Voice;

namespace Serverless940.Core.Tests.Voice;

public sealed class SpeechTests
{
    private static readonly Uri s_next = new("https://940.example/api/channels/voice/go?s=a&b");
    private static readonly Speech s_spoken = new(Speech.TryRead("ar=Polly.Zeina:arb;en=Polly.Joanna:en-US", out _)!, FrozenSet<string>.Empty, null);

    public static TheoryData<string, string> Prompts()
    {
        var prompts = new TheoryData<string, string>();
        foreach (var language in PromptCatalogue.Default.Languages)
        {
            foreach (var name in PromptCatalogue.Default.Names(language))
            {
                prompts.Add(language, name);
            }
        }

        return prompts;
    }

    [Fact]
    public void Arabic_and_English_come_first_and_every_language_has_every_prompt()
    {
        Assert.Equal(["ar", "en"], PromptCatalogue.Default.Languages.Take(2));
        var names = PromptCatalogue.Default.Names("ar").Order(StringComparer.Ordinal).ToList();
        Assert.All(PromptCatalogue.Default.Languages, language => Assert.Equal(names, PromptCatalogue.Default.Names(language).Order(StringComparer.Ordinal)));
        Assert.All(Enum.GetValues<ReportStatus>(), status => Assert.Contains("status." + char.ToLowerInvariant(status.ToString()[0]) + status.ToString()[1..], names));
    }

    [Fact]
    public void Whatever_a_citizen_is_told_by_text_can_be_told_by_a_call() =>
        Assert.All(
            MessageCatalogue.Default.Templates("ar").Where(template => !template.Contains('.', StringComparison.Ordinal)),
            template => Assert.Contains("news." + template, PromptCatalogue.Default.Names("ar")));

    [Theory]
    [MemberData(nameof(Prompts))]
    public void A_prompt_can_be_said(string language, string name)
    {
        var text = PromptCatalogue.Default.Find(name, language);

        Assert.Equal(text, PlainText.Clean(text));
        Assert.True(text.IsNormalized(NormalizationForm.FormC));
        Assert.Equal(text, Digits.ToWestern(text));
        Assert.InRange(text.Length, 3, 400);
        Assert.DoesNotMatch("[{}<>&]|https?:", text);
        if (language == "ar")
        {
            Assert.Matches("[\u0620-\u064A]", text);
        }
    }

    [Theory]
    [InlineData("ar=Polly.Zeina:arb", true)]
    [InlineData("ar=Polly.Hala-Neural:ar-AE;en=Polly.Amy:en-GB;hi=Polly.Aditi:hi-IN", true)]
    [InlineData("ar=Polly.Zeina:ar-SA", false)]
    [InlineData("ar=Polly.Zeina:ar-AE", false)]
    [InlineData("ar=Polly.Fatima:arb", false)]
    [InlineData("ar=Polly.Joanna:en-US", false)]
    [InlineData("en=Polly.Joanna", false)]
    [InlineData("Polly.Joanna:en-US", false)]
    public void Only_voices_that_exist_with_the_language_they_speak_are_taken(string text, bool taken)
    {
        Assert.Equal(taken, Speech.TryRead(text, out var problem) is not null);
        Assert.Equal(taken, problem is null);
        Assert.DoesNotContain(Speech.Known, pair => pair.Value == "ar-SA");
    }

    [Fact]
    public void Keys_are_gathered_and_a_step_always_follows()
    {
        var response = Write([new Prompt.Clip("welcome"), new Prompt.Spelled("26114839271504")], new CallWait.Keys(1));

        var gather = response.Element("Gather")!;
        Assert.Equal((s_next.AbsoluteUri, "1", "true"), (gather.Attribute("action")!.Value, gather.Attribute("numDigits")!.Value, gather.Attribute("actionOnEmptyResult")!.Value));
        Assert.Equal(["2, 6", "1, 1, 4, 8", "3, 9, 2, 7", "1, 5, 0, 4"], gather.Elements("Say").Skip(1).Select(say => say.Value));
        Assert.All(gather.Elements("Say"), say => Assert.Equal(("Polly.Zeina", "arb"), (say.Attribute("voice")!.Value, say.Attribute("language")!.Value)));
        Assert.Equal(s_next.AbsoluteUri, response.Elements().Last().Value);
        Assert.Equal("Redirect", response.Elements().Last().Name);
    }

    [Fact]
    public void A_voice_is_recorded_with_an_action_and_a_step_after_it()
    {
        var response = Write([], new CallWait.Voice(120));

        Assert.Equal((s_next.AbsoluteUri, "120"), (response.Element("Record")!.Attribute("action")!.Value, response.Element("Record")!.Attribute("maxLength")!.Value));
        Assert.Equal(["Record", "Redirect"], response.Elements().Select(verb => verb.Name.LocalName));
        Assert.Equal(["Dial"], Write([], new CallWait.Agent("+966130000004")).Elements().Select(verb => verb.Name.LocalName));
        Assert.Equal(["Hangup"], Write([], new CallWait.HangUp()).Elements().Select(verb => verb.Name.LocalName));
    }

    [Fact]
    public void Foreign_words_cannot_become_verbs()
    {
        var response = Write([new Prompt.Words(null, "</Say><Dial>+1&\u0000\ud800\"'")], new CallWait.HangUp());

        Assert.Equal(["Say", "Hangup"], response.Elements().Select(verb => verb.Name.LocalName));
        Assert.StartsWith("</Say><Dial>+1& ", response.Element("Say")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Recorded_languages_are_played_and_only_free_words_are_said()
    {
        var speech = s_spoken with { Recorded = new[] { "ar" }.ToFrozenSet(), Recordings = new Uri("https://files.example/ivr/") };
        var response = XDocument.Parse(Twiml.Write(
            [new Prompt.Clip("welcome"), new Prompt.Words("category.roads.pothole", "حفر"), new Prompt.Words(null, "سبب"), new Prompt.Spelled("RA")], new CallWait.HangUp(), "ar", speech, s_next)).Root!;

        Assert.Equal(
            ["https://files.example/ivr/ar/welcome.mp3", "https://files.example/ivr/ar/category.roads.pothole.mp3", "https://files.example/ivr/ar/sign.r.mp3", "https://files.example/ivr/ar/sign.a.mp3"],
            response.Elements("Play").Select(play => play.Value));
        Assert.Equal("سبب", Assert.Single(response.Elements("Say")).Value);
        Assert.Equal(["ar", "en"], speech.Languages);
        Assert.Equal(["en"], (s_spoken with { Voices = Speech.TryRead("en=Polly.Joanna:en-US", out _)! }).Languages);
    }

    [Theory]
    [InlineData("732121212919", "RAAA2919")]
    [InlineData("777*2*2*2*2919", "RAAA2919")]
    [InlineData("749493219999", "SZYA9999")]
    [InlineData("742121212919", "SAAA2919")]
    [InlineData("752121212919", null)]
    [InlineData("242121212919", null)]
    [InlineData("702121212919", null)]
    [InlineData("132121212919", null)]
    [InlineData("77777*2*2*2*2919", null)]
    [InlineData("72*2*2*2*2919", null)]
    [InlineData("*2*2*2*2919", null)]
    [InlineData("777*2*2*2*291", null)]
    [InlineData("73212121291", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_short_code_is_keyed_by_key_and_place_or_by_repeated_pressing(string? pressed, string? code)
    {
        Assert.Equal(code is not null, KeypadCode.TryRead(pressed, out var read));
        Assert.Equal(code, read);
    }

    [Fact]
    public void Every_letter_has_its_own_keys() =>
        Assert.All(Enumerable.Range('A', 26), letter =>
        {
            var code = new string((char)letter, 4) + "1234";
            Assert.True(KeypadCode.TryRead(KeypadCode.Press(code), out var read));
            Assert.Equal(code, read);
        });

    private static XElement Write(IReadOnlyList<Prompt> prompts, CallWait wait) => XDocument.Parse(Twiml.Write(prompts, wait, "ar", s_spoken, s_next)).Root!;
}
