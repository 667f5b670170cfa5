using System.Text;
using System.Text.RegularExpressions;
using Serverless940.Core.Notifications;
using Serverless940.Core.Reports;
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
        foreach (var language in MessageCatalogue.Default.Languages)
        {
            foreach (var template in MessageCatalogue.Default.Templates(language))
            {
                texts.Add(language, template);
            }
        }

        return texts;
    }

    [Fact]
    public void Arabic_and_English_are_there_and_every_language_has_every_text_with_the_same_places()
    {
        Assert.Superset(new HashSet<string> { "ar", "en" }, s_catalogue.Languages.ToHashSet());
        var names = s_catalogue.Templates("ar").Order(StringComparer.Ordinal).ToList();
        foreach (var language in s_catalogue.Languages)
        {
            Assert.Equal(names, s_catalogue.Templates(language).Order(StringComparer.Ordinal));
            Assert.All(names, name => Assert.Equal(Places(name, "ar"), Places(name, language)));
        }
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

    [Fact]
    public void The_Arabic_confirmation_is_one_segment()
    {
        Assert.Equal(1, s_catalogue.Find("received", "ar").MaxSegments);
        Assert.Equal(1, SmsLength.Of(s_catalogue.Render("received", "ar", Longest("ar"))).Segments);
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
            Assert.InRange(text.Length, 1, 280);
            Assert.DoesNotContain("{link}", s_catalogue.Find(template, language).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_language_without_texts_is_answered_in_English_and_an_unknown_text_is_an_error()
    {
        Assert.Equal(s_catalogue.Find("received", "en"), s_catalogue.Find("received", "ur"));
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
        };
    }

    private static IEnumerable<string> Places(string template, string language) =>
        PlaceNames().Matches(s_catalogue.Find(template, language).Text).Select(match => match.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{[a-zA-Z]+\}")]
    private static partial Regex PlaceNames();
}
