using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Serverless940.EndToEnd.Tests.Harness;

/// <summary>A report as its reporter holds it.</summary>
internal sealed record Held(string Number, string Token);

/// <summary>A text as the simulated provider took it.</summary>
internal sealed record Sms(string To, string Text, int Segments, DateTimeOffset At);

/// <summary>Someone with a phone of his own, so that no other test's texts are counted among his.</summary>
internal sealed class Citizen(string phone)
{
    private static int _last;

    /// <summary>E.164.</summary>
    public string Phone => phone;

    /// <summary>A number that no other citizen of this run has.</summary>
    public static Citizen New() => new("+96650" + (1_000_000 + Interlocked.Increment(ref _last)).ToString(CultureInfo.InvariantCulture));

    /// <summary>A broken light pole in Dammam.</summary>
    public Dictionary<string, object> Pole() => new()
    {
        ["kind"] = "report",
        ["category"] = "lighting.pole",
        ["text"] = "عمود إنارة مكسور أمام المدرسة",
        ["location"] = new { lat = 26.4282, lon = 50.0881, address = "شارع الملك سعود" },
        ["reporter"] = new { phone, language = "ar" },
        ["channel"] = "app",
    };

    public async Task<Held> ReportAsync(AppProcess app, object? body = null, string? key = null)
    {
        using var content = JsonContent.Create(body ?? Pole());
        return await SubmitAsync(app, content, key);
    }

    public static async Task<Held> SubmitAsync(AppProcess app, HttpContent content, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/reports") { Content = content };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await app.Http.SendAsync(request);
        var answer = await response.JsonAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, answer.ToString());
        return new Held(answer.GetProperty("number").GetString()!, answer.GetProperty("token").GetString()!);
    }

    public static async Task<HttpResponseMessage> SendAsync(
        AppProcess app, Held report, HttpMethod method, string path, HttpContent? content = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/reports/{report.Number}{path}") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", report.Token);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await app.Http.SendAsync(request);
    }

    public static async Task<JsonElement> ReadAsync(AppProcess app, Held report)
    {
        using var response = await SendAsync(app, report, HttpMethod.Get, string.Empty);
        var json = await response.JsonAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, json.ToString());
        return json;
    }

    public static async Task<string> StatusAsync(AppProcess app, Held report) =>
        (await ReadAsync(app, report)).GetProperty("status").GetString()!;

    /// <summary>Names of the report's steps, in order.</summary>
    public static async Task<IReadOnlyList<string>> StepsAsync(AppProcess app, Held report) =>
        [.. (await ReadAsync(app, report)).GetProperty("timeline").EnumerateArray().Select(step => step.GetProperty("event").GetString()!)];

    /// <summary>Adds a photo; it must be taken.</summary>
    public static async Task<string> AttachAsync(AppProcess app, Held report, byte[] photo, string? key = null)
    {
        using var content = new ByteArrayContent(photo);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var response = await SendAsync(app, report, HttpMethod.Post, "/attachments", content, key);
        var json = await response.JsonAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, json.ToString());
        return json.GetProperty("attachmentId").GetString()!;
    }

    public static async Task<HttpStatusCode> RateAsync(AppProcess app, Held report, int quality, int speed, string solved)
    {
        using var content = JsonContent.Create(new { quality, speed, solved });
        using var response = await SendAsync(app, report, HttpMethod.Post, "/rating", content);
        return response.StatusCode;
    }

    /// <summary>The texts his phone got so far, in order.</summary>
    public async Task<IReadOnlyList<Sms>> SmsAsync(AppProcess app) => await AllSmsAsync(app, phone);

    /// <summary>The texts that one phone, or any, got so far.</summary>
    public static async Task<IReadOnlyList<Sms>> AllSmsAsync(AppProcess app, string to = "") =>
        (await app.Http.GetFromJsonAsync<List<Sms>>("/local/sms?to=" + Uri.EscapeDataString(to)))!;
}
