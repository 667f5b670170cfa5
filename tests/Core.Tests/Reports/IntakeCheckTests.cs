using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Core.Tests.Policies;

namespace Serverless940.Core.Tests.Reports;

public sealed class IntakeCheckTests
{
    private static readonly IntakeRequest s_good = new(
        null, "lighting.pole", "عمود", new IntakeLocation(26.4282, 50.0881, null, null, null, null), new IntakeReporter("0500000001", null, null), null, null);

    [Fact]
    public void A_good_request_is_taken_as_it_is()
    {
        var (intake, errors) = Check(s_good with
        {
            Reporter = new IntakeReporter("٠٥٠٠٠٠٠٠٠١", " سعاد ", "EN-gb"),
            Location = new IntakeLocation(26.4282, 50.0881, " شارع ", "raaa2919", "P 12", "east-dammam"),
        });

        Assert.Empty(errors);
        Assert.Equal(new Reporter("+966500000001", false, "سعاد", "en"), intake!.Reporter);
        Assert.Equal(new ReportPlace(26.4282, 50.0881, "شارع", "RAAA2919", "P 12", "east-dammam"), intake.Place);
        Assert.Equal((ReportKind.Report, Channel.Web), (intake.Kind, intake.Channel));
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_in_both_languages()
    {
        var errors = Wrong(new IntakeRequest(
            null, "lighting.candle", new string('ا', 4001),
            new IntakeLocation(26.4, null, new string('ا', 301), "12", new string('1', 41), "atlantis"),
            new IntakeReporter("123", new string('ا', 101), null), Channel.Phone, null));

        Assert.Equal(
            ["category", "channel", "location", "location.address", "location.municipality", "location.nationalAddress", "location.plateCode", "reporter.name", "reporter.phone", "text"],
            errors.Select(error => error.Field).Order(StringComparer.Ordinal));
        Assert.All(errors, error =>
        {
            Assert.Matches(@"\p{IsArabic}", error.Reason.In("ar"));
            Assert.DoesNotMatch(@"\p{IsArabic}", error.Reason.In("en"));
        });
    }

    [Theory]
    [InlineData(50.0881, 26.4282, "swapped")]
    [InlineData(30.0444, 31.2357, "outside")] // Cairo
    [InlineData(24.7136, 46.6753, "outside")] // Riyadh has its own centre
    [InlineData(0, 0, "no coordinates")]
    [InlineData(91, 50, "no coordinates")]
    [InlineData(double.NaN, 50, "no coordinates")]
    [InlineData(26, double.PositiveInfinity, "no coordinates")]
    public void A_place_that_cannot_be_ours_is_refused_with_the_reason(double lat, double lon, string reason)
    {
        var error = Assert.Single(Wrong(s_good with { Location = new IntakeLocation(lat, lon, null, null, null, null) }));

        Assert.Equal("location", error.Field);
        Assert.Contains(reason, error.Reason.In("en"), StringComparison.Ordinal);
    }

    [Fact]
    public void Four_thousand_letters_are_taken_and_one_more_is_not()
    {
        Assert.Empty(Check(s_good with { Text = new string('ا', 4000) }).Errors);
        Assert.Equal("text", Assert.Single(Wrong(s_good with { Text = new string('ا', 4001) })).Field);
    }

    [Fact]
    public void Control_characters_overrides_and_half_pairs_are_left_out()
    {
        var (intake, _) = Check(s_good with { Text = "a\0\u202eb\ud83d\ufffe\r\nc" });

        Assert.Equal("ab\nc", intake!.Text);
    }

    [Fact]
    public void Text_or_category_or_a_file_must_say_what_it_is()
    {
        Assert.Equal("text", Assert.Single(Wrong(s_good with { Text = " ", Category = null })).Field);
        Assert.Equal("text", Assert.Single(Wrong(s_good with { Text = "\u202e", Category = null })).Field);
        Assert.Empty(Check(s_good with { Text = null }).Errors);
        Assert.Empty(Check(s_good with { Category = null }).Errors);
        Assert.Empty(Check(s_good with { Text = null, Category = null }, hasFiles: true).Errors);
    }

    [Fact]
    public void A_place_or_a_phone_is_needed_and_an_empty_one_is_none()
    {
        Assert.Equal("location", Assert.Single(Wrong(s_good with { Location = null, Reporter = null })).Field);
        Assert.Equal("location", Assert.Single(Wrong(s_good with { Location = new IntakeLocation(null, null, " ", "", null, null), Reporter = new IntakeReporter(" ", "x", null) })).Field);
        Assert.Empty(Check(s_good with { Location = null }).Errors);
        Assert.Empty(Check(s_good with { Reporter = null }).Errors);
        Assert.Empty(Check(s_good with { Location = new IntakeLocation(null, null, "خلف السوق", null, null, null), Reporter = null }).Errors);
        Assert.Equal("reporter.phone", Assert.Single(Wrong(s_good with { Location = null, Reporter = new IntakeReporter("12", null, null) })).Field);
    }

    [Theory]
    [InlineData(Channel.App, true)]
    [InlineData(Channel.Web, true)]
    [InlineData(Channel.Desk, false)]
    [InlineData(Channel.Open311, false)]
    [InlineData(Channel.Phone, false)]
    [InlineData(Channel.WhatsApp, false)]
    [InlineData((Channel)77, false)]
    public void The_public_route_takes_no_word_for_it_that_a_report_came_another_way(Channel channel, bool taken)
    {
        Assert.Equal(taken, Check(s_good with { Channel = channel }).Errors.Count == 0);
        Assert.Empty(IntakeCheck.Check(s_good with { Channel = channel }, false, ExamplePolicy.Policy, channel).Errors);
    }

    [Theory]
    [InlineData(null, "ar")]
    [InlineData("", "ar")]
    [InlineData("ar-SA", "ar")]
    [InlineData("en_US", "en")]
    [InlineData("fil", "fil")]
    [InlineData("x", "ar")]
    [InlineData("عربي", "ar")]
    [InlineData("../../etc", "ar")]
    public void A_language_is_its_primary_subtag_or_the_citys(string? tag, string expected) =>
        Assert.Equal(expected, IntakeCheck.Language(tag, ExamplePolicy.Policy));

    private static (CheckedIntake? Intake, IReadOnlyList<Core.Text.FieldError> Errors) Check(IntakeRequest request, bool hasFiles = false) =>
        IntakeCheck.Check(request, hasFiles, ExamplePolicy.Policy, Channel.Web);

    private static IReadOnlyList<Core.Text.FieldError> Wrong(IntakeRequest request)
    {
        var (intake, errors) = Check(request);
        Assert.Null(intake);
        return errors;
    }
}
