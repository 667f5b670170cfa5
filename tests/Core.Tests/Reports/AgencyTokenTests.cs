using Serverless940.Core.Reports;

namespace Serverless940.Core.Tests.Reports;

public sealed class AgencyTokenTests
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly AgencyQuestion s_question = new(Orders.Number, "national-water-company", 4, Orders.Sunday.AddDays(33));
    private static readonly string s_token = AgencyToken.Create(s_key, s_question);

    [Fact]
    public void A_token_says_what_was_asked_until_its_end()
    {
        Assert.Matches("^[A-Za-z0-9_-]{60,120}$", s_token);
        Assert.Equal((s_question, false), AgencyToken.Read(s_key, s_token, s_question.Expires.AddMinutes(-1)));
        Assert.Equal((s_question, true), AgencyToken.Read(s_key, s_token, s_question.Expires));
    }

    [Fact]
    public void What_another_key_signed_or_anything_changed_is_none_of_ours()
    {
        Assert.Null(AgencyToken.Read([.. s_key.Reverse()], s_token, Orders.Sunday));
        for (var at = 0; at < s_token.Length; at++)
        {
            Assert.Null(AgencyToken.Read(s_key, s_token[..at] + (s_token[at] == 'x' ? 'y' : 'x') + s_token[(at + 1)..], Orders.Sunday));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64url!")]
    public void What_is_no_token_is_none(string? token) => Assert.Null(AgencyToken.Read(s_key, token, Orders.Sunday));

    [Fact]
    public void A_token_longer_than_any_is_not_read() =>
        Assert.Null(AgencyToken.Read(s_key, AgencyToken.Create(s_key, s_question with { Agency = new string('a', AgencyToken.MaxLength) }), Orders.Sunday));
}
