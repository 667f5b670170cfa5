using Serverless940.Core.Reports;

namespace Serverless940.Core.Tests.Reports;

public sealed class ReportNumberTests
{
    private static readonly string[] s_numbers =
        [.. Enumerable.Range(0, 2000).Select(i => ReportNumber.Derive(ReportNumber.SourceHash("test", $"{i}"), 2026))];

    [Fact]
    public void A_number_has_fourteen_digits_and_begins_with_the_year()
    {
        Assert.All(s_numbers, number =>
        {
            Assert.Matches("^26[0-9]{12}$", number);
            Assert.True(ReportNumber.IsValid(number));
        });
        Assert.StartsWith("05", ReportNumber.Derive(ReportNumber.SourceHash("a"), 2105), StringComparison.Ordinal);
    }

    [Fact]
    public void The_check_digit_is_Damms()
    {
        // 572 has the check digit 4: the example that goes with the published table.
        Assert.True(ReportNumber.IsValid("00000000005724"));
        Assert.False(ReportNumber.IsValid("00000000005723"));
    }

    [Fact]
    public void Every_single_wrong_digit_is_noticed()
    {
        foreach (var number in s_numbers)
        {
            var digits = number.ToCharArray();
            for (var at = 0; at < digits.Length; at++)
            {
                for (var wrong = '0'; wrong <= '9'; wrong++)
                {
                    digits[at] = wrong;
                    Assert.Equal(wrong == number[at], ReportNumber.IsValid(new string(digits)));
                }

                digits[at] = number[at];
            }
        }
    }

    [Fact]
    public void Every_swap_of_two_neighbours_is_noticed()
    {
        foreach (var number in s_numbers)
        {
            for (var at = 0; at + 1 < number.Length; at++)
            {
                var digits = number.ToCharArray();
                (digits[at], digits[at + 1]) = (digits[at + 1], digits[at]);
                Assert.Equal(number[at] == number[at + 1], ReportNumber.IsValid(new string(digits)));
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0000000000572")]
    [InlineData("000000000005724")]
    [InlineData("0000000000572a")]
    [InlineData("٠٠٠٠٠٠٠٠٠٠٥٧٢٤")]
    [InlineData(" 0000000005724")]
    public void What_is_not_fourteen_western_digits_is_no_number(string? written) => Assert.False(ReportNumber.IsValid(written));

    [Fact]
    public void The_same_source_has_the_same_number_and_its_series_goes_on_the_same_way()
    {
        var source = ReportNumber.SourceHash("whatsapp", "wamid.1");
        var series = Enumerable.Range(0, 50).Select(attempt => ReportNumber.Derive(source, 2026, attempt)).ToList();

        Assert.Equal(series, Enumerable.Range(0, 50).Select(attempt => ReportNumber.Derive(source, 2026, attempt)));
        Assert.Equal(50, series.Distinct().Count());
        Assert.All(series, number => Assert.True(ReportNumber.IsValid(number)));
        Assert.NotEqual(series[0][2..], ReportNumber.Derive(ReportNumber.SourceHash("whatsapp", "wamid.2"), 2026)[2..]);
        Assert.Throws<ArgumentOutOfRangeException>(() => ReportNumber.Derive(source, 2026, -1));
    }

    [Fact]
    public void Numbers_are_stable_across_versions_of_this_code()
    {
        // Numbers that citizens hold and tokens that were given out depend on this. Worked out by another program.
        var source = ReportNumber.SourceHash("whatsapp", "wamid.1");

        Assert.Equal("a3207d7a990397c1f72e2f447749fe57cbde0e6b9d59c2c2098b2ceb921ccc86", source);
        Assert.Equal("26816835452409", ReportNumber.Derive(source, 2026));
        Assert.Equal("26595870710527", ReportNumber.Derive(source, 2026, 1));
    }

    [Fact]
    public void Digits_are_spread_evenly()
    {
        for (var at = 2; at < ReportNumber.Length; at++)
        {
            var counts = s_numbers.GroupBy(number => number[at]).ToDictionary(group => group.Key, group => group.Count());
            Assert.Equal(10, counts.Count);
            // 200 expected of 2,000; six standard deviations (13.4) either way.
            Assert.All(counts.Values, count => Assert.InRange(count, 120, 280));
        }

        Assert.Equal(s_numbers.Length, s_numbers.Distinct().Count());
    }

    [Fact]
    public void Parts_of_an_identity_cannot_pose_as_others()
    {
        string[] hashes =
        [
            ReportNumber.SourceHash("ab", "c"), ReportNumber.SourceHash("a", "bc"), ReportNumber.SourceHash("abc"),
            ReportNumber.SourceHash("abc", ""), ReportNumber.SourceHash("", "abc"), ReportNumber.SourceHash("a", "b", "c"),
            ReportNumber.SourceHash("a\0b", "c"), ReportNumber.SourceHash("a", "b\0c"),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.All(hashes, hash => Assert.Matches("^[0-9a-f]{64}$", hash));
    }
}
