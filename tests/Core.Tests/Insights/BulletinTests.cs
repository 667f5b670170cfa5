using System.Text.RegularExpressions;
using Serverless940.Core.Insights;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Tests.Policies;

namespace Serverless940.Core.Tests.Insights;

public sealed partial class BulletinTests
{
    private static readonly KpiPeriod s_week = new(new DateOnly(2026, 3, 20), new DateOnly(2026, 3, 26));
    private static readonly DateTimeOffset s_now = new(2026, 3, 27, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_first_week_of_shawwal_reads_as_the_press_statement_did()
    {
        var text = Write(TheWeek(), "ar").Text;

        Assert.Contains("أكثر من ٨٠٠ بلاغ خلال الأسبوع الأول من شهر شوال ١٤٤٧هـ", text, StringComparison.Ordinal);
        Assert.Contains("بلدية غرب الدمام: ٢٠٠ بلاغ", text, StringComparison.Ordinal);
        Assert.Contains("وأُحيل خلالها ١٨٨ بلاغًا", text, StringComparison.Ordinal);
        Assert.Contains("رضا المستفيدين أكثر من ٨٩ في المئة", text, StringComparison.Ordinal);
        Assert.Contains("وشملت البلاغات ١٨ بلدية", text, StringComparison.Ordinal);
    }

    [Fact]
    public void English_says_the_same()
    {
        var text = Write(TheWeek(), "en").Text;

        Assert.Contains("more than 800 reports in the first week of Shawwal 1447 AH", text, StringComparison.Ordinal);
        Assert.Contains("200 reports", text, StringComparison.Ordinal);
        Assert.Contains("188 reports were passed on", text, StringComparison.Ordinal);
        Assert.Contains("more than 89 %", text, StringComparison.Ordinal);
        Assert.Contains("18 municipalities", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_was_asked_is_not_said()
    {
        var (book, cell) = (new KpiBook(), Cell("west-dammam"));
        book.Add([Day(cell, Measure.Received, 40)]);

        var bulletin = Write(book, "en");

        Assert.Equal(["The 940 centre of Eastern Province Amana received 40 reports in the first week of Shawwal 1447 AH."], bulletin.Sentences);
        Assert.Single(bulletin.Tiles);
    }

    [Fact]
    public void Too_little_is_told_without_a_number()
    {
        var book = new KpiBook();
        book.Add([Day(Cell("west-dammam"), Measure.Received, 4)]);

        foreach (var language in BulletinTexts.Languages)
        {
            var bulletin = Write(book, language);
            Assert.Single(bulletin.Sentences);
            Assert.Empty(bulletin.Tiles);
            Assert.Empty(bulletin.Municipalities);
        }
    }

    [Fact]
    public void Small_municipalities_are_told_together()
    {
        var book = new KpiBook();
        book.Add([Day(Cell("west-dammam"), Measure.Received, 100), Day(Cell("qatif"), Measure.Received, 3), Day(Cell("saihat"), Measure.Received, 2)]);

        var bulletin = Write(book, "en");

        Assert.Equal([("west-dammam", 100), (Suppression.Others, 5)], bulletin.Municipalities.Select(line => (line.Key, line.Received)));
        Assert.DoesNotContain("municipalities.", bulletin.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, "7 reports")]
    [InlineData(99, "99 reports")]
    [InlineData(800, "800 reports")]
    [InlineData(801, "more than 800 reports")]
    [InlineData(849, "more than 800 reports")]
    [InlineData(851, "more than 850 reports")]
    [InlineData(1234, "more than 1,200 reports")]
    [InlineData(121_776, "more than 121,000 reports")]
    public void Numbers_are_rounded_down_and_never_up(int number, string told) => Assert.Equal(told, BulletinTexts.In("en").Rounded(number, "reports"));

    [Theory]
    [InlineData(1, "بلاغ واحد")]
    [InlineData(2, "بلاغان")]
    [InlineData(3, "٣ بلاغات")]
    [InlineData(10, "١٠ بلاغات")]
    [InlineData(11, "١١ بلاغًا")]
    [InlineData(99, "٩٩ بلاغًا")]
    [InlineData(100, "١٠٠ بلاغ")]
    [InlineData(103, "١٠٣ بلاغات")]
    [InlineData(188, "١٨٨ بلاغًا")]
    public void Arabic_counts_in_its_own_forms(int number, string told) => Assert.Equal(told, BulletinTexts.In("ar").Count(number, "reports"));

    [Theory]
    [InlineData(89, 100, "89 %")]
    [InlineData(893, 1000, "more than 89 %")]
    [InlineData(1, 1000, "less than 1 %")]
    [InlineData(0, 10, "0 %")]
    [InlineData(10, 10, "100 %")]
    [InlineData(999, 1000, "more than 99 %")]
    public void Shares_are_rounded_down_and_never_up(int part, int whole, string told) => Assert.Equal(told, BulletinTexts.In("en").Share(new KpiShare(part, whole)));

    [Fact]
    public void Every_language_has_every_text_with_the_same_values()
    {
        var arabic = BulletinTexts.In("ar");
        foreach (var language in BulletinTexts.Languages.Select(BulletinTexts.In))
        {
            // Other languages have fewer forms of a number.
            Assert.DoesNotContain(arabic.Names.Except(language.Names), name => !PluralForm().IsMatch(name));
            Assert.Empty(language.Names.Except(arabic.Names));
            Assert.All(language.Names.Where(name => name != "municipalities.other"), name => Assert.Equal(Values(arabic[name]), Values(language[name])));
        }
    }

    /// <summary>The figures of the statement: over 800, 18 municipalities, 200 in West Dammam, 188 passed on, over 89 % satisfied.</summary>
    internal static KpiBook TheWeek()
    {
        var book = new KpiBook();
        var municipalities = ExamplePolicy.Policy.Municipalities.Values.Where(one => one.ReferTo is null).Select(one => one.Id).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(18, municipalities.Count);
        foreach (var id in municipalities)
        {
            var count = id == "west-dammam" ? 200 : 36;
            book.Add([Day(Cell(id), Measure.Received, count), Day(Cell(id), Measure.NowClosed, count * 3 / 4)]);
        }

        var cell = Cell("west-dammam");
        book.Add(
        [
            Day(cell, Measure.Referred, 188), Day(cell, Measure.Asked, 500), Day(cell, Measure.Rated, 120),
            Day(cell, Measure.Quality, 108, 5), Day(cell, Measure.Quality, 12, 2), Day(cell, Measure.Speed, 107, 4), Day(cell, Measure.Speed, 13, 1),
        ]);
        return book;
    }

    private static Bulletin Write(KpiBook book, string language) => Bulletin.Write(book, s_week, ExamplePolicy.Policy, s_now, language);

    private static KpiCell Cell(string municipality) => new(municipality, "maintenance", "lighting.pole", Channel.App, Priority.Normal, KpiCell.Oneself);

    private static KpiDelta Day(KpiCell cell, Measure measure, int count, int detail = 0) =>
        new(new KpiRow(KpiRowKind.Day, new DateOnly(2026, 3, 22)), cell, KpiKey.Of(measure, (ulong)detail), count);

    private static IEnumerable<string> Values(string text) => Placeholder().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\.(one|two|few|many)$")]
    private static partial Regex PluralForm();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();
}
