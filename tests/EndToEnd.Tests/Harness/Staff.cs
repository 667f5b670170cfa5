using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Serverless940.EndToEnd.Tests.Harness;

/// <summary>A member of staff with a session; the session outlives the process that opened it.</summary>
internal sealed class Staff
{
    private readonly string _cookie;

    private Staff(string cookie) => _cookie = cookie;

    public static async Task<Staff> SignInAsync(AppProcess app, string role)
    {
        using var response = await app.Http.PostAsJsonAsync("/local/sign-in", new { role, user = role });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return new Staff(response.Headers.GetValues("Set-Cookie").First().Split(';')[0]);
    }

    public async Task<HttpResponseMessage> CommandAsync(AppProcess app, Held report, object command)
    {
        using var content = JsonContent.Create(command);
        return await SendAsync(app, HttpMethod.Post, $"/api/staff/reports/{report.Number}/commands", content);
    }

    /// <summary>Gives a command that must be accepted, and gives back its id.</summary>
    public async Task<string> DoAsync(AppProcess app, Held report, object command)
    {
        using var response = await CommandAsync(app, report, command);
        var json = await response.JsonAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, json.ToString());
        return json.GetProperty("commandId").GetString()!;
    }

    /// <summary>What became of a command: pending, applied or refused.</summary>
    public async Task<string> OutcomeAsync(AppProcess app, Held report, string commandId)
    {
        using var response = await SendAsync(app, HttpMethod.Get, $"/api/staff/reports/{report.Number}/commands/{commandId}");
        return (await response.JsonAsync()).GetProperty("status").GetString()!;
    }

    public async Task<string> AttachAsync(AppProcess app, Held report, byte[] photo)
    {
        using var content = new ByteArrayContent(photo);
        using var response = await SendAsync(app, HttpMethod.Post, $"/api/staff/reports/{report.Number}/attachments", content);
        var json = await response.JsonAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, json.ToString());
        return json.GetProperty("attachmentId").GetString()!;
    }

    public async Task<JsonElement> ReadAsync(AppProcess app, Held report)
    {
        using var response = await SendAsync(app, HttpMethod.Get, "/api/staff/reports/" + report.Number);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.JsonAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(AppProcess app, HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("Cookie", _cookie);
        return await app.Http.SendAsync(request);
    }
}
