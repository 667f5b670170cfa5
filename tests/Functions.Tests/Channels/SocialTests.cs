using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Functions.Channels.X;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Telemetry;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Tests.Shared;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.Functions.Tests.Channels;

/// <summary>Citizens on X and by e-mail, through the front door, with the providers' sides simulated.</summary>
public sealed partial class SocialTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private const string Place = " 26.4282, 50.0881";

    private readonly AppFixture _app = shared.App;

    [Fact]
    public async Task On_x_a_direct_message_with_a_photo_becomes_a_report_whose_number_comes_by_direct_message()
    {
        await PlayAsync("x", "7001", text: "عمود إنارة مكسور", file: JpegSample.FromPhone(26.5, 50.0));
        Assert.Equal("dm", Assert.Single(await HeardAsync("x", "7001")).Kind);
        await PlayAsync("x", "7001", text: "26.4282, 50.0881");

        var heard = await HeardAsync("x", "7001");
        Assert.Equal(2, heard.Count);
        var report = await ReportAsync(heard[1].Text!);
        Assert.Equal((Channel.X, 1), (report.Channel, report.Attachments.Count));
    }

    [Fact]
    public async Task On_x_a_mention_is_answered_where_all_can_read_and_no_link_goes_there()
    {
        await PlayAsync("x", "7002", text: "حفرة في الشارع", kind: "mention", id: "990001");
        var question = Assert.Single(await HeardAsync("x", "990001"));
        Assert.Equal(("post", "990001"), (question.Kind, question.Body.GetProperty("reply").GetProperty("in_reply_to_tweet_id").GetString()));
        await PlayAsync("x", "7002", text: "26.4282, 50.0881", kind: "mention", id: "990002", file: JpegSample.FromPhone(26.5, 50.0));

        var answer = Assert.Single(await HeardAsync("x", "990002"));
        Assert.True((await ReportAsync(answer.Text!)).Attachments.Count == 1);
        Assert.DoesNotContain("http", answer.Text, StringComparison.Ordinal);
        Assert.InRange(answer.Text!.Length, 1, XClient.LongestPost);
    }

    [Fact]
    public async Task On_x_an_encrypted_chat_is_told_where_else_to_report()
    {
        await PlayAsync("x", "7003", kind: "encrypted");

        Assert.Contains("940", Assert.Single(await HeardAsync("x", "7003")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_x_the_same_event_a_hundred_times_in_parallel_and_in_both_envelopes_makes_one_report()
    {
        var body = XPayloads.Message("7004", "dm-100", "حفرة في الشارع" + Place);
        var again = XPayloads.Activity("7004", "dm-100", "حفرة في الشارع" + Place);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => XAsync(number % 2 == 0 ? body : again)));
        await _app.QuietAsync();

        Assert.Single(await HeardAsync("x", "7004"));
    }

    [Fact]
    public async Task X_is_believed_only_with_its_signature_by_either_of_its_secrets()
    {
        var body = XPayloads.Message("7005", "dm-5", "حفرة" + Place);
        var good = XPayloads.Sign(TestSecrets.X, body);
        string[][] bad = [[], [""], [good, good], [good["sha256=".Length..]], [good[..^1]], [XPayloads.Sign(TestSecrets.XClient, body)], ["sha256=" + new string('!', 44)]];
        foreach (var signatures in bad)
        {
            using var refused = await SendXAsync(body, "x-twitter-webhooks-signature", signatures);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        using var array = await SendXAsync("[]"u8.ToArray(), "x-twitter-webhooks-signature", XPayloads.Sign(TestSecrets.X, "[]"u8.ToArray()));
        Assert.Equal(HttpStatusCode.Unauthorized, array.StatusCode);
        using var broken = await SendXAsync("{"u8.ToArray(), "x-twitter-webhooks-signature", XPayloads.Sign(TestSecrets.X, "{"u8.ToArray()));
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        using var large = await SendXAsync(new byte[(3 * 1024 * 1024) + 1], "x-twitter-webhooks-signature", good);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        await _app.QuietAsync();
        Assert.Empty(await HeardAsync("x", "7005"));

        using var other = await SendXAsync(body, "x-twitter-webhooks-signature-oauth2", XPayloads.Sign(TestSecrets.XClient, body));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task The_challenge_is_answered_and_signs_no_post()
    {
        using var answer = await _app.Http.GetAsync("/api/channels/x?crc_token=9b4507b3-9040-4669-9ca3-6b94edb50553");
        Assert.Equal(
            XPayloads.Sign(TestSecrets.X, "9b4507b3-9040-4669-9ca3-6b94edb50553"u8.ToArray()),
            (await AppFixture.JsonAsync(answer)).GetProperty("response_token").GetString());
        foreach (var query in new[] { "", "?crc_token=", "?crc_token=" + Uri.EscapeDataString("{\"for_user_id\":\"1\"}"), "?crc_token=" + new string('a', 2_000), "?crc_token=a&crc_token=b", "?crc_token=a%20b" })
        {
            using var refused = await _app.Http.GetAsync("/api/channels/x" + query);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        // The host itself turns the longest away before anybody signs.
        using var endless = await _app.Http.GetAsync("/api/channels/x?crc_token=" + new string('a', 10_000));
        Assert.InRange((int)endless.StatusCode, 400, 499);
    }

    [Theory]
    [InlineData("https://pbs.twimg.com/media/a.jpg", true)]
    [InlineData("https://ton.twitter.com/1.1/ton/data/dm/1/2/a.jpg", true)]
    [InlineData("https://api.x.com/2/dm_conversations/media/1/2/3", true)]
    [InlineData("https://pbs.twimg.com.evil.example/a.jpg", false)]
    [InlineData("http://ton.twitter.com/a.jpg", false)]
    [InlineData("https://ton.twitter.com@evil.example/a", false)]
    [InlineData("http://169.254.169.254/", false)]
    public void Only_xs_hosts_are_asked(string address, bool allowed) => Assert.Equal(allowed, XMedia.MayBeAsked(new Uri(address), new Uri("https://api.x.com/")));

    [Fact]
    public async Task An_e_mail_with_a_photo_becomes_a_report_and_all_answers_stand_in_its_thread()
    {
        const string Citizen = "citizen1@mail.example";
        await PlayAsync("email", Citizen, subject: "عمود إنارة مكسور", text: "أمام المدرسة\n\nأُرسلت من الـ iPhone", file: JpegSample.FromPhone(26.5, 50.0), id: "mail-1");
        var question = Assert.Single(await HeardAsync("email", Citizen));
        Assert.Equal("Re: عمود إنارة مكسور", question.Body.GetProperty("Subject").GetString());
        Assert.Equal("auto-replied", Header(question, "Auto-Submitted"));
        Assert.Equal("<mail-1@mail.example>", Header(question, "In-Reply-To"));
        await PlayAsync("email", Citizen, subject: "رد: عمود إنارة مكسور", text: "26.4282, 50.0881\n\nفي الأحد، 1 مارس 2026 تمت كتابة ما يلي بواسطة 940:\n> أين المشكلة؟", id: "mail-2", inReplyTo: "<ours@mail.example>");

        var answer = (await HeardAsync("email", Citizen))[^1];
        var report = await ReportAsync(answer.Text!);
        Assert.Equal((Channel.Email, "عمود إنارة مكسور\nأمام المدرسة", 1), (report.Channel, report.Text, report.Attachments.Count));
        Assert.False(report.Reporter.PhoneProven);
        Assert.Equal("auto-generated", Header(answer, "Auto-Submitted"));
        Assert.Equal("<ours@mail.example> <mail-2@mail.example>", Header(answer, "References"));
    }

    [Fact]
    public async Task Machines_are_not_answered_and_the_same_mail_a_hundred_times_is_one_report()
    {
        const string Citizen = "citizen2@mail.example";
        await MailAsync(MailPayloads.Bytes(MailPayloads.Mail(Citizen, "auto-1", "Out of office", "حفرة" + Place, ("Auto-Submitted", "auto-replied"))));
        await MailAsync(MailPayloads.Bytes(MailPayloads.Mail(MailPayloads.Own, "own-1", "x", "حفرة" + Place)));
        await _app.QuietAsync();
        Assert.Empty(await HeardAsync("email", Citizen));
        Assert.Empty(await HeardAsync("email", MailPayloads.Own));

        var mail = MailPayloads.Bytes(MailPayloads.Mail(Citizen, "mail-100", "حفرة", "في الشارع" + Place).WithFile(JpegSample.FromPhone(26.5, 50.0), "image/jpeg"));
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => MailAsync(mail)));
        await _app.QuietAsync();
        Assert.Single((await ReportAsync(Assert.Single(await HeardAsync("email", Citizen)).Text!)).Attachments);
    }

    [Fact]
    public async Task A_mail_without_the_password_is_401_so_that_a_mended_one_comes_again()
    {
        var body = MailPayloads.Bytes(MailPayloads.Mail("citizen3@mail.example", "mail-3", "x", "حفرة" + Place));
        foreach (var header in new[] { null, "", "Basic", "Basic !", MailPayloads.Basic("wrong"), MailPayloads.Basic(""), "Bearer " + TestSecrets.Email, "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(TestSecrets.Email)) })
        {
            using var refused = await SendMailAsync(body, header);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        using var broken = await SendMailAsync("{"u8.ToArray(), MailPayloads.Basic(TestSecrets.Email));
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        using var nothing = await SendMailAsync("{}"u8.ToArray(), MailPayloads.Basic(TestSecrets.Email));
        Assert.Equal(HttpStatusCode.OK, nothing.StatusCode);
        await _app.QuietAsync();
        Assert.Empty(await HeardAsync("email", "citizen3@mail.example"));
    }

    [Fact]
    public async Task A_flood_is_answered_once()
    {
        for (var number = 0; number < 20; number++)
        {
            await MailAsync(MailPayloads.Bytes(MailPayloads.Mail("citizen4@mail.example", $"flood-{number}", "Re: x", $"كلام رقم {number}", ("In-Reply-To", "<x@y>"))));
        }

        await _app.QuietAsync();

        Assert.Single(await HeardAsync("email", "citizen4@mail.example"), message => message.Text!.Contains("911", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_channel_counts_what_goes_in_and_out_and_what_is_refused()
    {
        var counts = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == AppTelemetry.Name)
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            counts.AddOrUpdate(instrument.Name + " " + string.Join(' ', tags.ToArray().Select(tag => tag.Value)), value, (_, before) => before + value));
        listener.Start();

        await PlayAsync("email", "citizen5@mail.example", subject: "حفرة", text: "في الشارع" + Place, file: JpegSample.FromPhone(26.5, 50.0), id: "count-1");
        await PlayAsync("email", "citizen5@mail.example", subject: "حفرة", text: "شكرا", file: null, id: "count-2");
        using var refused = await SendMailAsync("{}"u8.ToArray(), null);
        await MailAsync("{}"u8.ToArray());
        await PlayAsync("x", "7009", text: "حفرة في الشارع" + Place);

        // Other classes' apps count into the same meter: at least what happened here must be there.
        foreach (var name in new[]
        {
            ChannelMetrics.EventsName + " email accepted", ChannelMetrics.EventsName + " email malformed", ChannelMetrics.RefusedName + " email unauthorized",
            ChannelMetrics.MediaName + " email stored", ChannelMetrics.SendsName + " email accepted", ChannelMetrics.SendsName + " email delivered",
            ChannelMetrics.EventsName + " x accepted", ChannelMetrics.SendsName + " x accepted",
        })
        {
            Assert.True(counts.GetValueOrDefault(name) > 0, name + " is not among " + string.Join(", ", counts.Keys.Order()));
        }
    }

    private async Task PlayAsync(
        string channel, string from, string? text = null, string? kind = null, string? id = null, string? subject = null, string? inReplyTo = null, byte[]? file = null)
    {
        var form = new MultipartFormDataContent { { new StringContent(from), "from" } };
        foreach (var (name, value) in new[] { ("text", text), ("kind", kind), ("id", id), ("subject", subject), ("inReplyTo", inReplyTo) })
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

        using var response = await _app.Http.PostAsync("/local/chats/" + channel, form);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        await _app.QuietAsync();
    }

    private async Task XAsync(byte[] body)
    {
        using var response = await SendXAsync(body, "x-twitter-webhooks-signature", XPayloads.Sign(TestSecrets.X, body));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<HttpResponseMessage> SendXAsync(byte[] body, string header, params string[] signatures)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/channels/x") { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation(header, signatures);
        return await _app.Http.SendAsync(request);
    }

    private async Task MailAsync(byte[] body)
    {
        using var response = await SendMailAsync(body, MailPayloads.Basic(TestSecrets.Email));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<HttpResponseMessage> SendMailAsync(byte[] body, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/channels/email") { Content = new ByteArrayContent(body) };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await _app.Http.SendAsync(request);
    }

    private async Task<IReadOnlyList<ChatMessage>> HeardAsync(string channel, string who) =>
        (await _app.Http.GetFromJsonAsync<List<ChatMessage>>($"/local/outbox/{channel}?to={Uri.EscapeDataString(who)}"))!;

    private async Task<Report> ReportAsync(string text)
    {
        var number = Digits().Match(text).Value;
        Assert.True(ReportNumber.IsValid(number), text);
        return (await _app.Services.GetRequiredService<IReportFinder>().FindAsync(number, CancellationToken.None))!;
    }

    private static string? Header(ChatMessage mail, string name) => mail.Body.GetProperty("Headers").EnumerateArray()
        .Where(header => header.GetProperty("Name").GetString() == name).Select(header => header.GetProperty("Value").GetString()).SingleOrDefault();

    [GeneratedRegex(@"\d{14}")]
    private static partial Regex Digits();
}
