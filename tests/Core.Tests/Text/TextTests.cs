using System.Globalization;
using System.Text;
using System.Text.Json;
using Serverless940.Core.Reports;
using Serverless940.Core.Text;

namespace Serverless940.Core.Tests.Text;

public sealed class TextTests
{
    [Theory]
    [InlineData("٠١٢٣٤٥٦٧٨٩")] // Arabic-Indic
    [InlineData("۰۱۲۳۴۵۶۷۸۹")] // Persian, Urdu
    [InlineData("०१२३४५६७८९")] // Devanagari
    [InlineData("০১২৩৪৫৬৭৮৯")] // Bengali
    [InlineData("௦௧௨௩௪௫௬௭௮௯")] // Tamil
    [InlineData("๐๑๒๓๔๕๖๗๘๙")] // Thai
    [InlineData("０１２３４５６７８９")] // full width
    [InlineData("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")] // beyond the basic plane
    [InlineData("0123456789")]
    public void Digits_of_every_script_become_western(string written) => Assert.Equal("0123456789", Digits.ToWestern(written));

    [Fact]
    public void Every_decimal_digit_of_Unicode_becomes_its_value_and_no_other_letter_changes()
    {
        for (var point = 0; point <= 0x10FFFF; point++)
        {
            if (!Rune.IsValid(point))
            {
                continue;
            }

            var rune = new Rune(point);
            var expected = Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber
                ? ((int)Rune.GetNumericValue(rune)).ToString(CultureInfo.InvariantCulture) : rune.ToString();
            if (Digits.ToWestern(rune.ToString()) != expected)
            {
                Assert.Fail($"U+{point:X4}");
            }
        }
    }

    [Theory]
    [InlineData("عمود ½ ⅳ ² ①")]
    [InlineData("مبنى ١٢ شارع ٥", "مبنى 12 شارع 5")]
    public void Fractions_numerals_and_letters_stay(string written, string? expected = null) => Assert.Equal(expected ?? written, Digits.ToWestern(written));

    [Theory]
    [InlineData("0500000001", "+966500000001")]
    [InlineData("500000001", "+966500000001")]
    [InlineData("966500000001", "+966500000001")]
    [InlineData("+966500000001", "+966500000001")]
    [InlineData("00966500000001", "+966500000001")]
    [InlineData("+966 0500000001", "+966500000001")]
    [InlineData("9660500000001", "+966500000001")]
    [InlineData("050 000-0001", "+966500000001")]
    [InlineData("(050) 000.0001", "+966500000001")]
    [InlineData("٠٥٠٠٠٠٠٠٠١", "+966500000001")]
    [InlineData("۰۵۰۰۰۰۰۰۰۱", "+966500000001")]
    [InlineData("\u202a+966 50 000 0001\u202c", "+966500000001")]
    [InlineData("\u061c050\u2011000\u20110001", "+966500000001")]
    [InlineData("0590000001", "+966590000001")]
    [InlineData("0570000001", "+966570000001")]
    [InlineData("0579000001", "+966579000001")]
    [InlineData("0579100001", "+966579100001")]
    [InlineData("0138000001", "+966138000001")]
    [InlineData("+966138000001", "+966138000001")]
    [InlineData("+97333000001", "+97333000001")]
    [InlineData("0012025550100", "+12025550100")]
    public void A_phone_is_understood_however_it_is_typed(string typed, string expected) => Assert.Equal(expected, PhoneNumber.TryNormalize(typed));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("05")]
    [InlineData("050000001")]
    [InlineData("05000000011")]
    [InlineData("0520000001")] // 52 is not given out
    [InlineData("0579200001")] // of 579 only 5790 and 5791 are
    [InlineData("0579900001")]
    [InlineData("0188000001")] // no such area
    [InlineData("0412345678")]
    [InlineData("+9665000000011")]
    [InlineData("+0500000001")]
    [InlineData("+1234567")] // too short for any country
    [InlineData("+1234567890123456")] // longer than E.164 allows
    [InlineData("050000000a")]
    [InlineData("05+0000001")]
    [InlineData("911")]
    [InlineData("<script>0500000001")]
    [InlineData("0500000001\0")]
    [InlineData("00000000000000")]
    public void What_cannot_be_a_phone_is_none(string? typed) => Assert.Null(PhoneNumber.TryNormalize(typed));

    [Fact]
    public void A_page_of_digits_is_no_phone() => Assert.Null(PhoneNumber.TryNormalize(new string('5', 100_000)));

    [Theory]
    [InlineData("+966500000001", true)]
    [InlineData("+966138000001", false)]
    [InlineData("+97333000001", true)]
    public void A_landline_of_ours_takes_no_sms(string phone, bool takes) => Assert.Equal(takes, PhoneNumber.CanReceiveSms(phone));

    [Fact]
    public void Every_refusal_has_its_problem()
    {
        foreach (var refusal in Enum.GetValues<Refusal>())
        {
            var code = JsonNamingPolicy.CamelCase.ConvertName(refusal.ToString());
            Assert.Equal(code, Problems.All.SingleOrDefault(problem => problem.Code == code)?.Code);
            Assert.InRange(Problems.Of(code).Status, 400, 499);
        }
    }

    [Fact]
    public void Every_problem_speaks_both_languages()
    {
        Assert.All(Problems.All, problem =>
        {
            Assert.Matches(@"\p{IsArabic}{2}", problem.Title.In("ar"));
            Assert.DoesNotMatch(@"\p{IsArabic}", problem.Title.In("en"));
            Assert.True(problem.Title.In("en").Length > 5, problem.Code);
            Assert.Matches("^[a-z][A-Za-z]+$", problem.Code);
            Assert.True(problem.Title.In("ar").IsNormalized(NormalizationForm.FormC));
        });
        Assert.Equal(410, Problems.Of("alreadyRated").Status);
        Assert.Equal(410, Problems.Of("ratingOver").Status);
        Assert.Equal(409, Problems.Of("notAllowedInStatus").Status);
        Assert.Throws<KeyNotFoundException>(() => Problems.Of("nothing"));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(" \t\n ", null)]
    [InlineData("\u202e\u2066\ufeff", null)]
    [InlineData("  عمود  ", "عمود")]
    [InlineData("a\0b\u001b[31mc\u0085d", "ab[31mcd")]
    [InlineData("one\ntwo\tthree", "one\ntwo\tthree")]
    [InlineData("\u202eevil\u202c \u2067x\u2069", "evil x")]
    [InlineData("half \ud83d pair", "half  pair")]
    [InlineData("no character \ufffe\uffff\ufdd0.", "no character .")]
    [InlineData("cafe\u0301", "café")]
    [InlineData("\u0627\u0653", "آ")]
    [InlineData("👷🏽‍♂️", "👷🏽‍♂️")]
    public void Text_of_strangers_is_made_harmless_and_stays_readable(string? written, string? expected) => Assert.Equal(expected, PlainText.Clean(written));

    [Fact]
    public void Marks_piled_up_on_one_letter_are_cut_and_those_of_any_language_stay()
    {
        var pile = string.Concat(Enumerable.Repeat("\u0315\u0316", 200_000));

        var cleaned = PlainText.Clean("ع" + pile + "د" + pile)!;

        Assert.Equal(2 * 31, cleaned.Length);
        Assert.StartsWith("ع\u0316", cleaned, StringComparison.Ordinal);
        Assert.Equal("ض\u0650\u0651", PlainText.Clean("ض\u0651\u0650"));
    }

    [Fact]
    public void A_text_falls_back_to_English_for_other_languages_and_to_Arabic_without_it()
    {
        Assert.Equal("b", new LocalizedText("أ", "b").In("ur"));
        Assert.Equal("أ", new LocalizedText("أ", "b").In("ar"));
        Assert.Equal("أ", new LocalizedText(new Dictionary<string, string> { ["ar"] = "أ" }).In("ur"));
        Assert.Throws<ArgumentException>(() => new LocalizedText(new Dictionary<string, string> { ["en"] = "b" }));
        Assert.Equal(new LocalizedText("أ", "b"), new LocalizedText("أ", "b"));
        Assert.NotEqual(new LocalizedText("أ", "b"), new LocalizedText("أ", "c"));
    }
}
