using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Functions.Channels.WhatsApp;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Tests.Shared;

namespace Serverless940.Functions.Tests.Channels;

/// <summary>What the providers' doors let in, and what not.</summary>
public sealed class WebhookTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly AppFixture _app = shared.App;
    private readonly CitizenDriver _citizen = shared.Citizen;

    [Fact]
    public async Task Two_signatures_are_none()
    {
        var chat = new ChatDriver(_app, "+966500000111");
        var body = WhatsAppPayloads.Text(chat.Phone, "wamid.twice", "حفرة في الشارع", TestSecrets.PhoneNumberId);
        var good = WhatsAppPayloads.Sign(TestSecrets.WhatsApp, body);

        using var answer = await chat.PostAsync(body, good, good);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task The_secret_before_this_one_counts_while_the_provider_changes_over()
    {
        var chat = new ChatDriver(_app, "+966500000112");
        var body = WhatsAppPayloads.Text(chat.Phone, "wamid.rotation", "حفرة", "999");

        using var answer = await chat.PostAsync(body, WhatsAppPayloads.Sign(TestSecrets.WhatsAppPrevious, body));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_signed_post_that_is_no_json_is_400_and_one_that_is_none_of_ours_200()
    {
        var chat = new ChatDriver(_app, "+966500000113");

        using var broken = await chat.PostAsync("{"u8.ToArray());
        using var foreign = await chat.PostAsync(WhatsAppPayloads.Text(chat.Phone, "wamid.foreign", "حفرة", "999"));
        using var odd = await chat.PostAsync("""{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"flows","value":[]}]}]}"""u8.ToArray());

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.OK), (broken.StatusCode, foreign.StatusCode, odd.StatusCode));
        await _app.QuietAsync();
        Assert.Empty(await chat.HeardAsync());
    }

    [Theory]
    [InlineData("subscribe", TestSecrets.VerifyToken, "1158201444", HttpStatusCode.OK)]
    [InlineData("subscribe", "wrong", "1158201444", HttpStatusCode.Forbidden)]
    [InlineData("unsubscribe", TestSecrets.VerifyToken, "1158201444", HttpStatusCode.Forbidden)]
    [InlineData("subscribe", TestSecrets.VerifyToken, "<script>", HttpStatusCode.Forbidden)]
    [InlineData("subscribe", "", "1158201444", HttpStatusCode.Forbidden)]
    public async Task The_challenge_comes_back_only_to_who_knows_the_token(string mode, string token, string challenge, HttpStatusCode status)
    {
        using var answer = await _app.Http.GetAsync(
            $"/api/channels/whatsapp?hub.mode={mode}&hub.challenge={Uri.EscapeDataString(challenge)}&hub.verify_token={Uri.EscapeDataString(token)}");

        Assert.Equal(status, answer.StatusCode);
        if (status == HttpStatusCode.OK)
        {
            Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal(challenge, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Event_grid_is_believed_only_with_its_secret()
    {
        foreach (var secrets in new string[][] { [], [""], ["wrong"], [TestSecrets.EventGrid, TestSecrets.EventGrid] })
        {
            using var refused = await SmsAsync(EventGridPayloads.Validation("code-1"), secrets);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        using var handshake = await SmsAsync(EventGridPayloads.Validation("code-1"), TestSecrets.EventGrid);
        Assert.Equal(HttpStatusCode.OK, handshake.StatusCode);
        Assert.Equal("code-1", (await AppFixture.JsonAsync(handshake)).GetProperty("validationResponse").GetString());
        using var broken = await SmsAsync("{"u8.ToArray(), TestSecrets.EventGrid);
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        using var large = await SmsAsync(new byte[(1024 * 1024) + 1], TestSecrets.EventGrid);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Fact]
    public async Task The_handshake_of_cloud_events_allows_event_grid_alone()
    {
        using var allowed = await OptionsAsync("eventgrid.azure.net", TestSecrets.EventGrid);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal("eventgrid.azure.net", allowed.Headers.GetValues("WebHook-Allowed-Origin").Single());
        using var other = await OptionsAsync("evil.example", TestSecrets.EventGrid);
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        using var stranger = await OptionsAsync("eventgrid.azure.net", "wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }

    [Fact]
    public async Task A_report_can_be_told_by_sms_and_is_answered_by_sms()
    {
        const string Phone = "+966500000114";

        (await SmsAsync(EventGridPayloads.SmsReceived("sms-1", Phone, "+966500000940", "عمود إنارة مكسور"), TestSecrets.EventGrid)).Dispose();
        await _app.QuietAsync();
        (await SmsAsync(EventGridPayloads.SmsReceived("sms-2", Phone, "+966500000940", "حي الشاطئ شارع الخليج بالدمام"), TestSecrets.EventGrid)).Dispose();
        await _app.QuietAsync();

        var texts = await _citizen.SmsAsync(Phone);
        Assert.Equal(2, texts.Count);
        Assert.StartsWith("وصلتنا رسالتكم", texts[0].Text, StringComparison.Ordinal);
        Assert.Matches(@"\d{14}", texts[1].Text);
    }

    [Fact]
    public async Task An_event_counts_once_whether_it_comes_by_queue_or_by_webhook()
    {
        const string Phone = "+966500000118";
        var text = EventGridPayloads.SmsReceived("sms-118", Phone, "+966500000940", "عمود إنارة مكسور");

        // Event Grid puts the event itself on a queue, not the array that it posts.
        using var array = JsonDocument.Parse(text);
        await QueueAsync(JsonSerializer.SerializeToUtf8Bytes(array.RootElement[0]));
        await _app.QuietAsync();
        (await SmsAsync(text, TestSecrets.EventGrid)).Dispose();
        await QueueAsync("{"u8.ToArray());
        await _app.QuietAsync();

        Assert.Single(await _citizen.SmsAsync(Phone));
        Assert.Equal((0, 1), (_app.Broker.Counts(Names.Queues.SmsEvents).Active, _app.Broker.Counts(Names.Queues.SmsEvents).DeadLetter));

        async Task QueueAsync(byte[] body)
        {
            await using var sender = _app.Services.GetRequiredService<ServiceBusClient>().CreateSender(Names.Queues.SmsEvents);
            await sender.SendMessageAsync(new ServiceBusMessage(body) { MessageId = Guid.NewGuid().ToString() });
        }
    }

    [Theory]
    [InlineData("https://graph.facebook.com/x", true)]
    [InlineData("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", true)]
    [InlineData("http://127.0.0.1:9000/local/lookaside/1", true)]
    [InlineData("http://lookaside.fbsbx.com/x", false)]
    [InlineData("https://lookaside.fbsbx.com:8443/x", false)]
    [InlineData("https://lookaside.fbsbx.com.evil.example/x", false)]
    [InlineData("https://lookaside.fbsbx.com@evil.example/x", false)]
    [InlineData("https://user@graph.facebook.com/x", false)]
    [InlineData("http://127.0.0.1:9001/x", false)]
    [InlineData("http://169.254.169.254/metadata", false)]
    [InlineData("file:///etc/passwd", false)]
    public void The_token_goes_to_metas_hosts_and_the_configured_one_only(string address, bool allowed) =>
        Assert.Equal(allowed, WhatsAppMedia.MayBeAsked(new Uri(address), new Uri("http://127.0.0.1:9000/local/graph/")));

    private async Task<HttpResponseMessage> SmsAsync(byte[] body, params string[] secrets)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/channels/sms") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (secrets.Length > 0)
        {
            request.Headers.TryAddWithoutValidation(EventGridPayloads.SecretHeader, secrets);
        }

        return await _app.Http.SendAsync(request);
    }

    private async Task<HttpResponseMessage> OptionsAsync(string origin, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/channels/sms");
        request.Headers.Add(EventGridPayloads.SecretHeader, secret);
        request.Headers.Add("WebHook-Request-Origin", origin);
        return await _app.Http.SendAsync(request);
    }
}
