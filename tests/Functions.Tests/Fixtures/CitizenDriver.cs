using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Serverless940.Functions.Tests.Fixtures;

/// <summary>What a citizen does, by the front door.</summary>
public sealed class CitizenDriver(AppFixture app)
{
    public const string Phone = "+966500000001";

    public async Task<(string Number, string Token)> ReportAsync(object? body = null, string? key = null)
    {
        using var response = await PostAsync(body ?? Pole(), key);
        var answer = await AppFixture.JsonAsync(response);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (answer.GetProperty("number").GetString()!, answer.GetProperty("token").GetString()!);
    }

    public async Task<HttpResponseMessage> PostAsync(object body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/reports") { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await app.Http.SendAsync(request);
    }

    /// <summary>A broken light pole in Dammam.</summary>
    public static object Pole(string phone = "0500000001") => new
    {
        kind = "report",
        category = "lighting.pole",
        text = "عمود إنارة مكسور أمام المدرسة",
        location = new { lat = 26.4282, lon = 50.0881, address = "شارع الملك سعود" },
        reporter = new { phone, language = "ar" },
        channel = "app",
    };

    public async Task<JsonElement> GetAsync(string number, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/reports/" + number);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await app.Http.SendAsync(request);
        var json = await AppFixture.JsonAsync(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return json;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string token, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await app.Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> RateAsync(string number, string token, int quality, int speed, string solved = "yes") =>
        SendAsync(HttpMethod.Post, $"/api/reports/{number}/rating", token, JsonContent.Create(new { quality, speed, solved }));

    /// <summary>The SMS that a phone got so far, in order.</summary>
    public async Task<IReadOnlyList<SmsMessage>> SmsAsync(string phone = Phone) =>
        (await app.Http.GetFromJsonAsync<List<SmsMessage>>("/local/sms?to=" + Uri.EscapeDataString(phone)))!;

    /// <summary>Names of the report's steps, in order.</summary>
    public async Task<IReadOnlyList<string>> StepsAsync(string number, string token) =>
        [.. (await GetAsync(number, token)).GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("event").GetString()!)];
}

/// <summary>A text as the simulated provider delivered it.</summary>
public sealed record SmsMessage(string To, string From, string Text, int Segments, DateTimeOffset At, string MessageId);
