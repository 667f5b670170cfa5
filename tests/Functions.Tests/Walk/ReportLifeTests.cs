using System.Net;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.Functions.Tests.Walk;

public sealed class ReportLifeTests
{
    [Fact]
    public async Task A_report_is_taken_routed_escalated_mended_verified_rated_and_reopened()
    {
        await using var app = await AppFixture.StartAsync();
        var citizen = new CitizenDriver(app);
        var (number, token) = await citizen.ReportAsync();
        await app.QuietAsync();
        var sms = Assert.Single(await citizen.SmsAsync());
        Assert.Contains(number, sms.Text, StringComparison.Ordinal);
        Assert.Equal(1, sms.Segments);
        var report = await citizen.GetAsync(number, token);
        Assert.Equal("assigned", report.GetProperty("status").GetString());
        Assert.Equal(["received", "assigned"], await citizen.StepsAsync(number, token));

        for (var halfDay = 0; halfDay < 7; halfDay++)
        {
            await app.AdvanceAsync(TimeSpan.FromHours(12));
        }

        var steps = await citizen.StepsAsync(number, token);
        Assert.True(steps.Count(step => step == "escalated") >= 3, string.Join(',', steps));

        using var field = await StaffDriver.SignInAsync(app, "field");
        using var verifier = await StaffDriver.SignInAsync(app, "verifier");
        await field.DoAsync(number, new { command = "start" });
        await app.QuietAsync();
        await field.DoAsync(number, new { command = "resolve", note = "replaced the pole", attachmentIds = new[] { await ProofAsync(app, field, number) } });
        await app.QuietAsync();
        await verifier.DoAsync(number, new { command = "verify", confirmed = true });
        await app.QuietAsync();
        Assert.Equal("closed", (await citizen.GetAsync(number, token)).GetProperty("status").GetString());
        Assert.Contains("https://940.gov.example/s/", (await citizen.SmsAsync())[^1].Text, StringComparison.Ordinal);

        using var rated = await citizen.RateAsync(number, token, 1, 2, "no");
        Assert.Equal(HttpStatusCode.Accepted, rated.StatusCode);
        await app.QuietAsync();
        Assert.Equal("assigned", (await citizen.GetAsync(number, token)).GetProperty("status").GetString());
        using var again = await citizen.RateAsync(number, token, 5, 5);
        Assert.Equal(HttpStatusCode.Gone, again.StatusCode);
    }

    private static async Task<string> ProofAsync(AppFixture app, StaffDriver field, string number)
    {
        var id = await field.AttachAsync(number, JpegSample.FromPhone(26.43, 50.1));
        await app.QuietAsync();
        return id;
    }
}
