using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Tests.Shared;

namespace Serverless940.Functions.Tests.Channels;

public sealed class WhatsAppTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly AppFixture _app = shared.App;
    private readonly CitizenDriver _citizen = shared.Citizen;

    [Fact]
    public async Task A_text_and_a_location_become_a_report_whose_number_comes_by_WhatsApp_and_by_SMS()
    {
        await PostAsync(WhatsAppPayloads.Text("966500000031", "wamid.walk.1", "عمود الإنارة مكسور أمام المدرسة"));
        await _app.QuietAsync();
        Assert.Single(await OutboxAsync("966500000031"));
        await PostAsync(WhatsAppPayloads.Location("966500000031", "wamid.walk.2", 26.4282, 50.0881));
        await _app.QuietAsync();
        var sms = Assert.Single(await _citizen.SmsAsync("+966500000031"));
        Assert.Equal(1, sms.Segments);
        var number = sms.Text.Split(' ', '\n').Single(word => word.Length == 14 && word.All(char.IsAsciiDigit));
        Assert.Contains(await OutboxAsync("966500000031"), message => message.Contains(number, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_event_a_hundred_times_in_parallel_makes_one_report()
    {
        var text = WhatsAppPayloads.Text("966500000032", "wamid.flood.1", "حفرة كبيرة في الشارع");
        var place = WhatsAppPayloads.Location("966500000032", "wamid.flood.2", 26.4282, 50.0881);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => PostAsync(text)));
        await _app.QuietAsync();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => PostAsync(place)));
        await _app.QuietAsync();
        Assert.Single(await _citizen.SmsAsync("+966500000032"));
    }

    [Fact]
    public async Task What_is_not_signed_by_the_app_secret_is_refused_and_changes_nothing()
    {
        var body = WhatsAppPayloads.Text("966500000033", "wamid.bad.1", "حفرة");
        var good = WhatsAppPayloads.Sign(TestSecrets.WhatsApp, body);
        foreach (var signature in new[]
        {
            null, "", "sha256=", good["sha256=".Length..], good[..^1], "sha256=" + new string('z', 64),
            WhatsAppPayloads.Sign("another secret than ours", body), good.Replace("sha256", "sha1", StringComparison.Ordinal),
        })
        {
            using var response = await SendAsync(body, signature);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        var changed = body.ToArray();
        changed[^3] ^= 1;
        using var tampered = await SendAsync(changed, good);
        Assert.Equal(HttpStatusCode.Unauthorized, tampered.StatusCode);
        await _app.QuietAsync();
        Assert.Empty(await OutboxAsync("966500000033"));
    }

    [Fact]
    public async Task An_oversized_body_is_refused_before_it_is_read()
    {
        var body = new byte[(3 * 1024 * 1024) + 1];
        using var response = await SendAsync(body, WhatsAppPayloads.Sign(TestSecrets.WhatsApp, body));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task One_malformed_message_in_a_batch_does_not_cost_the_others()
    {
        var batch = WhatsAppPayloads.Envelope(
        [
            WhatsAppPayloads.TextMessage("966500000034", "wamid.batch.1", "حفرة في الطريق"),
            new JsonObject { ["from"] = "966500000037", ["id"] = new JsonArray(), ["timestamp"] = true, ["type"] = new JsonArray() },
            WhatsAppPayloads.TextMessage("966500000035", "wamid.batch.2", "نفايات متراكمة"),
        ]);
        await PostAsync(batch);
        await _app.QuietAsync();
        Assert.NotEmpty(await OutboxAsync("966500000034"));
        Assert.NotEmpty(await OutboxAsync("966500000035"));
    }

    [Fact]
    public async Task Events_of_another_number_are_none_of_ours()
    {
        await PostAsync(WhatsAppPayloads.Text("966500000036", "wamid.foreign.1", "حفرة", "999"));
        await _app.QuietAsync();
        Assert.Empty(await OutboxAsync("966500000036"));
    }

    [Fact]
    public async Task The_handshake_echoes_the_challenge_to_whoever_knows_the_verify_token()
    {
        using var good = await _app.Http.GetAsync($"/api/channels/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={TestSecrets.VerifyToken}");
        Assert.Equal("1158201444", await good.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", good.Content.Headers.ContentType!.MediaType);
        using var bad = await _app.Http.GetAsync("/api/channels/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=guess");
        Assert.Equal(HttpStatusCode.Forbidden, bad.StatusCode);
    }

    private async Task PostAsync(byte[] body)
    {
        using var response = await SendAsync(body, WhatsAppPayloads.Sign(TestSecrets.WhatsApp, body));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(byte[] body, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/channels/whatsapp") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signature);
        }

        return await _app.Http.SendAsync(request);
    }

    /// <summary>What was sent to a WhatsApp user, each as its JSON.</summary>
    private async Task<IReadOnlyList<string>> OutboxAsync(string to) =>
        [.. (await _app.Http.GetFromJsonAsync<JsonElement>("/local/outbox/whatsapp?to=" + to)).EnumerateArray().Select(message => message.ToString())];
}
