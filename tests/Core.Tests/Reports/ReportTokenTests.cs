using Serverless940.Core.Reports;

namespace Serverless940.Core.Tests.Reports;

public sealed class ReportTokenTests
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] s_otherKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly string s_token = ReportToken.Create(s_key, Orders.Number, Orders.Source);

    [Fact]
    public void A_token_opens_its_report_and_says_which_source_it_was_given_to()
    {
        Assert.Matches("^[A-Za-z0-9_-]{43}$", s_token);
        Assert.Equal(Orders.Source[..32], ReportToken.Verify(s_key, Orders.Number, s_token));
    }

    [Fact]
    public void Two_sources_of_one_number_have_tokens_that_tell_them_apart()
    {
        var other = ReportNumber.SourceHash("test", "another");
        var token = ReportToken.Create(s_key, Orders.Number, other);

        Assert.NotEqual(s_token, token);
        Assert.Equal(other[..32], ReportToken.Verify(s_key, Orders.Number, token));
    }

    [Fact]
    public void The_token_of_another_report_and_that_of_another_key_open_nothing()
    {
        Assert.Null(ReportToken.Verify(s_key, Orders.OtherNumber, s_token));
        Assert.Null(ReportToken.Verify(s_otherKey, Orders.Number, s_token));
    }

    [Fact]
    public void A_token_with_any_letter_changed_opens_nothing()
    {
        for (var at = 0; at < s_token.Length; at++)
        {
            foreach (var letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".Where(letter => letter != s_token[at]))
            {
                var forged = string.Concat(s_token.AsSpan(0, at), [letter], s_token.AsSpan(at + 1));
                Assert.True(ReportToken.Verify(s_key, Orders.Number, forged) is null, $"letter {at} may be '{letter}'");
            }
        }
    }

    [Fact]
    public void A_cut_or_padded_or_foreign_text_opens_nothing_and_throws_nothing()
    {
        string?[] tokens =
        [
            null, "", s_token[..42], s_token[..22], s_token + "A", s_token + "=", s_token[..42] + "=", s_token[..42] + " ", " " + s_token[..42],
            s_token[..42] + "+", s_token[..42] + "/", s_token[..42] + "é", s_token[..42] + "٣", new string('\0', 43), new string('=', 43), new string(' ', 43),
        ];

        Assert.All(tokens, token => Assert.Null(ReportToken.Verify(s_key, Orders.Number, token)));
    }

    [Fact]
    public void A_short_code_has_eleven_characters_and_depends_on_key_number_and_source()
    {
        string[] codes =
        [
            ReportToken.ShortCode(s_key, Orders.Number, Orders.Source),
            ReportToken.ShortCode(s_otherKey, Orders.Number, Orders.Source),
            ReportToken.ShortCode(s_key, Orders.OtherNumber, Orders.Source),
            ReportToken.ShortCode(s_key, Orders.Number, ReportNumber.SourceHash("x")),
        ];

        Assert.All(codes, code => Assert.Matches("^[A-Za-z0-9_-]{11}$", code));
        Assert.Equal(4, codes.Distinct().Count());
        Assert.Equal(codes[0], ReportToken.ShortCode(s_key, Orders.Number, Orders.Source));
    }
}
