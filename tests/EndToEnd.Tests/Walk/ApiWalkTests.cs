using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Serverless940.EndToEnd.Tests.Harness;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.EndToEnd.Tests.Walk;

/// <summary>A report's whole life, as a citizen and the staff see it from outside.</summary>
public sealed partial class ApiWalkTests(RunningApp running) : IClassFixture<RunningApp>
{
    private const double Latitude = 26.4282;
    private const double Longitude = 50.0881;

    private readonly AppProcess _app = running.App;

    [Fact]
    public async Task A_report_is_taken_routed_escalated_mended_verified_rated_and_reopened()
    {
        var citizen = Citizen.New();
        var body = citizen.Pole();
        body["category"] = "lighting.exposed-wires";
        body["text"] = "أسلاك مكشوفة قرب المدرسة";
        var report = await citizen.ReportAsync(_app, body);
        await _app.QuietAsync();

        var confirmation = Assert.Single(await citizen.SmsAsync(_app));
        Assert.StartsWith("استلمنا بلاغكم " + report.Number, confirmation.Text, StringComparison.Ordinal);
        Assert.Equal(1, confirmation.Segments);
        var view = await Citizen.ReadAsync(_app, report);
        Assert.Equal("assigned", view.GetProperty("status").GetString());
        Assert.Equal("maintenance", view.GetProperty("department").GetString());
        Assert.False(string.IsNullOrEmpty(view.GetProperty("municipality").GetString()));
        Assert.Contains(await StaffSmsAsync(report), text => text.StartsWith("طارئ " + report.Number, StringComparison.Ordinal));

        await EscalatesAsync(citizen, report);
        await MendAsync(report);
        var link = await CloseAsync(citizen, report);

        // The link of the text opens the report's page, by a cookie of that report only.
        using var opened = await _app.Http.GetAsync(link);
        Assert.Equal(HttpStatusCode.Redirect, opened.StatusCode);
        Assert.Equal("/r/" + report.Number, opened.Headers.Location!.OriginalString);
        Assert.All(opened.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase));

        Assert.Equal(HttpStatusCode.Accepted, await Citizen.RateAsync(_app, report, 1, 2, "no"));
        await _app.QuietAsync();
        Assert.Equal("assigned", await Citizen.StatusAsync(_app, report));
        Assert.Equal(HttpStatusCode.Gone, await Citizen.RateAsync(_app, report, 5, 5, "yes"));
        Assert.StartsWith("أُعيد فتح البلاغ " + report.Number, (await citizen.SmsAsync(_app))[^1].Text, StringComparison.Ordinal);
        var steps = await Citizen.StepsAsync(_app, report);
        Assert.Equal(
            ["received", "assigned", "started", "attachmentAdded", "resolved", "closed", "rated", "reopened"],
            steps.Where(step => step != "escalated").Take(8));
    }

    [Fact]
    public async Task A_photo_comes_inline_by_multipart_and_later_and_is_kept_without_what_it_would_tell()
    {
        var photo = JpegSample.FromPhone(Latitude, Longitude);
        var citizen = Citizen.New();

        var inline = citizen.Pole();
        inline.Remove("location");
        inline["attachments"] = new[] { new { contentType = "image/jpeg", data = Convert.ToBase64String(photo) } };
        var byJson = await citizen.ReportAsync(_app, inline);

        var described = citizen.Pole();
        described.Remove("location");
        using var multipart = new MultipartFormDataContent();
        multipart.Add(JsonContent.Create(described), "report");
        multipart.Add(Bytes(photo), "file", "../../a photo.jpg");
        multipart.Add(Bytes(SoundSample.OggOpus("SECRET-COMMENT")), "file", "voice.ogg");
        var byMultipart = await Citizen.SubmitAsync(_app, multipart);

        var afterwards = await citizen.ReportAsync(_app);
        await Citizen.AttachAsync(_app, afterwards, photo);
        await _app.QuietAsync();

        Assert.Equal(["image/jpeg"], await CleanFilesAsync(byJson));
        Assert.Equal(["image/jpeg", "audio/ogg"], await CleanFilesAsync(byMultipart));
        Assert.Equal(["image/jpeg"], await CleanFilesAsync(afterwards));
        // No place was given, so the photo's own counts, and the report found its municipality.
        foreach (var placed in new[] { byJson, byMultipart })
        {
            Assert.EndsWith("-dammam", (await Citizen.ReadAsync(_app, placed)).GetProperty("municipality").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_same_request_again_is_the_same_report_and_another_body_is_another()
    {
        var citizen = Citizen.New();
        var key = "end-to-end-" + citizen.Phone[1..];
        var first = await citizen.ReportAsync(_app, key: key);
        var again = await citizen.ReportAsync(_app, key: key);
        var body = citizen.Pole();
        body["text"] = "عمود آخر";
        var other = await citizen.ReportAsync(_app, body, key);
        await _app.QuietAsync();
        Assert.Equal(first, again);
        Assert.NotEqual(first.Number, other.Number);
        Assert.Equal(2, (await citizen.SmsAsync(_app)).Count);
    }

    private async Task EscalatesAsync(Citizen citizen, Held report)
    {
        await _app.AdvanceAsync("PT26H");
        var steps = await Citizen.StepsAsync(_app, report);
        var told = await StaffSmsAsync(report);
        foreach (var level in new[] { 1, 2, 3 })
        {
            Assert.Single(told, text => text.StartsWith($"تصعيد مستوى {level} للبلاغ {report.Number}", StringComparison.Ordinal));
        }

        // The last level again and again: four steps in 7.5 hours, and one more every four hours. That desk has a mailbox.
        var last = (await _app.GetJsonAsync("/local/outbox/email?to=amin@eastern.example")).EnumerateArray()
            .Count(mail => mail.GetProperty("text").GetString()!.StartsWith($"تصعيد مستوى 4 للبلاغ {report.Number}", StringComparison.Ordinal));
        Assert.Equal(5, last);
        Assert.Equal(3 + last, steps.Count(step => step == "escalated"));
        Assert.Equal(4, (await Citizen.ReadAsync(_app, report)).GetProperty("escalationLevel").GetInt32());
        Assert.Contains(await citizen.SmsAsync(_app), sms => sms.Text.StartsWith($"تأخر البلاغ {report.Number}", StringComparison.Ordinal));
    }

    private async Task MendAsync(Held report)
    {
        var field = await Staff.SignInAsync(_app, "department");
        await field.DoAsync(_app, report, new { command = "start" });
        await _app.QuietAsync();
        var proof = await field.AttachAsync(_app, report, JpegSample.FromPhone(Latitude, Longitude));
        await _app.QuietAsync();
        var resolve = await field.DoAsync(_app, report, new { command = "resolve", note = "replaced the cable", attachmentIds = new[] { proof } });
        await _app.QuietAsync();
        Assert.Equal("applied", await field.OutcomeAsync(_app, report, resolve));
        Assert.Equal("resolved", await Citizen.StatusAsync(_app, report));

        using var own = await field.CommandAsync(_app, report, new { command = "verify", confirmed = true });
        Assert.Equal(HttpStatusCode.Forbidden, own.StatusCode);
    }

    private async Task<string> CloseAsync(Citizen citizen, Held report)
    {
        var verifier = await Staff.SignInAsync(_app, "verifier");
        await verifier.DoAsync(_app, report, new { command = "verify", confirmed = true });
        await _app.QuietAsync();
        var view = await Citizen.ReadAsync(_app, report);
        Assert.Equal("closed", view.GetProperty("status").GetString());
        Assert.True(view.GetProperty("canRate").GetBoolean());
        var text = (await citizen.SmsAsync(_app))[^1].Text;
        Assert.StartsWith("عولج البلاغ " + report.Number, text, StringComparison.Ordinal);
        return ShortLink().Match(text).Value;
    }

    private async Task<IReadOnlyList<string>> StaffSmsAsync(Held report) =>
        [.. (await Citizen.AllSmsAsync(_app)).Where(sms => sms.To.StartsWith("+9665000000", StringComparison.Ordinal)).Select(sms => sms.Text).Where(text => text.Contains(report.Number, StringComparison.Ordinal))];

    /// <summary>Content types of a report's files, each seen to hold nothing of what the sender's phone wrote into it.</summary>
    private async Task<IReadOnlyList<string>> CleanFilesAsync(Held report)
    {
        var types = new List<string>();
        foreach (var file in (await Citizen.ReadAsync(_app, report)).GetProperty("attachments").EnumerateArray())
        {
            using var response = await Citizen.SendAsync(_app, report, HttpMethod.Get, "/attachments/" + file.GetProperty("id").GetString());
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var bytes = await response.Content.ReadAsByteArrayAsync();
            Assert.Equal(file.GetProperty("bytes").GetInt64(), bytes.Length);
            var text = Encoding.Latin1.GetString(bytes);
            Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Exif", text, StringComparison.Ordinal);
            types.Add(response.Content.Headers.ContentType!.MediaType!);
        }

        return types;
    }

    private static ByteArrayContent Bytes(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return content;
    }

    [GeneratedRegex(@"/s/[A-Za-z0-9_-]{11}(?![A-Za-z0-9_-])")]
    private static partial Regex ShortLink();
}
