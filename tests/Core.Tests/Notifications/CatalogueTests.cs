using System.Text;
using System.Text.RegularExpressions;
using Serverless940.Core.Channels;
using Serverless940.Core.Notifications;
using Serverless940.Core.Reports;
using Serverless940.Core.Text;
using Serverless940.Core.Tests.Policies;

namespace Serverless940.Core.Tests.Notifications;

public sealed partial class CatalogueTests
{
    private static readonly MessageCatalogue s_catalogue = MessageCatalogue.Default;

    /// <summary>Words that could be read as another one, or look wrong, without the mark.</summary>
    private static readonly string[] s_marked = ["شكرًا", "أُغلق", "أُعيد", "ضُمّ", "وقيّموها", "توجيهًا"];

    public static TheoryData<string, string> Texts()
    {
        var texts = new TheoryData<string, string>();
        foreach (var language in MessageCatalogue.Default.Codes)
        {
            foreach (var template in MessageCatalogue.Default.Templates(language))
            {
                texts.Add(language, template);
            }
        }

        return texts;
    }

    /// <summary>Staff and agencies read Arabic or English; citizens any of our languages.</summary>
    private static bool IsForStaff(string template) =>
        template.StartsWith("staff.", StringComparison.Ordinal) || template.StartsWith("agency.", StringComparison.Ordinal);

    [Fact]
    public void Every_language_has_every_text_that_citizens_get_with_the_same_places()
    {
        Assert.Equal(Languages.All.Select(language => language.Code).Order(StringComparer.Ordinal), s_catalogue.Codes.Order(StringComparer.Ordinal));
        var all = s_catalogue.Templates("ar").Order(StringComparer.Ordinal).ToList();
        foreach (var language in s_catalogue.Codes)
        {
            var names = language is "ar" or "en" ? all : [.. all.Where(name => !IsForStaff(name))];
            Assert.Equal(names, s_catalogue.Templates(language).Order(StringComparer.Ordinal));
            Assert.All(names, name => Assert.True(Places(name, "ar").SequenceEqual(Places(name, language)), $"{language}: {name} has other places"));
        }
    }

    [Fact]
    public void Every_text_is_written_in_the_script_of_its_language_and_in_no_other_languages_words()
    {
        foreach (var language in Languages.All)
        {
            foreach (var template in s_catalogue.Templates(language.Code))
            {
                var words = PlaceNames().Replace(Bare(s_catalogue.Find(template, language.Code).Text), "");
                Assert.True(LanguageGuess.Of(words, language.Code) == language.Code, $"{language.Code}: {template} is not written in it: {words}");
            }

            var welcome = Bare(s_catalogue.Find("dialogue.welcome", language.Code).Text);
            Assert.True(LanguageGuess.Of(welcome) == language.Code, $"the welcome of {language.Code} is read as {LanguageGuess.Of(welcome)}");
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_counted_text_has_every_form_that_its_language_knows_or_none(string language, string template)
    {
        var found = s_catalogue.Find(template, language);
        if (found.Forms is not { } forms)
        {
            return;
        }

        var known = Enumerable.Range(0, 200).Append(1_000_000).Select(number => Languages.Find(language)!.Count(number)).Where(form => form != PluralForm.Other).Distinct();
        Assert.Equal(known.Order(), forms.Keys.Order());
        Assert.Contains($"{{{found.Counts}}}", found.Text, StringComparison.Ordinal);
        foreach (var number in new[] { "0", "1", "2", "3", "11", "100", "1000000" })
        {
            var text = s_catalogue.Render(template, language, new Dictionary<string, string>(Longest(language)) { [found.Counts!] = number });
            Assert.DoesNotContain('{', text);
            Assert.InRange(SmsLength.Of(text).Segments, 1, found.MaxSegments);
        }
    }

    [Fact]
    public void Arabic_counts_in_all_its_forms()
    {
        string Said(string most) => s_catalogue.Render("dialogue.tooMany", "ar", new Dictionary<string, string> { ["most"] = most });

        Assert.Equal("يقبل البلاغ مرفقا واحدا فقط، فلم نضف هذا.", Said("1"));
        Assert.Equal("يقبل البلاغ مرفقين فقط، فلم نضف هذا.", Said("2"));
        Assert.Equal("يقبل البلاغ 10 مرفقات فقط، فلم نضف هذا.", Said("10"));
        Assert.Equal("يقبل البلاغ 11 مرفقا فقط، فلم نضف هذا.", Said("11"));
        Assert.Equal("يقبل البلاغ 100 مرفق فقط، فلم نضف هذا.", Said("100"));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_with_its_longest_values_stays_within_its_segments(string language, string template)
    {
        var text = s_catalogue.Render(template, language, Longest(language));
        var length = SmsLength.Of(text);

        Assert.DoesNotContain('{', text);
        Assert.True(
            length.Segments <= s_catalogue.Find(template, language).MaxSegments,
            $"{length.Units} units in {length.Segments} segments, {s_catalogue.Find(template, language).MaxSegments} allowed: {text}");
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void No_text_may_cost_more_than_three_segments_and_the_confirmation_costs_one(string language, string template) =>
        // Agencies are written to by mail, which no segments are paid for.
        Assert.InRange(s_catalogue.Find(template, language).MaxSegments, 1, template == "received" ? 1 : template.StartsWith("agency.", StringComparison.Ordinal) ? 8 : 3);

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_button_fits_every_channel(string language, string template)
    {
        if (template.StartsWith("dialogue.button.", StringComparison.Ordinal))
        {
            // WhatsApp's buttons and Messenger's quick replies: twenty.
            Assert.InRange(s_catalogue.Find(template, language).Text.Length, 1, 20);
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_is_composed_and_plain_and_counts_in_western_digits(string language, string template)
    {
        var text = s_catalogue.Find(template, language).Text;

        Assert.True(text.IsNormalized(NormalizationForm.FormC));
        Assert.Equal(text, Core.Text.PlainText.Clean(text));
        Assert.Equal(text, Core.Text.Digits.ToWestern(text));
        Assert.DoesNotMatch("[\u200e\u200f\u061c\u0640]", text);
        if (language == "ar")
        {
            var unmarked = s_marked.Aggregate(text, (rest, word) => rest.Replace(word, "", StringComparison.Ordinal));
            Assert.DoesNotMatch("[\u064b-\u0652\u0670]", unmarked);
            // Formats have no Arabic names, and the way to English must be readable to who needs it.
            var arabic = text.Replace("JPEG", "", StringComparison.Ordinal).Replace("PNG", "", StringComparison.Ordinal)
                .Replace("For English, send: English", "", StringComparison.Ordinal);
            Assert.DoesNotMatch("[A-Za-z]", PlaceNames().Replace(arabic, ""));
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_may_be_said_in_public_fits_a_post_and_holds_no_link(string language, string template)
    {
        if (template.StartsWith("dialogue.", StringComparison.Ordinal) || template == "received.public")
        {
            var text = s_catalogue.Render(template, language, Longest(language));
            // X counts letters from U+1100 on twice, and Ethiopic is among them.
            Assert.InRange(text.Sum(letter => letter < 0x1100 ? 1 : 2), 1, 280);
            Assert.DoesNotContain("{link}", s_catalogue.Find(template, language).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_language_without_texts_is_answered_in_English_and_an_unknown_text_is_an_error()
    {
        Assert.Equal(s_catalogue.Find("received", "en"), s_catalogue.Find("received", "de"));
        Assert.Equal(s_catalogue.Find("staff.assigned", "en"), s_catalogue.Find("staff.assigned", "ur"));
        Assert.Throws<KeyNotFoundException>(() => s_catalogue.Find("nothing", "ar"));
    }

    [Fact]
    public void Values_are_put_in_as_they_are()
    {
        var values = new Dictionary<string, string> { ["number"] = "{link}", ["link"] = "x" };

        Assert.Equal("News on report {link}:\nx", s_catalogue.Render("comment", "en", values));
        Assert.Equal("News on report :\n", s_catalogue.Render("comment", "en", new Dictionary<string, string>()));
    }

    /// <summary>The longest values that the example city can put into a text.</summary>
    internal static Dictionary<string, string> Longest(string language)
    {
        var policy = ExamplePolicy.Policy;
        return new Dictionary<string, string>
        {
            ["number"] = new('8', ReportNumber.Length),
            ["case"] = new('8', ReportNumber.Length),
            ["link"] = "https://940.test/s/AAAAAAAAAAA", // the thirty units that a link may have
            ["category"] = policy.Categories.Values.Select(category => category.Name.In(language)).MaxBy(name => name.Length)!,
            ["municipality"] = policy.Municipalities.Values.Select(place => place.Name.In(language)).MaxBy(name => name.Length)!,
            ["agency"] = policy.Agencies.Values.Select(agency => agency.Name.In(language)).MaxBy(name => name.Length)!,
            ["agencyPhone"] = policy.Agencies.Values.Select(agency => agency.Phone ?? "-").MaxBy(phone => phone.Length)!,
            // What staff write is Arabic or English, whatever the citizen reads.
            ["reason"] = new string('ض', 60),
            ["level"] = "4",
            ["metres"] = "2000",
            ["most"] = "10",
            ["until"] = "2026-04-30 14:00",
            ["photos"] = "10",
        };
    }

    // The way to English must be readable to who needs it, and formats have one name everywhere.
    private static string Bare(string text) => text.Replace("For English, send: English", "", StringComparison.Ordinal)
        .Replace("للعربية أرسلوا: عربي", "", StringComparison.Ordinal).Replace("JPEG", "", StringComparison.Ordinal).Replace("PNG", "", StringComparison.Ordinal);

    private static IEnumerable<string> Places(string template, string language) =>
        PlaceNames().Matches(s_catalogue.Find(template, language).Text).Select(match => match.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{[a-zA-Z]+\}")]
    private static partial Regex PlaceNames();
}
