using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Serverless940.Contract.Tests.Simulators;

public class ProviderTests
{
    [Fact]
    public async Task Every_provider_keeps_what_was_sent()
    {
        await using var app = await SimulatedApp.StartAsync();

        await ExpectAsync(app, HttpStatusCode.OK, "Messenger__GraphBaseUri", "v23.0/940/messages?access_token=page-token", Json("""{"recipient":{"id":"psid-1"},"messaging_type":"RESPONSE","message":{"text":"مرحبا"}}"""));
        await ExpectAsync(app, HttpStatusCode.Created, "X__ApiBaseUri", "2/dm_conversations/with/77/messages", Json("""{"text":"مرحبا"}"""), new("Bearer", "t"));
        await ExpectAsync(app, HttpStatusCode.Created, "X__ApiBaseUri", "2/tweets", Json("""{"text":"شكراً","reply":{"in_reply_to_tweet_id":"5"}}"""), new("Bearer", "t"));
        using var call = new FormUrlEncodedContent([new("To", "+966500000001"), new("From", "+966920000940"), new("Twiml", "<Response/>")]);
        await ExpectAsync(app, HttpStatusCode.Created, "Voice__ApiBaseUri", "2010-04-01/Accounts/AC940/Calls.json", call, new("Basic", Convert.ToBase64String("AC940:voice-token"u8)));
        await ExpectAsync(app, HttpStatusCode.OK, "Email__ApiBaseUri", "email", Mail("""{"From":"a@local.invalid","To":"b@local.invalid","Subject":"بلاغ","TextBody":"نص"}"""));
        await ExpectAsync(app, HttpStatusCode.OK, "Email__ApiBaseUri", "staff-webhook/team-1", Json("""{"text":"تصعيد"}"""));

        Assert.Equal("مرحبا", Text(Assert.Single((await app.GetAsync("/local/outbox/messenger?to=psid-1")).AsArray())));
        Assert.Equal("مرحبا", Text(Assert.Single((await app.GetAsync("/local/outbox/x?to=77")).AsArray())));
        Assert.Equal(2, (await app.GetAsync("/local/outbox/x")).AsArray().Count);
        Assert.Equal("<Response/>", Text(Assert.Single((await app.GetAsync("/local/outbox/voice?to=966500000001")).AsArray())));
        Assert.Equal("بلاغ\nنص", Text(Assert.Single((await app.GetAsync("/local/outbox/email?to=b@local.invalid")).AsArray())));
        Assert.Equal("تصعيد", Text(Assert.Single((await app.GetAsync("/local/outbox/email?to=team-1")).AsArray())));
    }

    [Fact]
    public async Task Every_provider_refuses_strangers_and_nonsense()
    {
        await using var app = await SimulatedApp.StartAsync();

        await ExpectAsync(app, HttpStatusCode.Unauthorized, "Messenger__GraphBaseUri", "v23.0/940/messages?access_token=x", Json("""{"recipient":{"id":"1"},"message":{"text":"x"}}"""));
        await ExpectAsync(app, HttpStatusCode.BadRequest, "Messenger__GraphBaseUri", "v23.0/940/messages?access_token=page-token", Json("""{"recipient":{"id":"1"},"message":{"text":"LONG"}}""".Replace("LONG", new string('x', 2000), StringComparison.Ordinal)));
        await ExpectAsync(app, HttpStatusCode.Unauthorized, "X__ApiBaseUri", "2/tweets", Json("""{"text":"x"}"""));
        await ExpectAsync(app, HttpStatusCode.BadRequest, "X__ApiBaseUri", "2/tweets", Json("{}"), new("Bearer", "t"));
        static FormUrlEncodedContent Call() => new([new("To", "+966500000001")]);
        await ExpectAsync(app, HttpStatusCode.Unauthorized, "Voice__ApiBaseUri", "2010-04-01/Accounts/AC940/Calls.json", Call(), new("Basic", Convert.ToBase64String("AC940:x"u8)));
        await ExpectAsync(app, HttpStatusCode.BadRequest, "Voice__ApiBaseUri", "2010-04-01/Accounts/AC940/Calls.json", Call(), new("Basic", Convert.ToBase64String("AC940:voice-token"u8)));
        await ExpectAsync(app, HttpStatusCode.Unauthorized, "Email__ApiBaseUri", "email", Json("""{"From":"a@local.invalid","To":"b@local.invalid","TextBody":"x"}"""));
        await ExpectAsync(app, HttpStatusCode.UnprocessableEntity, "Email__ApiBaseUri", "email", Mail("""{"From":"a@local.invalid","To":"b"}"""));

        foreach (var channel in new[] { "messenger", "x", "voice", "email" })
        {
            Assert.Empty((await app.GetAsync("/local/outbox/" + channel)).AsArray());
        }
    }

    [Fact]
    public async Task What_was_sent_survives_a_restart_and_a_torn_line()
    {
        var folder = Directory.CreateTempSubdirectory("simulators-").FullName;
        await using (var app = await SimulatedApp.StartAsync(folder))
        {
            await ExpectAsync(app, HttpStatusCode.OK, "Email__ApiBaseUri", "staff-webhook/a", Json("""{"text":"1"}"""));
        }

        await File.AppendAllTextAsync(Path.Combine(folder, "simulators", "outbox-email.jsonl"), """{"id":"torn","to":""");
        await using var again = await SimulatedApp.StartAsync(folder);
        await ExpectAsync(again, HttpStatusCode.OK, "Email__ApiBaseUri", "staff-webhook/a", Json("""{"text":"2"}"""));
        Assert.Equal(["1", "2"], (await again.GetAsync("/local/outbox/email")).AsArray().Select(Text));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task An_unknown_channel_has_no_outbox()
    {
        await using var app = await SimulatedApp.StartAsync();

        using var response = await app.Client.GetAsync("/local/outbox/pigeon");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static StringContent Mail(string json)
    {
        var content = Json(json);
        content.Headers.Add("X-Postmark-Server-Token", "t");
        return content;
    }

    private static string? Text(JsonNode? item) => item!["text"]?.GetValue<string>();

    private static async Task ExpectAsync(
        SimulatedApp app, HttpStatusCode expected, string setting, string path, HttpContent content, AuthenticationHeaderValue? authorization = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(app.Settings[setting]), path)) { Content = content };
        request.Headers.Authorization = authorization;
        using var response = await app.Client.SendAsync(request);
        Assert.True(expected == response.StatusCode, $"{path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }
}
