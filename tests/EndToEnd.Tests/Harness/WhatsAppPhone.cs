using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace Serverless940.EndToEnd.Tests.Harness;

/// <summary>A citizen's WhatsApp: what he sends goes through the simulated provider, which signs it and keeps the media.</summary>
internal sealed partial class WhatsAppPhone(Citizen citizen)
{
    private string Digits => citizen.Phone[1..];

    public Task SayAsync(AppProcess app, string text) => SendAsync(app, JsonContent.Create(new { from = Digits, text }));

    public Task PinAsync(AppProcess app, double lat, double lon, string? id = null) =>
        SendAsync(app, JsonContent.Create(new { from = Digits, type = "location", location = new { lat, lon }, id }));

    public Task SendPhotoAsync(AppProcess app, byte[] photo)
    {
        var file = new ByteArrayContent(photo);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return SendAsync(app, new MultipartFormDataContent { { new StringContent(Digits), "from" }, { new StringContent("image"), "type" }, { file, "file", "photo.jpg" } });
    }

    /// <summary>What he was answered, each as its text.</summary>
    public async Task<IReadOnlyList<string>> InboxAsync(AppProcess app) =>
        [.. (await app.GetJsonAsync("/local/outbox/whatsapp?to=" + Digits)).EnumerateArray().Select(message => message.GetProperty("text").GetString() ?? string.Empty)];

    /// <summary>His report, by the link in the only text he got.</summary>
    public async Task<Held> ReportAsync(AppProcess app)
    {
        var text = Assert.Single(await citizen.SmsAsync(app));
        Assert.StartsWith("استلمنا بلاغكم", text.Text, StringComparison.Ordinal);
        Assert.Equal(1, text.Segments);
        using var opened = await app.Http.GetAsync(Link().Match(text.Text).Value);
        Assert.Equal(HttpStatusCode.Redirect, opened.StatusCode);
        var number = opened.Headers.Location!.OriginalString["/r/".Length..];
        Assert.Contains(number, text.Text, StringComparison.Ordinal);
        var cookie = opened.Headers.GetValues("Set-Cookie").First();
        return new Held(number, cookie[(cookie.IndexOf('=', StringComparison.Ordinal) + 1)..cookie.IndexOf(';', StringComparison.Ordinal)]);
    }

    private static async Task SendAsync(AppProcess app, HttpContent content)
    {
        using (content)
        {
            using var response = await app.Http.PostAsync("/local/handset/whatsapp", content);
            Assert.True(response.StatusCode == HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        }
    }

    [GeneratedRegex(@"/s/[A-Za-z0-9_-]{11}(?![A-Za-z0-9_-])")]
    private static partial Regex Link();
}
