using Microsoft.AspNetCore.Http;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Tests.Platform;

public sealed class RequestLimiterTests
{
    [Theory]
    [InlineData("203.0.113.7:50001", "203.0.113.7:50002")]
    [InlineData("203.0.113.7", "198.51.100.1, 203.0.113.7:443")]
    [InlineData("[2001:db8:1:2::3]:50001", "[2001:db8:1:2::3]:50002")]
    [InlineData("2001:db8:1:2::3", "[2001:db8:1:2:ffff::9]:50002")]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7")]
    public void Another_port_claim_or_address_of_the_same_line_is_no_other_caller(string first, string second)
    {
        using var limiter = new RequestLimiter(new RateLimitSettings(1));
        Assert.True(limiter.Allows(From(first)));
        Assert.False(limiter.Allows(From(second)));
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.8")]
    [InlineData("2001:db8:1:2::3", "2001:db8:1:3::3")]
    [InlineData("203.0.113.7", "203.0.113.7, 198.51.100.1")]
    public void Another_line_is_another_caller(string first, string second)
    {
        using var limiter = new RequestLimiter(new RateLimitSettings(1));
        Assert.True(limiter.Allows(From(first)));
        Assert.True(limiter.Allows(From(second)));
    }

    private static HttpRequest From(string forwarded)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers["X-Forwarded-For"] = forwarded;
        return request;
    }
}
