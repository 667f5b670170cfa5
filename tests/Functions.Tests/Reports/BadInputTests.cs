using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.Functions.Tests.Reports;

public sealed class BadInputTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly AppFixture _app = shared.App;
    private readonly CitizenDriver _citizen = shared.Citizen;

    public static TheoryData<string, string> Requests => new()
    {
        { """{"reporter":{"phone":"0500000001"}}""", "text" },
        { """{"text":"حفرة","reporter":{"phone":"12"}}""", "reporter.phone" },
        { """{"text":"حفرة","reporter":{"phone":"+9665000"}}""", "reporter.phone" },
        { """{"text":"حفرة"}""", "location" },
        { """{"text":"حفرة","location":{"lat":30.0444,"lon":31.2357}}""", "location" },
        { """{"text":"حفرة","location":{"lat":0,"lon":0}}""", "location" },
        { """{"text":"حفرة","location":{"lat":50.0881,"lon":26.4282}}""", "location" },
        { """{"text":"حفرة","location":{"lat":26.4}}""", "location" },
        { """{"category":"no.such.category","reporter":{"phone":"0500000001"}}""", "category" },
        { """{"text":"حفرة","location":{"nationalAddress":"12AB"}}""", "location.nationalAddress" },
        { """{"text":"حفرة","location":{"municipality":"atlantis"}}""", "location.municipality" },
        { """{"kind":"riot","text":"حفرة"}""", "kind" },
        { """{"text":"حفرة","location":{"lat":"north","lon":50.0881}}""", "location.lat" },
        { """{"text":"حفرة","channel":"whatsApp","reporter":{"phone":"0500000001"}}""", "channel" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_that_does_not_hold_together_says_which_field(string json, string field)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _app.Http.PostAsync("/api/reports", content);
        var problem = await AppFixture.JsonAsync(response);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("traceId").GetString()));
    }

    [Theory]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("null", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{\"kind\":\"riot\",\"text\":\"x\"}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("text=x", "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_body_that_is_no_report_is_refused(string body, string type, HttpStatusCode status)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await _app.Http.PostAsync("/api/reports", content);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task An_oversized_body_is_cut_at_the_limit()
    {
        using var content = new StreamContent(new EndlessStream());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _app.Http.PostAsync("/api/reports", content);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Problems_speak_the_callers_language_and_Arabic_by_default()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/reports") { Content = new StringContent("{", Encoding.UTF8, "application/json") };
        request.Headers.AcceptLanguage.ParseAdd("fr");
        using var http = new HttpClient { BaseAddress = _app.Http.BaseAddress };
        using var response = await http.SendAsync(request);
        Assert.Contains("JSON صحيح", (await AppFixture.JsonAsync(response)).GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.Equal("ar", response.Content.Headers.ContentLanguage.Single());
    }

    [Fact]
    public async Task A_text_file_named_jpg_a_huge_picture_and_a_broken_one_are_refused_and_change_nothing()
    {
        var (number, token) = await _citizen.ReportAsync();
        await _app.QuietAsync();
        var photo = JpegSample.FromPhone(26.43, 50.1);
        foreach (var (bytes, code) in new[]
        {
            ("This is not a photo at all, whatever its name says."u8.ToArray(), "photoUnrecognised"),
            (JpegSample.Build(40_000, 40_000), "photoTooManyPixels"),
            (photo[..^40], "photoDamaged"),
            ([], "photoUnrecognised"),
        })
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            using var response = await _citizen.SendAsync(HttpMethod.Post, $"/api/reports/{number}/attachments", token, content);
            var problem = await AppFixture.JsonAsync(response);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            Assert.Equal(code, problem.GetProperty("code").GetString());
        }

        await _app.QuietAsync();
        Assert.Equal(0, (await _citizen.GetAsync(number, token)).GetProperty("attachments").GetArrayLength());
    }

    [Fact]
    public async Task A_form_that_breaks_off_is_the_callers_mistake_and_no_outage()
    {
        const string Report = "--x\r\nContent-Disposition: form-data; name=\"report\"\r\n\r\n{\"text\":\"حفرة\",\"reporter\":{\"phone\":\"0500000001\"}}\r\n";
        foreach (var body in new[] { "", "--x", "no form at all", Report, Report + "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n" })
        {
            using var content = new StringContent(body);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
            using var response = await _app.Http.PostAsync("/api/reports", content);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_null_among_the_files_is_a_file_without_bytes()
    {
        using var response = await _citizen.PostAsync(new { text = "حفرة", reporter = new { phone = "0500000001" }, attachments = new object?[] { null } });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    [Fact]
    public async Task A_full_report_says_so_instead_of_taking_a_file_that_would_be_lost()
    {
        var (number, token) = await _citizen.ReportAsync();
        var photo = JpegSample.Build(64, 64);
        for (var file = 0; file < 10; file++)
        {
            using var content = new ByteArrayContent(photo);
            content.Headers.Add("Idempotency-Key", $"key-of-photo-{file:0000}");
            using var taken = await _citizen.SendAsync(HttpMethod.Post, $"/api/reports/{number}/attachments", token, content);
            Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        }

        await _app.QuietAsync();
        using var eleventh = await _citizen.SendAsync(HttpMethod.Post, $"/api/reports/{number}/attachments", token, new ByteArrayContent(photo));
        Assert.Equal(HttpStatusCode.Conflict, eleventh.StatusCode);
        Assert.Equal("tooManyAttachments", (await AppFixture.JsonAsync(eleventh)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_staff_command_from_another_sites_page_is_refused_and_changes_nothing()
    {
        var (number, _) = await _citizen.ReportAsync();
        await _app.QuietAsync();
        using var staff = await StaffDriver.SignInAsync(_app, "field");
        using var foreign = new HttpRequestMessage(HttpMethod.Post, $"/api/staff/reports/{number}/commands") { Content = JsonContent.Create(new { command = "start" }) };
        foreign.Headers.Add("Origin", "https://evil.example");
        using var refused = await staff.Http.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var own = new HttpRequestMessage(HttpMethod.Post, $"/api/staff/reports/{number}/commands") { Content = JsonContent.Create(new { command = "start" }) };
        own.Headers.Add("Origin", _app.Http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        using var taken = await staff.Http.SendAsync(own);
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
    }

    [Fact]
    public async Task What_a_citizen_follows_up_with_reaches_staff_without_direction_overrides()
    {
        var (number, token) = await _citizen.ReportAsync();
        await _app.QuietAsync();
        using var response = await _citizen.SendAsync(HttpMethod.Post, $"/api/reports/{number}/follow-ups", token, JsonContent.Create(new { text = "\u202eevil\0" }));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await _app.QuietAsync();
        using var staff = await StaffDriver.SignInAsync(_app, "satisfaction");
        var followedUp = (await staff.ReportAsync(number)).GetProperty("events").EnumerateArray().Last().GetProperty("body");
        Assert.Equal("evil", followedUp.GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_command_that_the_lifecycle_refuses_answers_409_with_the_reason()
    {
        var (number, _) = await _citizen.ReportAsync();
        await _app.QuietAsync();
        using var verifier = await StaffDriver.SignInAsync(_app, "verifier");
        using var response = await verifier.CommandAsync(number, new { command = "verify" });
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("notAllowedInStatus", (await AppFixture.JsonAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_fixer_cannot_verify_and_roles_and_scopes_hold()
    {
        var (number, _) = await _citizen.ReportAsync();
        await _app.QuietAsync();
        using var stranger = await _app.Http.PostAsJsonAsync($"/api/staff/reports/{number}/commands", new { command = "start" });
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        using var verifier = await StaffDriver.SignInAsync(_app, "verifier");
        using var start = await verifier.CommandAsync(number, new { command = "start" });
        Assert.Equal(HttpStatusCode.Forbidden, start.StatusCode);
        using var elsewhere = await StaffDriver.SignInAsync(_app, "department", new { municipality = "khafji" });
        using var outside = await elsewhere.CommandAsync(number, new { command = "start" });
        Assert.Equal(HttpStatusCode.Forbidden, outside.StatusCode);
        using var forged = new HttpRequestMessage(HttpMethod.Post, $"/api/staff/reports/{number}/commands") { Content = JsonContent.Create(new { command = "start" }) };
        forged.Headers.Add("x-ms-client-principal", Convert.ToBase64String("""{"claims":[{"typ":"roles","val":"admin"},{"typ":"oid","val":"x"}]}"""u8));
        using var answer = await _app.Http.SendAsync(forged);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Ratings_out_of_range_or_for_an_open_report_are_refused()
    {
        var (number, token) = await _citizen.ReportAsync();
        await _app.QuietAsync();
        using var range = await _citizen.RateAsync(number, token, 6, 0);
        Assert.Equal(HttpStatusCode.BadRequest, range.StatusCode);
        using var open = await _citizen.RateAsync(number, token, 5, 5);
        Assert.Equal(HttpStatusCode.Conflict, open.StatusCode);
    }

    /// <summary>Never ends; a server that buffers it would.</summary>
    private sealed class EndlessStream : Stream
    {
        private long _sent;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _sent; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            // The server answers and closes long before; a bound keeps a failing test from running for ever.
            if (_sent > 64 * 1024 * 1024)
            {
                return 0;
            }

            Array.Fill(buffer, (byte)' ', offset, count);
            _sent += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
