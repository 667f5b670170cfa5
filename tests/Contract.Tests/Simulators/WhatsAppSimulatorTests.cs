using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Serverless940.Local.Simulators.WhatsApp;
using Serverless940.Tests.Shared;

namespace Serverless940.Contract.Tests.Simulators;

public class WhatsAppSimulatorTests
{
    private const string To = "+966500000001";
    private const string Messages = "v23.0/" + SimulatedApp.PhoneNumberId + "/messages";

    public static TheoryData<string> GoodMessages => new(
        Message("text", """{"body":"مرحبا"}"""),
        Message("interactive", Buttons("نعم", "لا")),
        Message("interactive", List(10, "الصف")),
        Message("interactive", """{"type":"location_request_message","body":{"text":"أرسل موقعك"},"action":{"name":"send_location"}}"""),
        Message("template", """{"name":"report_received","language":{"code":"ar"},"components":[{"type":"body","parameters":[{"type":"text","text":"1"}]}]}"""));

    public static TheoryData<string, int> BadMessages => new()
    {
        { """{"messaging_product":"whatsapp","type":"text","text":{"body":"x"}}""", 100 },
        { Message("text", """{"body":""}"""), 131008 },
        { Message("text", $$"""{"body":"{{new string('ا', 4097)}}"}"""), 131009 },
        { Message("nonsense", "{}"), 100 },
        { Message("interactive", Buttons("زر عنوانه أطول من عشرين حرفاً")), 131009 },
        { Message("interactive", Buttons("1", "2", "3", "4")), 131009 },
        { Message("interactive", Buttons("same", "same")), 131009 },
        { Message("interactive", List(11, "row")), 131009 },
        { Message("interactive", List(1, new string('ا', 25))), 131009 },
        { Message("template", """{"name":"x"}"""), 131008 },
        { Message("template", """{"name":"x","language":{"code":"ar"},"components":[{"type":"body","parameters":[{"type":"text","text":""}]}]}"""), 132000 },
        { "[]", 100 },
    };

    [Theory]
    [MemberData(nameof(GoodMessages))]
    public async Task A_message_within_the_limits_is_accepted_kept_and_reported(string message)
    {
        await using var app = await SimulatedApp.StartAsync();

        var (status, body) = await app.GraphAsync(HttpMethod.Post, Messages, message);

        Assert.Equal(HttpStatusCode.OK, status);
        var id = body["messages"]![0]!["id"]!.GetValue<string>();
        Assert.StartsWith("wamid.", id, StringComparison.Ordinal);
        var sent = Assert.Single((await app.GetAsync("/local/outbox/whatsapp?to=966500000001")).AsArray())!;
        Assert.Equal((id, To), (sent["id"]!.GetValue<string>(), sent["to"]!.GetValue<string>()));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(message), sent["body"]));
        foreach (var expected in new[] { "sent", "delivered" })
        {
            var hook = await app.HookAsync(hook => Status(hook) == expected);
            Assert.Equal(WhatsAppPayloads.Sign(SimulatedApp.AppSecret, hook.Body), hook.Headers["X-Hub-Signature-256"]);
        }
    }

    [Theory]
    [MemberData(nameof(BadMessages))]
    public async Task A_message_beyond_the_limits_is_refused_with_the_code_of_Graph(string message, int code)
    {
        await using var app = await SimulatedApp.StartAsync();

        var (status, body) = await app.GraphAsync(HttpMethod.Post, Messages, message);

        Assert.Equal((HttpStatusCode.BadRequest, code), (status, body["error"]!["code"]!.GetValue<int>()));
        Assert.NotEmpty(body["error"]!["message"]!.GetValue<string>());
        Assert.Empty((await app.GetAsync("/local/outbox/whatsapp")).AsArray());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("other")]
    public async Task Nothing_is_answered_without_the_right_token(string? token)
    {
        await using var app = await SimulatedApp.StartAsync();

        foreach (var (method, path) in new[] { (HttpMethod.Post, Messages), (HttpMethod.Get, "v23.0/123"), (HttpMethod.Post, "v23.0/1/media") })
        {
            var (status, body) = await app.GraphAsync(method, path, method == HttpMethod.Post ? Message("text", """{"body":"x"}""") : null, token);
            Assert.Equal((HttpStatusCode.Unauthorized, 190), (status, body["error"]!["code"]!.GetValue<int>()));
        }
    }

    [Fact]
    public async Task Another_phone_number_id_is_unknown()
    {
        await using var app = await SimulatedApp.StartAsync();

        var (status, body) = await app.GraphAsync(HttpMethod.Post, "v23.0/1/messages", Message("text", """{"body":"x"}"""));

        Assert.Equal((HttpStatusCode.BadRequest, 100), (status, body["error"]!["code"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_read_mark_is_taken_and_not_shown_as_sent()
    {
        await using var app = await SimulatedApp.StartAsync();

        var (status, _) = await app.GraphAsync(HttpMethod.Post, Messages, """{"messaging_product":"whatsapp","status":"read","message_id":"wamid.x"}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Empty((await app.GetAsync("/local/outbox/whatsapp")).AsArray());
    }

    [Fact]
    public async Task A_text_from_the_handset_arrives_signed_in_the_bytes_Meta_would_send()
    {
        await using var app = await SimulatedApp.StartAsync();

        using var response = await app.PostAsync("/local/handset/whatsapp", """{"from":"+966500000001","type":"text","text":"حفرة / طريق 😀"}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var hook = Assert.Single(app.Hooks);
        Assert.Equal("/api/channels/whatsapp", hook.Path);
        Assert.Equal(WhatsAppPayloads.Sign(SimulatedApp.AppSecret, hook.Body), hook.Headers["X-Hub-Signature-256"]);
        var raw = Encoding.ASCII.GetString(hook.Body);
        Assert.Contains("\\u062d\\u0641\\u0631\\u0629 \\/ ", raw, StringComparison.Ordinal);
        Assert.Contains("\\ud83d\\ude00", raw, StringComparison.Ordinal);
        var message = Value(hook)["messages"]![0]!;
        Assert.Equal(("966500000001", "text", "حفرة / طريق 😀"), (message["from"]!.GetValue<string>(), message["type"]!.GetValue<string>(), message["text"]!["body"]!.GetValue<string>()));
        Assert.Equal(SimulatedApp.PhoneNumberId, Value(hook)["metadata"]!["phone_number_id"]!.GetValue<string>());
        Assert.Equal("966500000001", Value(hook)["contacts"]![0]!["wa_id"]!.GetValue<string>());
        Assert.Matches("^[0-9]{10}$", message["timestamp"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_picture_from_the_handset_is_fetched_in_two_steps_with_the_token()
    {
        await using var app = await SimulatedApp.StartAsync();
        byte[] picture = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];
        using var file = new ByteArrayContent(picture);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var form = new MultipartFormDataContent { { new StringContent("+966500000001"), "from" }, { new StringContent("image"), "type" }, { new StringContent("الصورة"), "text" }, { file, "file", "حفرة.jpg" } };

        using var response = await app.Client.PostAsync("/local/handset/whatsapp", form);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var image = Value(Assert.Single(app.Hooks))["messages"]![0]!["image"]!;
        Assert.Equal(("image/jpeg", "الصورة", Convert.ToBase64String(SHA256.HashData(picture))), (image["mime_type"]!.GetValue<string>(), image["caption"]!.GetValue<string>(), image["sha256"]!.GetValue<string>()));
        var (status, facts) = await app.GraphAsync(HttpMethod.Get, "v23.0/" + image["id"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(7, facts["file_size"]!.GetValue<int>());
        var url = new Uri(facts["url"]!.GetValue<string>());
        using var without = await app.Client.GetAsync(url);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal(picture, await FetchAsync(app, url, HttpStatusCode.OK));
        await FetchAsync(app, new Uri(url.AbsoluteUri[..^1] + (url.AbsoluteUri[^1] == '0' ? '1' : '0')), HttpStatusCode.NotFound);
        Assert.Equal(picture, await app.Client.GetByteArrayAsync("/local/handset/media/" + image["id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Media_can_be_uploaded_as_the_Cloud_API_has_it()
    {
        await using var app = await SimulatedApp.StartAsync();
        using var file = new ByteArrayContent([1, 2, 3]);
        file.Headers.ContentType = new MediaTypeHeaderValue("audio/ogg");
        using var form = new MultipartFormDataContent { { new StringContent("whatsapp"), "messaging_product" }, { file, "file", "note.ogg" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Graph, "v23.0/" + SimulatedApp.PhoneNumberId + "/media")) { Content = form };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SimulatedApp.AccessToken);

        using var response = await app.Client.SendAsync(request);

        var id = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
        var (_, facts) = await app.GraphAsync(HttpMethod.Get, "v23.0/" + id);
        Assert.Equal("audio/ogg", facts["mime_type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Locations_choices_and_repeated_ids_are_written_as_Meta_writes_them()
    {
        await using var app = await SimulatedApp.StartAsync();

        using var location = await app.PostAsync("/local/handset/whatsapp", """{"from":"966500000001","type":"location","location":{"lat":26.43,"lon":50.1,"name":"الكورنيش"}}""");
        using var choice = await app.PostAsync("/local/handset/whatsapp", """{"from":"966500000001","type":"list_reply","choice":"c-1","title":"إنارة","contextId":"wamid.1","id":"wamid.same","userId":"SA.abc"}""");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (location.StatusCode, choice.StatusCode));
        var first = Value(app.Hooks.First())["messages"]![0]!;
        Assert.Equal((26.43, 50.1, "الكورنيش"), (first["location"]!["latitude"]!.GetValue<double>(), first["location"]!["longitude"]!.GetValue<double>(), first["location"]!["name"]!.GetValue<string>()));
        var second = Value(app.Hooks.Last())["messages"]![0]!;
        Assert.Equal(("wamid.same", "interactive", "c-1"), (second["id"]!.GetValue<string>(), second["type"]!.GetValue<string>(), second["interactive"]!["list_reply"]!["id"]!.GetValue<string>()));
        Assert.Equal(("wamid.1", "SA.abc"), (second["context"]!["id"]!.GetValue<string>(), second["from_user_id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task What_the_app_refuses_is_told_to_the_handset_and_not_shown_as_sent()
    {
        await using var app = await SimulatedApp.StartAsync();
        app.Answer = _ => 401;

        using var response = await app.PostAsync("/local/handset/whatsapp", """{"from":"966500000001","text":"x"}""");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Empty((await app.GetAsync("/local/handset/messages?phone=966500000001"))["whatsapp"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"from":"1","text":"x"}""")]
    [InlineData("""{"from":"966500000001","type":"text"}""")]
    [InlineData("""{"from":"966500000001","type":"location","location":{"lat":"x"}}""")]
    [InlineData("not json")]
    public async Task The_handset_refuses_what_no_phone_would_send(string body)
    {
        await using var app = await SimulatedApp.StartAsync();

        using var response = await app.PostAsync("/local/handset/whatsapp", body);

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Empty(app.Hooks);
    }

    [Fact]
    public async Task The_handset_shows_both_sides_of_a_conversation_in_order()
    {
        await using var app = await SimulatedApp.StartAsync();
        using var first = await app.PostAsync("/local/handset/whatsapp", """{"from":"966500000001","text":"سؤال"}""");
        await app.GraphAsync(HttpMethod.Post, Messages, Message("text", """{"body":"جواب"}"""));
        using var other = await app.PostAsync("/local/handset/whatsapp", """{"from":"966500000002","text":"غيره"}""");

        var chat = (await app.GetAsync("/local/handset/messages?phone=%2B966500000001"))["whatsapp"]!.AsArray();

        Assert.Equal(["سؤال", "جواب"], chat.Select(message => message!["content"]!["text"]!["body"]!.GetValue<string>()));
        Assert.Equal([true, false], chat.Select(message => message!["mine"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task An_SMS_from_the_handset_arrives_as_Event_Grid_sends_it()
    {
        await using var app = await SimulatedApp.StartAsync();

        using var response = await app.PostAsync("/local/handset/sms", """{"from":"+966500000001","text":"إلغاء"}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var hook = Assert.Single(app.Hooks);
        Assert.Equal(("/api/channels/sms", SimulatedApp.WebhookSecret), (hook.Path, hook.Headers["X-Webhook-Secret"]));
        var received = hook.Json[0]!;
        Assert.Equal(
            ("Microsoft.Communication.SMSReceived", "966500000001", "966920000940", "إلغاء"),
            (received["eventType"]!.GetValue<string>(), received["data"]!["from"]!.GetValue<string>(), received["data"]!["to"]!.GetValue<string>(), received["data"]!["message"]!.GetValue<string>()));
    }

    [Fact]
    public void The_helper_of_the_tests_and_the_simulator_write_the_same_bytes()
    {
        var json = new JsonObject { ["a"] = "حفرة / \"طريق\" \\ & <b> 'x' + ` \n 😀\u2028", ["n"] = 26.43, ["t"] = true, ["l"] = new JsonArray(1, "/", null) };

        Assert.Equal(Encoding.ASCII.GetString(MetaJson.Write(json)), Encoding.ASCII.GetString(WhatsAppPayloads.Bytes(json)));
        Assert.True(JsonNode.DeepEquals(json, JsonNode.Parse(MetaJson.Write(json))));
    }

    private static string Message(string type, string content) =>
        $$"""{"messaging_product":"whatsapp","recipient_type":"individual","to":"{{To}}","type":"{{type}}","{{type}}":{{content}}}""";

    private static string Buttons(params string[] titles) => new JsonObject
    {
        ["type"] = "button",
        ["body"] = new JsonObject { ["text"] = "؟" },
        ["action"] = new JsonObject
        {
            ["buttons"] = new JsonArray([.. titles.Select(JsonNode (title, i) => new JsonObject
            {
                ["type"] = "reply",
                ["reply"] = new JsonObject { ["id"] = $"choice-{i}", ["title"] = title },
            })]),
        },
    }.ToJsonString();

    private static string List(int rows, string title) => new JsonObject
    {
        ["type"] = "list",
        ["body"] = new JsonObject { ["text"] = "؟" },
        ["action"] = new JsonObject
        {
            ["button"] = "اختر",
            ["sections"] = new JsonArray(new JsonObject
            {
                ["title"] = "القسم",
                ["rows"] = new JsonArray([.. Enumerable.Range(0, rows).Select(JsonNode (i) => new JsonObject { ["id"] = $"row-{i}", ["title"] = title })]),
            }),
        },
    }.ToJsonString();

    private static JsonNode Value(Hook hook) => hook.Json["entry"]![0]!["changes"]![0]!["value"]!;

    private static string? Status(Hook hook) => Value(hook)["statuses"]?[0]?["status"]?.GetValue<string>();

    private static async Task<byte[]> FetchAsync(SimulatedApp app, Uri url, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SimulatedApp.AccessToken);
        using var response = await app.Client.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync();
    }
}
