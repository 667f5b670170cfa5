using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Tests.Fixtures;

namespace Serverless940.Functions.Tests.Channels;

/// <summary>The telephone through the front door.</summary>
public sealed class VoiceTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private const string Answer = "/api/channels/voice/answer";

    private readonly AppFixture _app = shared.App;
    private readonly CitizenDriver _citizen = shared.Citizen;

    [Fact]
    public async Task A_whole_report_by_telephone_its_voice_its_status_and_the_text_to_the_caller()
    {
        const string Phone = "+966500000201";
        var call = new CallDriver(_app, Phone);
        await call.DialAsync();
        Assert.Contains("For English", call.Heard, StringComparison.Ordinal);
        await call.PressAsync("2", "1", "2", "1", "732121212919");
        Assert.Contains("R, A, A, A 2, 9, 1, 9", call.Heard, StringComparison.Ordinal);
        await call.PressAsync("1");
        Assert.Equal("voice", call.Waits);
        await call.SpeakAsync();
        var number = call.Number;
        Assert.True(ReportNumber.IsValid(number), call.Heard);
        await call.HangUpAsync();
        await _app.QuietAsync();

        var report = await FindAsync(number);
        Assert.Equal((Channel.Phone, "lighting.pole", "RAAA2919", "en"), (report.Channel, report.Category, report.Place?.NationalAddress, report.Reporter.Language));
        Assert.Equal((Phone, true), (report.Reporter.Phone, report.Reporter.PhoneProven));
        Assert.Equal("audio/wav", Assert.Single(report.Attachments).ContentType);
        Assert.Contains(number, Assert.Single(await _citizen.SmsAsync(Phone)).Text, StringComparison.Ordinal);

        // The language is remembered, and the report is a key away.
        await call.DialAsync();
        Assert.Contains("To report a problem", call.Heard, StringComparison.Ordinal);
        await call.PressAsync("2", "*#");
        Assert.Contains("with the team in charge", call.Heard, StringComparison.Ordinal);
        await call.PressAsync("2");
        await call.SpeakAsync();
        var caseNumber = call.Number;
        await call.HangUpAsync();
        await _app.QuietAsync();
        report = await FindAsync(number);
        Assert.Equal([caseNumber], report.Cases);
        Assert.Equal(2, report.Attachments.Count);
    }

    [Fact]
    public async Task A_hundred_of_the_same_callbacks_at_once_make_one_report()
    {
        const string Phone = "+966500000202";
        var path = await GoAsync("CA202", Phone, "1", "1", "3", "4");
        var fields = CallDriver.Fields("CA202", Phone, ("RecordingSid", "RE202"), ("RecordingDuration", "3"), ("RecordingUrl", "https://evil.example/RE202"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            using var response = await CallDriver.PostAsync(_app, path, fields);
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }));
        await EndAsync("CA202", Phone);
        await _app.QuietAsync();

        Assert.Equal(HttpStatusCode.OK, Assert.Single(answers.Distinct()).StatusCode);
        Assert.Single(await _citizen.SmsAsync(Phone));
    }

    [Theory]
    [InlineData("+966500000211", "CA211", 1, "1", "1", "3")]
    [InlineData("+966500000212", "CA212", 1, "1", "1", "3", "4")]
    [InlineData("+966500000213", "CA213", 1, "1", "1", "3", "1", "732121212919", "1")]
    [InlineData("+966500000214", "CA214", 0, "1", "1")]
    [InlineData("+966500000215", "CA215", 0, "1", "1", "0", "4")]
    public async Task A_hang_up_at_any_step_loses_nothing_that_was_said(string phone, string sid, int texts, params string[] keys)
    {
        await GoAsync(sid, phone, keys);
        await EndAsync(sid, phone);
        await EndAsync(sid, phone);
        await _app.QuietAsync();

        Assert.Equal(texts, (await _citizen.SmsAsync(phone)).Count);
        Assert.Equal(keys is [_, _, "0", ..] ? 1 : 0, (await KeptAsync()).Count(call => call.GetProperty("phone").GetString() == phone));
    }

    [Fact]
    public async Task A_call_whose_end_nobody_tells_is_finished_by_its_alarm()
    {
        const string Phone = "+966500000217";
        await GoAsync("CA217", Phone, "1", "1", "3");
        await _app.AdvanceAsync(TimeSpan.FromHours(3));
        Assert.Empty(await _citizen.SmsAsync(Phone));
        await _app.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.NotEmpty(await _citizen.SmsAsync(Phone));
    }

    [Fact]
    public async Task A_hang_up_while_speaking_sends_what_was_said_so_far()
    {
        const string Phone = "+966500000216";
        var call = new CallDriver(_app, Phone);
        await call.DialAsync();
        await call.PressAsync("1", "1", "3", "4");
        await call.SpeakAsync(hangUp: true);
        await _app.QuietAsync();

        var number = string.Concat(Assert.Single(await _citizen.SmsAsync(Phone)).Text.Where(char.IsAsciiDigit))[..14];
        Assert.Single((await FindAsync(number)).Attachments);
    }

    [Theory]
    [InlineData("", HttpStatusCode.Unauthorized)]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAA=", HttpStatusCode.Unauthorized)]
    [InlineData("no", HttpStatusCode.Unauthorized)]
    [InlineData("two values", HttpStatusCode.Unauthorized)]
    public async Task Without_the_signature_nothing_is_looked_at(string signature, HttpStatusCode expected)
    {
        var fields = CallDriver.Fields("CA1", "+966500000203");
        using var response = await CallDriver.PostAsync(_app, Answer, fields, signature);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task The_signature_covers_address_and_fields_whatever_host_was_asked()
    {
        var fields = CallDriver.Fields("CA1", "anonymous", ("SpeechResult", "حفرة"), ("Twice", "b"));
        async Task<HttpStatusCode> Status(IReadOnlyList<KeyValuePair<string, string>> sent, string? signature = null, string? signedBase = null, string token = TestSecrets.Voice, string path = Answer)
        {
            using var response = await CallDriver.PostAsync(_app, path, sent, signature, signedBase, token);
            return response.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await Status(fields));
        Assert.Equal(HttpStatusCode.OK, await Status(fields, signedBase: CallDriver.Base + ":443"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(fields, signedBase: _app.Http.BaseAddress!.ToString().TrimEnd('/')));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(fields, token: "another-token-of-16"));
        var signature = CallDriver.Sign(TestSecrets.Voice, CallDriver.Base + Answer, fields);
        Assert.Equal(HttpStatusCode.Unauthorized, await Status([.. fields.Where(field => field.Key != "CallerName")], signature));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status([.. fields, new("Digits", "1")], signature));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(fields, signature, path: "/api/channels/voice/ended"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status([.. fields.Where(field => field.Key != "AccountSid"), new("AccountSid", "AC1")]));
        Assert.Equal(HttpStatusCode.BadRequest, await Status([.. fields.Where(field => field.Key != "CallSid")]));
        Assert.Equal(HttpStatusCode.NotFound, await Status(fields, path: "/api/channels/voice/nothing"));
        using var get = await _app.Http.GetAsync(Answer);
        Assert.NotEqual(HttpStatusCode.OK, get.StatusCode);
    }

    [Fact]
    public async Task An_address_of_another_call_begins_from_the_beginning()
    {
        var path = await GoAsync("CA204", "+966500000204", "1", "1", "3");
        using var response = await CallDriver.PostAsync(_app, path, CallDriver.Fields("CA999", "+966500000205", ("Digits", "4")));

        Assert.Contains("For English", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("text/xml", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_landline_is_called_with_the_news_and_asked_the_survey_by_the_same_tree()
    {
        const string Landline = "+966130000021";
        using var agent = await StaffDriver.SignInAsync(_app, "field");
        using var verifier = await StaffDriver.SignInAsync(_app, "verifier");
        var (number, token) = await _citizen.ReportAsync(CitizenDriver.Pole("0130000021"));
        await _app.AdvanceAsync(UntilTen());
        var call = new CallDriver(_app, Landline);
        await call.PickUpAsync();
        await call.AnswerAsync();
        Assert.Contains("استلمنا بلاغكم", call.Heard, StringComparison.Ordinal);
        await call.HangUpAsync();

        var proof = await agent.AttachAsync(number, Serverless940.Tests.Shared.Media.JpegSample.FromPhone(26.43, 50.1));
        await agent.DoAsync(number, new { command = "start" });
        await _app.QuietAsync();
        await agent.DoAsync(number, new { command = "resolve", note = "أصلح", attachmentIds = new[] { proof } });
        await _app.QuietAsync();
        await verifier.DoAsync(number, new { command = "verify", confirmed = true });
        await _app.QuietAsync();
        await call.PickUpAsync();
        await call.AnswerAsync();
        Assert.Contains("عولج بلاغكم", call.Heard, StringComparison.Ordinal);
        await call.PressAsync("2", "1", "5", "4");
        Assert.Contains("شكرا لكم على التقييم", call.Heard, StringComparison.Ordinal);
        await call.HangUpAsync();
        await _app.QuietAsync();

        Assert.Contains("rated", await _citizen.StepsAsync(number, token));
        Assert.Empty(await _citizen.SmsAsync(Landline));
    }

    // The centre calls by day only.
    private TimeSpan UntilTen()
    {
        var local = _app.Now.ToOffset(TimeSpan.FromHours(3));
        return local.TimeOfDay is var clock && clock > TimeSpan.FromHours(9) && clock < TimeSpan.FromHours(20)
            ? TimeSpan.Zero
            : new DateTimeOffset(local.Date.AddHours(clock.Hours >= 20 ? 34 : 10), local.Offset) - local;
    }

    private async Task<Report> FindAsync(string number) =>
        (await _app.Services.GetRequiredService<IReportFinder>().FindAsync(number, CancellationToken.None)) ?? throw new InvalidOperationException("no report " + number);

    /// <summary>Walks a call by keys; the address of its next step.</summary>
    private async Task<string> GoAsync(string sid, string phone, params string[] keys)
    {
        var path = await StepAsync(Answer, CallDriver.Fields(sid, phone));
        foreach (var key in keys)
        {
            path = await StepAsync(path, CallDriver.Fields(sid, phone, ("Digits", key)));
        }

        return path;
    }

    private async Task<string> StepAsync(string path, List<KeyValuePair<string, string>> fields)
    {
        using var response = await CallDriver.PostAsync(_app, path, fields);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var document = XDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.Descendants().First(verb => verb.Attribute("action") is not null).Attribute("action")!.Value[CallDriver.Base.Length..];
    }

    private async Task EndAsync(string sid, string phone)
    {
        var fields = CallDriver.Fields(sid, phone).Select(field => field.Key == "CallStatus" ? new("CallStatus", "completed") : field).ToList();
        using var response = await CallDriver.PostAsync(_app, "/api/channels/voice/ended", fields);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<List<JsonElement>> KeptAsync()
    {
        using var agent = await StaffDriver.SignInAsync(_app, "agent");
        return (await agent.Http.GetFromJsonAsync<List<JsonElement>>("/api/staff/calls"))!;
    }
}
