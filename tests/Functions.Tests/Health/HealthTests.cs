using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Tests.Fixtures;

namespace Serverless940.Functions.Tests.Health;

/// <summary>What an operator reads first.</summary>
public sealed class HealthTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly AppFixture _app = shared.App;

    [Fact]
    public async Task A_refusal_by_SMS_names_the_missing_role_until_a_text_is_taken()
    {
        var refused = _app.Services.GetRequiredService<RefusedPermissions>();
        refused.Refused("sms", Names.Roles.Sms);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "missing role: Communication and Email Service Owner"), await AskAsync("sms"));

        refused.Accepted("sms");
        Assert.Equal((HttpStatusCode.OK, "ok"), await AskAsync("bus-receive"));
    }

    private async Task<(HttpStatusCode Status, string? Check)> AskAsync(string check)
    {
        using var answer = await _app.Http.GetAsync("/api/health");
        return (answer.StatusCode, (await AppFixture.JsonAsync(answer)).GetProperty("checks").GetProperty(check).GetString());
    }
}
