using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Serverless940.Functions.Tests.Fixtures;

/// <summary>A member of staff, signed in as one role.</summary>
public sealed class StaffDriver : IDisposable
{
    private readonly HttpClient _http;

    private StaffDriver(HttpClient http) => _http = http;

    public HttpClient Http => _http;

    public static async Task<StaffDriver> SignInAsync(AppFixture app, string role, object? scope = null, string? user = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        using var response = await app.Http.PostAsJsonAsync("/local/sign-in", new { role, scope, user = user ?? role });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var cookie = response.Headers.GetValues("Set-Cookie").First().Split(';')[0];
        var http = new HttpClient { BaseAddress = app.Http.BaseAddress };
        http.DefaultRequestHeaders.Add("Cookie", cookie);
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        return new StaffDriver(http);
    }

    public Task<HttpResponseMessage> CommandAsync(string number, object command) =>
        _http.PostAsJsonAsync($"/api/staff/reports/{number}/commands", command);

    /// <summary>Gives a command that must be accepted.</summary>
    public async Task<string> DoAsync(string number, object command)
    {
        using var response = await CommandAsync(number, command);
        var json = await AppFixture.JsonAsync(response);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, json.ToString());
        return json.GetProperty("commandId").GetString()!;
    }

    public async Task<string> AttachAsync(string number, byte[] photo)
    {
        using var content = new ByteArrayContent(photo);
        using var response = await _http.PostAsync($"/api/staff/reports/{number}/attachments", content);
        var json = await AppFixture.JsonAsync(response);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, json.ToString());
        return json.GetProperty("attachmentId").GetString()!;
    }

    public async Task<JsonElement> ReportAsync(string number)
    {
        using var response = await _http.GetAsync("/api/staff/reports/" + number);
        return await AppFixture.JsonAsync(response);
    }

    public void Dispose() => _http.Dispose();
}
