using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Core.Reports;
using Serverless940.Functions.Channels.Messenger;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Tests.Shared;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.Functions.Tests.Channels;

/// <summary>A citizen on Messenger and on our page, through the front door, with Meta's side simulated.</summary>
public sealed partial class MessengerTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private const string Place = " 26.4282, 50.0881";

    private readonly AppFixture _app = shared.App;

    [Fact]
    public async Task A_photo_with_words_and_a_map_link_become_a_report_whose_number_comes_in_the_chat()
    {
        await PlayAsync("psid-1", text: "عمود إنارة مكسور", file: JpegSample.FromPhone(26.5, 50.0));
        var question = Assert.Single(await HeardAsync("psid-1"));
        Assert.Equal("RESPONSE", question.Body.GetProperty("messaging_type").GetString());
        await PlayAsync("psid-1", text: "https://maps.google.com/?q=26.4282,50.0881");

        var heard = await HeardAsync("psid-1");
        Assert.Equal(2, heard.Count);
        var report = await _app.Services.GetRequiredService<IReportFinder>().FindAsync(Number(heard[1].Text!), CancellationToken.None);
        Assert.Equal("central-dammam", report!.Municipality);
        Assert.Equal("image/jpeg", Assert.Single(report.Attachments).ContentType);
        await PlayAsync("psid-1", text: "شكرا");
        Assert.Equal(3, (await HeardAsync("psid-1")).Count);
    }

    [Fact]
    public async Task The_button_under_a_question_and_the_first_button_work_and_english_is_answered_in_english()
    {
        await PlayAsync("psid-2", choice: "GET_STARTED", text: "Get started");
        await PlayAsync("psid-2", text: "Broken street light");
        await PlayAsync("psid-2", text: "??");
        var quick = Assert.Single((await HeardAsync("psid-2"))[^1].Body.GetProperty("message").GetProperty("quick_replies").EnumerateArray());
        Assert.Equal(("text", "Send without place"), (quick.GetProperty("content_type").GetString(), quick.GetProperty("title").GetString()));
        await PlayAsync("psid-2", choice: quick.GetProperty("payload").GetString(), text: "Send without place");

        var heard = await HeardAsync("psid-2");
        Assert.StartsWith("أهلا", heard[0].Text, StringComparison.Ordinal);
        Assert.Single(heard, message => message.Text!.Contains("Report number:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_comment_is_answered_in_private_once()
    {
        var comment = MessengerPayloads.Comment("psid-3", "c-1", "حفرة في الشارع" + Place);
        var question = MessengerPayloads.Comment("psid-4", "c-2", "حفرة في شارعنا");
        await PostAsync(comment);
        await PostAsync(comment);
        await PostAsync(question);
        await _app.QuietAsync();

        var answer = Assert.Single(await HeardAsync("c-1"));
        Assert.Equal("c-1", answer.Body.GetProperty("recipient").GetProperty("comment_id").GetString());
        Assert.True(ReportNumber.IsValid(Number(answer.Text!)));
        Assert.Single(await HeardAsync("c-2"));

        await PostAsync(MessengerPayloads.Text("psid-4", "m-c2", "26.4282, 50.0881"));
        await _app.QuietAsync();
        Assert.Single(await HeardAsync("c-2"));
        Assert.True(ReportNumber.IsValid(Number(Assert.Single(await HeardAsync("psid-4")).Text!)));
    }

    [Fact]
    public async Task The_same_event_a_hundred_times_in_parallel_makes_one_report()
    {
        var body = MessengerPayloads.Text("psid-5", "m-100", "حفرة في الشارع" + Place);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => PostAsync(body)));
        await _app.QuietAsync();

        Assert.Single(await HeardAsync("psid-5"));
    }

    [Fact]
    public async Task The_place_before_the_words_is_as_good()
    {
        await PostAsync(MessengerPayloads.Text("psid-6", "m-6b", "26.4282, 50.0881"));
        await PostAsync(MessengerPayloads.Text("psid-6", "m-6a", "حفرة في الشارع"));
        await _app.QuietAsync();

        Assert.True(ReportNumber.IsValid(Number((await HeardAsync("psid-6"))[^1].Text!)));
    }

    [Fact]
    public async Task What_Meta_did_not_sign_changes_nothing()
    {
        var body = MessengerPayloads.Text("psid-7", "m-7", "حفرة" + Place);
        var good = WhatsAppPayloads.Sign(TestSecrets.Messenger, body);
        string[][] bad =
        [
            [], [""], [good["sha256=".Length..]], [good[..^1]], ["sha256=" + new string('z', 64)], [good, good],
            [WhatsAppPayloads.Sign(TestSecrets.WhatsApp, body)], [good.Replace("sha256", "sha1", StringComparison.Ordinal)],
        ];
        foreach (var signatures in bad)
        {
            using var refused = await SendAsync(body, signatures);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        byte[][] others = [[.. body[..^1], (byte)(body[^1] ^ 1)], [0xEF, 0xBB, 0xBF, .. body], [], JsonNode.Parse(body)!.ToJsonString().Select(letter => (byte)letter).ToArray()];
        foreach (var other in others)
        {
            using var refused = await SendAsync(other, good);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        using var large = await SendAsync(new byte[(3 * 1024 * 1024) + 1], good);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        await _app.QuietAsync();
        Assert.Empty(await HeardAsync("psid-7"));
    }

    [Fact]
    public async Task A_file_from_another_host_is_not_asked_for_and_the_report_stands()
    {
        await PostAsync(MessengerPayloads.Files("psid-8", "m-8", "image", "حفرة في الشارع" + Place, "http://169.254.169.254/metadata"));
        await _app.QuietAsync();

        Assert.True(ReportNumber.IsValid(Number((await HeardAsync("psid-8"))[0].Text!)));
    }

    [Theory]
    [InlineData("https://scontent.xx.fbcdn.net/v/a.jpg", true)]
    [InlineData("https://cdn.fbsbx.com/a.mp3", true)]
    [InlineData("https://fbcdn.net.evil.example/a.jpg", false)]
    [InlineData("https://evilfbcdn.net/a.jpg", false)]
    [InlineData("http://scontent.xx.fbcdn.net/a.jpg", false)]
    [InlineData("https://scontent.xx.fbcdn.net:8443/a.jpg", false)]
    [InlineData("https://scontent.xx.fbcdn.net@evil.example/a.jpg", false)]
    [InlineData("http://127.0.0.1:9001/x", false)]
    public void Only_metas_delivery_network_is_asked(string address, bool allowed) =>
        Assert.Equal(allowed, MessengerMedia.MayBeAsked(new Uri(address), new Uri("https://graph.facebook.com/")));

    private async Task PlayAsync(string from, string? text = null, string? choice = null, byte[]? file = null)
    {
        var form = new MultipartFormDataContent { { new StringContent(from), "from" } };
        foreach (var (name, value) in new[] { ("text", text), ("choice", choice) })
        {
            if (value is not null)
            {
                form.Add(new StringContent(value), name);
            }
        }

        if (file is not null)
        {
            var content = new ByteArrayContent(file);
            content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            form.Add(content, "file", "photo.jpg");
        }

        using var response = await _app.Http.PostAsync("/local/chats/messenger", form);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        await _app.QuietAsync();
    }

    private async Task PostAsync(byte[] body)
    {
        using var response = await SendAsync(body, WhatsAppPayloads.Sign(TestSecrets.Messenger, body));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(byte[] body, params string[] signatures)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/channels/messenger") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signatures);
        return await _app.Http.SendAsync(request);
    }

    private async Task<IReadOnlyList<ChatMessage>> HeardAsync(string who) =>
        (await _app.Http.GetFromJsonAsync<List<ChatMessage>>("/local/outbox/messenger?to=" + who))!;

    private static string Number(string text) => Digits().Match(text).Value;

    [GeneratedRegex(@"\d{14}")]
    private static partial Regex Digits();
}
