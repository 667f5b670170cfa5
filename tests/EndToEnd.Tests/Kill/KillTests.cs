using System.Net;
using System.Net.Http.Json;
using Serverless940.EndToEnd.Tests.Harness;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.EndToEnd.Tests.Kill;

/// <summary>
/// The process is killed with <c>kill -9</c> at a named point and started again over the same data: what was acknowledged
/// is finished, as one report and one text a step. Business time moves past the hold of a text in doubt, so that
/// whether the provider had taken it before the end makes no difference.
/// </summary>
public sealed class KillTests(RunningApp running) : IClassFixture<RunningApp>, IAsyncLifetime
{
    private const string PastTheHold = "PT12M";

    private readonly Citizen _citizen = Citizen.New();

    private AppProcess App => running.App;

    public Task InitializeAsync() => running.EnsureAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Right_after_a_report_was_accepted()
    {
        var report = await _citizen.ReportAsync(App);
        await running.KillAndStartAsync();
        await AssertAssignedAsync(_citizen, report);
    }

    [Fact]
    public async Task While_two_hundred_reports_are_accepted_side_by_side()
    {
        var callers = Enumerable.Range(0, 200).Select(_ => (Citizen: Citizen.New(), Key: Guid.NewGuid().ToString("N"))).ToList();
        var accepted = 0;
        // Eight at a time: when it dies at the sixtieth answer, most have not asked yet.
        using var lines = new SemaphoreSlim(8);
        var app = App;
        var calls = callers.Select(async caller =>
        {
            await lines.WaitAsync();
            try
            {
                var report = await caller.Citizen.ReportAsync(app, key: caller.Key);
                if (Interlocked.Increment(ref accepted) == 60)
                {
                    running.Kill();
                }

                return report;
            }
            catch (HttpRequestException)
            {
                return null;
            }
            finally
            {
                lines.Release();
            }
        }).ToList();
        var first = await Task.WhenAll(calls);
        Assert.Contains(first, report => report is null);
        await running.StartAsync();

        // Whoever had no answer asks again; whoever had one, too: a lost answer cannot be told from a lost request.
        var again = await Task.WhenAll(callers.Select(caller => caller.Citizen.ReportAsync(App, key: caller.Key)));
        Assert.All(first.Zip(again).Where(pair => pair.First is not null), pair => Assert.Equal(pair.First, pair.Second));
        await App.AdvanceAsync(PastTheHold);
        Assert.Equal(200, again.Select(report => report.Number).Distinct().Count());
        var texts = (await Citizen.AllSmsAsync(App)).ToLookup(sms => sms.To);
        foreach (var (caller, report) in callers.Zip(again))
        {
            Assert.Equal("assigned", await Citizen.StatusAsync(App, report));
            Assert.StartsWith("استلمنا بلاغكم " + report.Number, Assert.Single(texts[caller.Citizen.Phone]).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Right_after_a_WhatsApp_webhook_was_answered()
    {
        var phone = new WhatsAppPhone(_citizen);
        await phone.SayAsync(App, "عمود الإنارة مكسور أمام المدرسة");
        await App.QuietAsync();
        await phone.SendPhotoAsync(App, JpegSample.FromPhone(26.43, 50.1));
        await phone.PinAsync(App, 26.4282, 50.0881);
        await running.KillAndStartAsync();
        await App.AdvanceAsync(PastTheHold);
        var report = await phone.ReportAsync(App);
        Assert.Single(await phone.InboxAsync(App), text => text.Contains(report.Number, StringComparison.Ordinal));
        Assert.Single(await AttachmentsAsync(report));
        Assert.Equal(["received", "assigned"], (await StepsAsync(report)).Where(step => step != "attachmentAdded"));
    }

    [Fact]
    public async Task In_the_middle_of_an_upload()
    {
        var report = await _citizen.ReportAsync(App);
        var photo = JpegSample.FromPhone(26.43, 50.1, width: 2048, height: 1536);
        var key = Guid.NewGuid().ToString("N");
        var upload = new SlowUpload(photo, photo.Length / 2);
        var answer = Citizen.SendAsync(App, report, HttpMethod.Post, "/attachments", upload, key);
        await upload.Paused;
        running.Kill();
        upload.GoOn();
        await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        await running.StartAsync();
        await AssertAssignedAsync(_citizen, report);

        var id = await Citizen.AttachAsync(App, report, photo, key);
        await App.QuietAsync();
        Assert.Equal([id], await AttachmentsAsync(report));
    }

    [Fact]
    public async Task Right_after_an_upload_was_accepted()
    {
        var report = await _citizen.ReportAsync(App);
        await App.QuietAsync();
        var photo = JpegSample.FromPhone(26.43, 50.1);
        var key = Guid.NewGuid().ToString("N");
        var id = await Citizen.AttachAsync(App, report, photo, key);
        await running.KillAndStartAsync();
        Assert.Equal(id, await Citizen.AttachAsync(App, report, photo, key));
        await App.AdvanceAsync(PastTheHold);
        Assert.Equal([id], await AttachmentsAsync(report));
        using var file = await Citizen.SendAsync(App, report, HttpMethod.Get, "/attachments/" + id);
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        Assert.NotEmpty(await file.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task While_the_clock_moves_and_reports_escalate()
    {
        var body = _citizen.Pole();
        body["category"] = "roads.manhole";
        var report = await _citizen.ReportAsync(App, body);
        await App.QuietAsync();
        var app = App;
        var advance = app.Http.PostAsJsonAsync("/local/clock", new { advance = "PT3H" });
        await Poll.UntilAsync(async () => (await StepsAsync(report)).Contains("escalated"), "the first level was asked");
        running.Kill();
        await Assert.ThrowsAsync<HttpRequestException>(() => advance);
        await running.StartAsync();
        await App.AdvanceAsync("PT4H");

        // After 0.5, 1.5 and 3.5 hours, the next only after 7.5: three levels, each once, wherever time was cut off.
        Assert.Equal(3, (await Citizen.ReadAsync(App, report)).GetProperty("escalationLevel").GetInt32());
        Assert.Equal(["received", "assigned", "escalated", "escalated", "escalated"], await StepsAsync(report));
        var told = (await Citizen.AllSmsAsync(App)).Where(sms => sms.Text.Contains(report.Number, StringComparison.Ordinal)).ToList();
        foreach (var level in new[] { 1, 2, 3 })
        {
            Assert.Single(told, sms => sms.Text.StartsWith($"تصعيد مستوى {level} للبلاغ", StringComparison.Ordinal));
        }

        Assert.Equal(2, told.Count(sms => sms.To == _citizen.Phone && sms.Text.StartsWith("تأخر البلاغ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Right_after_a_command_of_staff_was_accepted()
    {
        var report = await _citizen.ReportAsync(App);
        await App.QuietAsync();
        var field = await Staff.SignInAsync(App, "field");
        var command = await field.DoAsync(App, report, new { command = "start" });
        await running.KillAndStartAsync();
        await App.AdvanceAsync(PastTheHold);
        Assert.Equal("applied", await field.OutcomeAsync(App, report, command));
        await AssertTextsAsync(_citizen, "استلمنا بلاغكم", "بدأت الفرقة العمل");
        Assert.Equal(["received", "assigned", "started"], await StepsAsync(report));
    }

    [Fact]
    public async Task Between_the_repair_and_its_check()
    {
        var report = await _citizen.ReportAsync(App);
        await App.QuietAsync();
        var field = await Staff.SignInAsync(App, "field");
        var verifier = await Staff.SignInAsync(App, "verifier");
        await field.DoAsync(App, report, new { command = "start" });
        var proof = await field.AttachAsync(App, report, JpegSample.FromPhone(26.43, 50.1));
        await App.QuietAsync();
        await field.DoAsync(App, report, new { command = "resolve", note = "mended", attachmentIds = new[] { proof } });
        await running.KillAndStartAsync();
        await App.AdvanceAsync(PastTheHold);
        await verifier.DoAsync(App, report, new { command = "verify", confirmed = true });
        await running.KillAndStartAsync();
        await App.AdvanceAsync(PastTheHold);
        await AssertTextsAsync(_citizen, "استلمنا بلاغكم", "بدأت الفرقة العمل", "عولج البلاغ");
        Assert.Equal(["received", "assigned", "started", "attachmentAdded", "resolved", "closed"], await StepsAsync(report));
    }

    [Fact]
    public async Task Right_after_a_rating_was_accepted()
    {
        var report = await ClosedAsync();
        Assert.Equal(HttpStatusCode.Accepted, await Citizen.RateAsync(App, report, 1, 1, "no"));
        await running.KillAndStartAsync();
        await App.AdvanceAsync(PastTheHold);
        Assert.Equal(HttpStatusCode.Gone, await Citizen.RateAsync(App, report, 5, 5, "yes"));
        Assert.Equal(["closed", "rated", "reopened"], (await StepsAsync(report)).Skip(5).Take(3));
    }

    [Fact]
    public async Task While_texts_wait_for_a_provider_that_is_down()
    {
        await App.BreakAsync("sms");
        var report = await _citizen.ReportAsync(App);
        await Poll.UntilAsync(async () => (await StepsAsync(report)).Contains("assigned"), "the report was handled");
        Assert.Empty(await _citizen.SmsAsync(App));
        await running.KillAndStartAsync();
        await AssertAssignedAsync(_citizen, report);
    }

    [Fact]
    public async Task While_the_tables_are_down()
    {
        await App.BreakAsync("tables");
        var report = await _citizen.ReportAsync(App);
        using var waiting = await Citizen.SendAsync(App, report, HttpMethod.Get, string.Empty);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, waiting.StatusCode);
        await running.KillAndStartAsync();
        await AssertAssignedAsync(_citizen, report);
    }

    [UnixFact]
    public async Task While_it_drains_after_SIGTERM()
    {
        var citizens = Enumerable.Range(0, 40).Select(_ => Citizen.New()).ToList();
        var app = App;
        var reports = await Task.WhenAll(citizens.Select(citizen => citizen.ReportAsync(app)));
        App.Terminate();
        await running.KillAndStartAsync();
        await App.AdvanceAsync(PastTheHold);
        foreach (var (citizen, report) in citizens.Zip(reports))
        {
            Assert.Equal(["received", "assigned"], await StepsAsync(report));
            await AssertTextsAsync(citizen, "استلمنا بلاغكم");
        }
    }

    [Fact]
    public async Task Again_as_soon_as_it_has_begun_to_catch_up()
    {
        var citizens = Enumerable.Range(0, 40).Select(_ => Citizen.New()).ToList();
        var app = App;
        var reports = await Task.WhenAll(citizens.Select(citizen => citizen.ReportAsync(app)));
        await running.KillAndStartAsync();
        await running.KillAndStartAsync();
        await App.AdvanceAsync(PastTheHold);
        foreach (var (citizen, report) in citizens.Zip(reports))
        {
            Assert.Equal(["received", "assigned"], await StepsAsync(report));
            await AssertTextsAsync(citizen, "استلمنا بلاغكم");
        }
    }

    private Task<IReadOnlyList<string>> StepsAsync(Held report) => Citizen.StepsAsync(App, report);

    private async Task<IReadOnlyList<string>> AttachmentsAsync(Held report) =>
        [.. (await Citizen.ReadAsync(App, report)).GetProperty("attachments").EnumerateArray().Select(file => file.GetProperty("id").GetString()!)];

    private async Task AssertAssignedAsync(Citizen citizen, Held report)
    {
        await App.AdvanceAsync(PastTheHold);
        Assert.Equal(["received", "assigned"], await StepsAsync(report));
        await AssertTextsAsync(citizen, "استلمنا بلاغكم");
    }

    /// <summary>One text a step and no other.</summary>
    private async Task AssertTextsAsync(Citizen citizen, params string[] beginnings)
    {
        var texts = (await citizen.SmsAsync(App)).Select(sms => sms.Text).ToList();
        Assert.Equal(beginnings, texts.Select(text => beginnings.FirstOrDefault(beginning => text.StartsWith(beginning, StringComparison.Ordinal)) ?? text));
    }

    private async Task<Held> ClosedAsync()
    {
        var report = await _citizen.ReportAsync(App);
        await App.QuietAsync();
        var field = await Staff.SignInAsync(App, "field");
        var verifier = await Staff.SignInAsync(App, "verifier");
        await field.DoAsync(App, report, new { command = "start" });
        var proof = await field.AttachAsync(App, report, JpegSample.FromPhone(26.43, 50.1));
        await App.QuietAsync();
        await field.DoAsync(App, report, new { command = "resolve", note = "mended", attachmentIds = new[] { proof } });
        await App.QuietAsync();
        await verifier.DoAsync(App, report, new { command = "verify", confirmed = true });
        await App.QuietAsync();
        return report;
    }
}
