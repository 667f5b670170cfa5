using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Tests.Fixtures;

namespace Serverless940.Functions.Tests.Walk;

/// <summary>An agency hears of a report by e-mail and answers by the link in it. Each test has its own report.</summary>
public sealed class ReferralTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly AppFixture _app = shared.App;
    private readonly CitizenDriver _citizen = shared.Citizen;

    [Fact]
    public async Task What_the_agency_has_done_is_checked_by_us_and_the_citizen_hears_whose_word_it_is()
    {
        var (number, token, link) = await ReferAsync("0500000301");
        var mail = Assert.Single(await MailAsync(number));
        Assert.Contains("https://www.openstreetmap.org/?mlat=26.4282&mlon=50.0881", mail, StringComparison.Ordinal);
        Assert.Contains("عمود إنارة مكسور", mail, StringComparison.Ordinal);
        Assert.DoesNotContain("500000301", mail, StringComparison.Ordinal);

        using var page = await PageAsync(link);
        var html = await page.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("dir=\"rtl\"", html, StringComparison.Ordinal);
        Assert.Contains(number, html, StringComparison.Ordinal);
        Assert.Contains("نرجو النظر", html, StringComparison.Ordinal);
        Assert.DoesNotContain("500000301", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("We will do it by a date", await _app.Http.GetStringAsync(link + "?lang=en"), StringComparison.Ordinal);

        using var done = await FormAsync(link, ("outcome", "done"), ("note", "استبدلنا العمود"));
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        await _app.QuietAsync();

        Assert.Equal("resolved", (await _citizen.GetAsync(number, token)).GetProperty("status").GetString());
        Assert.Contains("إدارة المرور", (await _citizen.SmsAsync("+966500000301"))[^1].Text, StringComparison.Ordinal);
        using var used = await PageAsync(link);
        Assert.Equal(HttpStatusCode.Gone, used.StatusCode);
        Assert.Contains("أُجيب", await used.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var second = await FormAsync(link, ("outcome", "notOurs"), ("note", "no"));
        Assert.Equal(HttpStatusCode.Gone, second.StatusCode);
        using var repeated = await FormAsync(link, ("outcome", "done"), ("note", "استبدلنا العمود"));
        Assert.Equal(HttpStatusCode.OK, repeated.StatusCode);
        await _app.QuietAsync();
        Assert.Single(await _citizen.StepsAsync(number, token), step => step == "agencyAnswered");
    }

    [Fact]
    public async Task A_system_promises_a_date_by_JSON_and_gets_a_new_link_for_the_end_of_it()
    {
        var (number, token, link) = await ReferAsync("0500000302");
        var day = _app.Now.AddDays(6).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        using var promised = await _app.Http.PostAsJsonAsync(link, new { outcome = "willDo", by = day });
        Assert.Equal(HttpStatusCode.Accepted, promised.StatusCode);
        await _app.QuietAsync();

        Assert.Equal("referred", (await _citizen.GetAsync(number, token)).GetProperty("status").GetString());
        Assert.Contains(day, (await _citizen.SmsAsync("+966500000302"))[^1].Text, StringComparison.Ordinal);
        var next = LinkOf((await MailAsync(number))[^1]);
        Assert.NotEqual(link, next);
        using var old = await _app.Http.PostAsJsonAsync(link, new { outcome = "done", note = "late" });
        Assert.Equal("referralOver", (await AppFixture.JsonAsync(old)).GetProperty("code").GetString());
        using var done = await _app.Http.PostAsJsonAsync(next, new { outcome = "done", note = "mended" });
        Assert.Equal(HttpStatusCode.Accepted, done.StatusCode);
        await _app.QuietAsync();
        Assert.Equal("resolved", (await _citizen.GetAsync(number, token)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task What_is_not_theirs_is_ours_again_and_the_citizen_is_not_bothered()
    {
        var (number, token, link) = await ReferAsync("0500000303");
        var heard = (await _citizen.SmsAsync("+966500000303")).Count;

        using var back = await FormAsync(link, ("outcome", "notOurs"), ("note", "a private road"));
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        await _app.QuietAsync();

        Assert.Equal("assigned", (await _citizen.GetAsync(number, token)).GetProperty("status").GetString());
        Assert.Equal(heard, (await _citizen.SmsAsync("+966500000303")).Count);
        using var dispatcher = await StaffDriver.SignInAsync(_app, "dispatcher");
        var report = await dispatcher.ReportAsync(number);
        Assert.Equal("maintenance", report.GetProperty("department").GetString());
        Assert.Contains("a private road", report.GetProperty("events").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forged_foreign_or_expired_link_and_a_broken_answer_change_nothing()
    {
        var (number, token, link) = await ReferAsync("0500000304");
        var access = _app.Services.GetRequiredService<ReportAccess>();
        var version = await VersionAsync(number);
        string Link(string agency, int referral, int days) => access.AgencyLink(new AgencyQuestion(number, agency, referral, _app.Now.AddDays(days))).PathAndQuery;

        await RefusedAsync(link[..^1] + (link[^1] == 'A' ? 'Q' : 'A'), HttpStatusCode.NotFound, "notFound");
        await RefusedAsync("/api/agencies/answers/" + token, HttpStatusCode.NotFound, "notFound");
        await RefusedAsync(Link("electricity-company", 3, 5), HttpStatusCode.Gone, "referralOver");
        await RefusedAsync(Link("traffic", 2, 5), HttpStatusCode.Gone, "referralOver");
        await RefusedAsync(Link("traffic", 3, -1), HttpStatusCode.Gone, "referralLinkOver");

        await WrongAsync(link, new { outcome = "perhaps" }, "outcome");
        await WrongAsync(link, new { outcome = "done" }, "note");
        await WrongAsync(link, new { outcome = "willDo", by = "2020-01-01" }, "by");
        await WrongAsync(link, new { outcome = "willDo", by = "soon" }, "by");
        using var broken = await _app.Http.PostAsync(link, new StringContent("{"));
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        using var foreign = new HttpRequestMessage(HttpMethod.Post, link) { Content = JsonContent.Create(new { outcome = "done", note = "x" }) };
        foreign.Headers.Add("Origin", "https://elsewhere.example");
        using var refused = await _app.Http.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        await _app.QuietAsync();
        Assert.Equal(version, await VersionAsync(number));
    }

    private async Task<(string Number, string Token, string Link)> ReferAsync(string phone)
    {
        var (number, token) = await _citizen.ReportAsync(CitizenDriver.Pole(phone));
        await _app.QuietAsync();
        using var dispatcher = await StaffDriver.SignInAsync(_app, "dispatcher");
        await dispatcher.DoAsync(number, new { command = "refer", agency = "traffic", note = "نرجو النظر" });
        await _app.QuietAsync();
        return (number, token, LinkOf((await MailAsync(number))[^1]));
    }

    private async Task<IReadOnlyList<string>> MailAsync(string number) =>
        [.. (await _app.Http.GetFromJsonAsync<JsonElement>("/local/outbox/email?to=traffic@agencies.example")).EnumerateArray()
            .Select(mail => mail.GetProperty("text").GetString()!).Where(text => text.Contains(number, StringComparison.Ordinal))];

    private static string LinkOf(string mail)
    {
        var address = new Uri(mail[mail.LastIndexOf("https://", StringComparison.Ordinal)..].Trim());
        Assert.Equal("940.gov.example", address.Host);
        return address.PathAndQuery;
    }

    private async Task<HttpResponseMessage> PageAsync(string link)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        request.Headers.AcceptLanguage.ParseAdd("ar");
        return await _app.Http.SendAsync(request);
    }

    private async Task<HttpResponseMessage> FormAsync(string link, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await _app.Http.PostAsync(link, content);
    }

    private async Task RefusedAsync(string link, HttpStatusCode status, string code)
    {
        using var shown = await _app.Http.GetAsync(link);
        Assert.Equal((status, code), (shown.StatusCode, (await AppFixture.JsonAsync(shown)).GetProperty("code").GetString()));
        using var answered = await _app.Http.PostAsJsonAsync(link, new { outcome = "done", note = "mended" });
        Assert.Equal((status, code), (answered.StatusCode, (await AppFixture.JsonAsync(answered)).GetProperty("code").GetString()));
    }

    private async Task WrongAsync(string link, object body, string field)
    {
        using var response = await _app.Http.PostAsJsonAsync(link, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal([field], (await AppFixture.JsonAsync(response)).GetProperty("errors").EnumerateObject().Select(member => member.Name));
    }

    private async Task<int> VersionAsync(string number)
    {
        using var dispatcher = await StaffDriver.SignInAsync(_app, "dispatcher");
        return (await dispatcher.ReportAsync(number)).GetProperty("version").GetInt32();
    }
}
