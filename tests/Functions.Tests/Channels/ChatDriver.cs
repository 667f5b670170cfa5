using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Tests.Shared;

namespace Serverless940.Functions.Tests.Channels;

/// <summary>A citizen on WhatsApp, and Meta in between.</summary>
public sealed class ChatDriver(AppFixture app, string phone)
{
    public string Phone => phone;

    /// <summary>Writes by the handset.</summary>
    public Task SayAsync(string text) => HandsetAsync(JsonContent.Create(new { from = phone, text }));

    public Task PinAsync(double lat, double lon) =>
        HandsetAsync(JsonContent.Create(new { from = phone, type = "location", location = new { lat, lon } }));

    public Task ChooseAsync(string choice) => HandsetAsync(JsonContent.Create(new { from = phone, type = "button_reply", choice, title = "زر" }));

    public Task FileAsync(byte[] file, string contentType, string type = "image", string? caption = null)
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        var form = new MultipartFormDataContent { { new StringContent(phone), "from" }, { new StringContent(type), "type" }, { content, "file", "file.bin" } };
        if (caption is not null)
        {
            form.Add(new StringContent(caption), "text");
        }

        return HandsetAsync(form);
    }

    /// <summary>Posts a body as Meta would; with its signature unless another is given.</summary>
    public async Task<HttpResponseMessage> PostAsync(byte[] body, params string[] signatures)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/channels/whatsapp") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signatures is [] ? [WhatsAppPayloads.Sign(TestSecrets.WhatsApp, body)] : signatures);
        return await app.Http.SendAsync(request);
    }

    /// <summary>What the citizen was sent, in order.</summary>
    public async Task<IReadOnlyList<ChatMessage>> HeardAsync() =>
        (await app.Http.GetFromJsonAsync<List<ChatMessage>>("/local/outbox/whatsapp?to=" + Uri.EscapeDataString(phone)))!;

    private async Task HandsetAsync(HttpContent content)
    {
        using (content)
        {
            using var response = await app.Http.PostAsync("/local/handset/whatsapp", content);
            Assert.True(response.StatusCode == HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        }

        await app.QuietAsync();
    }
}

/// <summary>A message as the simulated provider took it.</summary>
public sealed record ChatMessage(string Id, string To, string Kind, string? Text, JsonElement Body);
