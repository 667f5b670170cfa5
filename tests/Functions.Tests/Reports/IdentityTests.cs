using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Reports;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.Functions.Tests.Reports;

public sealed class IdentityTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly AppFixture _app = shared.App;
    private readonly CitizenDriver _citizen = shared.Citizen;

    [Fact]
    public async Task The_same_key_and_body_is_the_same_report_and_tells_the_citizen_once()
    {
        var body = CitizenDriver.Pole("0500000011");
        var first = await _citizen.ReportAsync(body, "key-0000-0000-0001");
        var second = await _citizen.ReportAsync(body, "key-0000-0000-0001");
        await _app.QuietAsync();
        Assert.Equal(first, second);
        Assert.Single(await _citizen.SmsAsync("+966500000011"));
        Assert.Equal(["received", "assigned"], await _citizen.StepsAsync(first.Number, first.Token));
    }

    [Fact]
    public async Task The_same_key_with_another_body_or_another_caller_is_another_report()
    {
        var first = await _citizen.ReportAsync(CitizenDriver.Pole("0500000012"), "key-0000-0000-0002");
        var otherCaller = await _citizen.ReportAsync(CitizenDriver.Pole("0500000013"), "key-0000-0000-0002");
        var otherBody = await _citizen.ReportAsync(new { text = "حفرة في الشارع", reporter = new { phone = "0500000012" } }, "key-0000-0000-0002");
        Assert.Equal(3, new[] { first.Number, otherCaller.Number, otherBody.Number }.Distinct().Count());
    }

    [Fact]
    public async Task Without_a_key_each_request_is_its_own_report()
    {
        var first = await _citizen.ReportAsync();
        var second = await _citizen.ReportAsync();
        Assert.NotEqual(first.Number, second.Number);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("with a space in the key")]
    public async Task A_key_that_is_no_key_is_refused(string key)
    {
        using var response = await _citizen.PostAsync(CitizenDriver.Pole(), key);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_token_opens_its_own_report_only()
    {
        var mine = await _citizen.ReportAsync();
        var other = await _citizen.ReportAsync();
        using var foreign = await _citizen.SendAsync(HttpMethod.Get, "/api/reports/" + other.Number, mine.Token);
        Assert.Equal(HttpStatusCode.Unauthorized, foreign.StatusCode);
        var forged = (mine.Token[0] == 'A' ? 'B' : 'A') + mine.Token[1..];
        using var changed = await _citizen.SendAsync(HttpMethod.Get, "/api/reports/" + mine.Number, forged);
        Assert.Equal(HttpStatusCode.Unauthorized, changed.StatusCode);
        using var none = await _app.Http.GetAsync("/api/reports/" + mine.Number);
        Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
        using var rating = await _citizen.RateAsync(other.Number, mine.Token, 5, 5);
        Assert.Equal(HttpStatusCode.Unauthorized, rating.StatusCode);
    }

    [Fact]
    public async Task A_report_can_be_asked_for_before_it_is_handled()
    {
        var access = _app.Services.GetRequiredService<ReportAccess>();
        var source = ReportNumber.SourceHash("not handled yet");
        var number = ReportNumber.Derive(source, 2026);
        using var response = await _citizen.SendAsync(HttpMethod.Get, "/api/reports/" + number, access.Token(number, source));
        var json = await AppFixture.JsonAsync(response);
        Assert.Equal("received", json.GetProperty("status").GetString());
        Assert.Equal(0, json.GetProperty("timeline").GetArrayLength());
        Assert.Equal("1", response.Headers.GetValues("Retry-After").Single());
    }

    [Fact]
    public async Task A_number_taken_by_another_source_leads_to_the_next_of_the_series_and_the_first_token_finds_it()
    {
        var first = await _citizen.ReportAsync(CitizenDriver.Pole("0500000014"));
        await _app.QuietAsync();
        // Another source whose eleven digits fall on the same number: forced, for it will not happen by chance here.
        var access = _app.Services.GetRequiredService<ReportAccess>();
        var source = ReportNumber.SourceHash("a second source of the same number");
        await SubmitAsync(first.Number, source, "+966500000015");
        await _app.QuietAsync();

        var token = access.Token(first.Number, source);
        var moved = await _citizen.GetAsync(first.Number, token);
        Assert.NotEqual(first.Number, moved.GetProperty("number").GetString());
        Assert.Equal(ReportNumber.Derive(source, _app.Now.Year, 1), moved.GetProperty("number").GetString());
        var sms = Assert.Single(await _citizen.SmsAsync("+966500000015"));
        Assert.Contains(moved.GetProperty("number").GetString()!, sms.Text, StringComparison.Ordinal);
        Assert.Equal(first.Number, (await _citizen.GetAsync(first.Number, first.Token)).GetProperty("number").GetString());

        // A file for the moved report must not land in the stranger's, whose number he was told first.
        using var photo = new ByteArrayContent(JpegSample.FromPhone(26.43, 50.1));
        using var uploaded = await _citizen.SendAsync(HttpMethod.Post, $"/api/reports/{first.Number}/attachments", token, photo);
        Assert.Equal(HttpStatusCode.Accepted, uploaded.StatusCode);
        await _app.QuietAsync();
        Assert.Equal(1, (await _citizen.GetAsync(first.Number, token)).GetProperty("attachments").GetArrayLength());
        Assert.Equal(0, (await _citizen.GetAsync(first.Number, first.Token)).GetProperty("attachments").GetArrayLength());
    }

    [Fact]
    public async Task A_repeat_over_the_turn_of_the_year_finds_its_report_under_both_numbers()
    {
        var intake = _app.Services.GetRequiredService<ReportIntake>();
        var source = ReportNumber.SourceHash("a repeat over the turn of the year");
        var wanted = new CheckedIntake(ReportKind.Report, null, "بلاغ", null, new Reporter("+966500000018", false, null, "ar"), Channel.Web);
        var tokens = new List<(string Number, string Token)>();
        foreach (var at in new[] { new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.FromHours(3)), new DateTimeOffset(2027, 1, 1, 0, 0, 1, TimeSpan.FromHours(3)) })
        {
            var receipt = intake.ReceiptOf(source, at);
            await intake.SubmitAsync(receipt, source, wanted, [], Actor.Citizen, null, at, CancellationToken.None);
            await _app.QuietAsync();
            tokens.Add((receipt.Number, receipt.Token));
        }

        Assert.NotEqual(tokens[0].Number, tokens[1].Number);
        foreach (var (number, token) in tokens)
        {
            Assert.Equal(tokens[0].Number, (await _citizen.GetAsync(number, token)).GetProperty("number").GetString());
            Assert.Equal(["received", "assigned"], await _citizen.StepsAsync(number, token));
        }

        Assert.Single(await _citizen.SmsAsync("+966500000018"));
    }

    [Fact]
    public async Task An_unproven_phone_gets_three_texts_a_day_from_all_senders_together()
    {
        for (var report = 0; report < 5; report++)
        {
            await _citizen.ReportAsync(new { text = $"بلاغ {report}", reporter = new { phone = "0500000016" } });
        }

        await _app.QuietAsync();
        Assert.Equal(3, (await _citizen.SmsAsync("+966500000016")).Count);
    }

    [Fact]
    public async Task A_short_link_opens_its_report_by_a_cookie_of_its_own()
    {
        var (number, _) = await _citizen.ReportAsync(CitizenDriver.Pole("0500000017"));
        await _app.QuietAsync();
        var text = (await _citizen.SmsAsync("+966500000017"))[0].Text;
        var code = text[^11..];
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false, CheckCertificateRevocationList = true };
        using var http = new HttpClient(handler) { BaseAddress = _app.Http.BaseAddress };
        using var opened = await http.GetAsync("/s/" + code);
        Assert.Equal(HttpStatusCode.Redirect, opened.StatusCode);
        Assert.Equal("/r/" + number, opened.Headers.Location!.OriginalString);
        var cookie = opened.Headers.GetValues("Set-Cookie").First(value => value.Contains("path=/api/reports/" + number, StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/reports/" + number);
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var report = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, report.StatusCode);
        using var unknown = await http.GetAsync("/s/AAAAAAAAAAA");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData("/s/AAAAAAAAAAA", HttpStatusCode.NotFound)]
    [InlineData("/f/AAAAAAAAAAA", HttpStatusCode.NotFound)]
    [InlineData("/r/26000000000000", HttpStatusCode.Unauthorized)]
    public async Task A_link_that_opens_nothing_tells_a_person_what_to_do_and_a_program_its_problem(string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        using var page = await _app.Http.SendAsync(request);
        Assert.Equal(status, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("940", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var problem = await _app.Http.GetAsync(path);
        Assert.Equal(status, problem.StatusCode);
        Assert.Equal("application/problem+json", problem.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_form_that_was_sent_is_thanked_for_and_not_shown_again()
    {
        var (number, token) = await _citizen.ReportAsync(CitizenDriver.Pole("0500000018"));
        await _app.QuietAsync();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false, CheckCertificateRevocationList = true };
        using var http = new HttpClient(handler) { BaseAddress = _app.Http.BaseAddress };
        http.DefaultRequestHeaders.Add("Cookie", $"report-{number}={token}");
        var form = $"action=\"/r/{number}/follow-up\"";
        Assert.Contains(form, await http.GetStringAsync("/r/" + number), StringComparison.Ordinal);

        using var content = new FormUrlEncodedContent(new Dictionary<string, string> { ["text"] = "لم يأت أحد" });
        using var sent = await http.PostAsync($"/r/{number}/follow-up", content);
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        Assert.Equal($"/r/{number}?sent=follow-up", sent.Headers.Location!.OriginalString);
        var page = await http.GetStringAsync(sent.Headers.Location);
        Assert.Contains("role=\"status\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain(form, page, StringComparison.Ordinal);
    }

    private Task SubmitAsync(string number, string source, string phone)
    {
        var id = "submit-" + source;
        return _app.Services.GetRequiredService<BusSender>().SendAsync(
            new OutgoingMessage(Names.Queues.Commands, id, number, new SubmitReport
            {
                Number = number, CommandId = id, At = _app.Now, Actor = Actor.Citizen, SourceHash = source, Channel = Channel.Web,
                Kind = ReportKind.Report, Text = "بلاغ ثان", Reporter = new Reporter(phone, false, null, "ar"),
            }),
            CancellationToken.None);
    }
}
