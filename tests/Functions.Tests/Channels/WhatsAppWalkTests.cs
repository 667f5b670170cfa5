using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Tests.Shared;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.Functions.Tests.Channels;

/// <summary>A whole conversation through the front door, with the provider's side simulated.</summary>
public sealed partial class WhatsAppWalkTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly AppFixture _app = shared.App;
    private readonly CitizenDriver _citizen = shared.Citizen;

    [Fact]
    public async Task A_text_a_photo_and_a_pin_become_a_report_whose_number_comes_on_whatsapp_and_by_sms()
    {
        var chat = new ChatDriver(_app, "+966500000101");

        await chat.SayAsync("عمود إنارة مكسور أمام المدرسة");
        Assert.Equal("location_request_message", Assert.Single(await chat.HeardAsync()).Body.GetProperty("interactive").GetProperty("type").GetString());
        await chat.FileAsync(JpegSample.FromPhone(26.5, 50.0), "image/jpeg");
        await chat.PinAsync(26.4282, 50.0881);

        var heard = await chat.HeardAsync();
        Assert.Equal(["interactive", "interactive", "text"], heard.Select(message => message.Kind));
        Assert.All(heard, message => Assert.Equal(chat.Phone, message.To));
        var number = Number(heard[^1].Text!);
        Assert.True(ReportNumber.IsValid(number));
        var sms = Assert.Single(await _citizen.SmsAsync(chat.Phone));
        Assert.Contains(number, sms.Text, StringComparison.Ordinal);
        Assert.Equal(1, sms.Segments);

        var report = await ReportAsync(number);
        Assert.Equal("central-dammam", report.GetProperty("municipality").GetString());
        Assert.Equal("image/jpeg", Assert.Single(report.GetProperty("attachments").EnumerateArray()).GetProperty("contentType").GetString());

        await chat.FileAsync(SoundSample.Mp3Frames(40), "audio/mpeg", "audio");
        Assert.Contains(number, (await chat.HeardAsync())[^1].Text, StringComparison.Ordinal);
        Assert.Equal(2, (await ReportAsync(number)).GetProperty("attachments").GetArrayLength());
    }

    [Fact]
    public async Task A_message_that_comes_again_in_another_post_is_known()
    {
        var chat = new ChatDriver(_app, "+966500000103");
        var message = WhatsAppPayloads.TextMessage(chat.Phone, "wamid.again", "حفرة في الشارع 26.4400, 50.0881");
        var other = WhatsAppPayloads.TextMessage(chat.Phone, "wamid.other", "شكرا");

        (await chat.PostAsync(WhatsAppPayloads.Envelope([message], TestSecrets.PhoneNumberId))).Dispose();
        await _app.QuietAsync();
        (await chat.PostAsync(WhatsAppPayloads.Envelope([(JsonObject)message.DeepClone(), other], TestSecrets.PhoneNumberId))).Dispose();
        await _app.QuietAsync();

        Assert.Single(await _citizen.SmsAsync(chat.Phone));
        Assert.Equal(2, (await chat.HeardAsync()).Count);
    }

    [Fact]
    public async Task A_person_without_a_phone_is_answered_by_the_id_that_there_is()
    {
        var chat = new ChatDriver(_app, "SA.abc123");
        var message = WhatsAppPayloads.TextMessage("+966500000104", "wamid.bsuid", "حفرة في الشارع 26.4410, 50.0881");
        message.Remove("from");
        message["from_user_id"] = "SA.abc123";

        (await chat.PostAsync(WhatsAppPayloads.Envelope([message], TestSecrets.PhoneNumberId))).Dispose();
        await _app.QuietAsync();

        var answer = Assert.Single(await chat.HeardAsync());
        Assert.Equal("SA.abc123", answer.Body.GetProperty("recipient").GetString());
        Assert.False(answer.Body.TryGetProperty("to", out _));
        Assert.True(ReportNumber.IsValid(Number(answer.Text!)));
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_is_said_so_and_the_report_stands()
    {
        var chat = new ChatDriver(_app, "+966500000105");

        await chat.FileAsync("this is no photo at all"u8.ToArray(), "image/jpeg", caption: "حفرة في الشارع 26.4420, 50.0881");

        var heard = await chat.HeardAsync();
        Assert.Equal(2, heard.Count);
        Assert.Single(heard, message => message.Text!.StartsWith("لم نستطع استخدام ملف", StringComparison.Ordinal));
        var number = Number(Assert.Single(await _citizen.SmsAsync(chat.Phone)).Text);
        Assert.Equal(0, (await ReportAsync(number)).GetProperty("attachments").GetArrayLength());
    }

    [Fact]
    public async Task Files_whose_bytes_are_not_those_that_were_sent_or_that_are_gone_are_not_taken()
    {
        var chat = new ChatDriver(_app, "+966500000106");

        (await chat.PostAsync(WhatsAppPayloads.Image(
            chat.Phone, "wamid.gone", "123456789012345", Convert.ToBase64String(new byte[32]), "حفرة في الشارع 26.4430, 50.0881", phoneNumberId: TestSecrets.PhoneNumberId))).Dispose();
        await _app.QuietAsync();

        Assert.Single(await chat.HeardAsync(), message => message.Text!.StartsWith("لم نستطع استخدام ملف", StringComparison.Ordinal));
        Assert.Single(await _citizen.SmsAsync(chat.Phone));
    }

    [Fact]
    public async Task The_button_of_a_question_works_and_an_english_citizen_reads_english()
    {
        var chat = new ChatDriver(_app, "+966500000107");

        await chat.SayAsync("Broken street light");
        await chat.SayAsync("??");
        var question = (await chat.HeardAsync())[^1];
        var button = question.Body.GetProperty("interactive").GetProperty("action").GetProperty("buttons")[0].GetProperty("reply");
        Assert.Equal("Send without place", button.GetProperty("title").GetString());
        await chat.ChooseAsync(button.GetProperty("id").GetString()!);

        Assert.Contains((await chat.HeardAsync()).Select(message => message.Text!), text => text.Contains("Report number:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_similar_report_is_shown_and_joined_or_told_apart_by_a_button()
    {
        var first = new ChatDriver(_app, "+966500000111");
        await first.SayAsync("حفرة في الشارع 26.4460, 50.0881");
        var main = Number((await first.HeardAsync())[^1].Text!);
        var (same, own) = await SimilarAsync("+966500000112", choice: 0);
        var (different, apart) = await SimilarAsync("+966500000113", choice: 1);

        var reports = _app.Services.GetRequiredService<IReportFinder>();
        Assert.Equal(main, (await reports.FindAsync(own, CancellationToken.None))!.MergedInto);
        Assert.Equal([main], (await reports.FindAsync(apart, CancellationToken.None))!.Different);
        Assert.StartsWith("ضممنا بلاغكم", (await same.HeardAsync())[^1].Text, StringComparison.Ordinal);
        Assert.StartsWith("حسنا", (await different.HeardAsync())[^1].Text, StringComparison.Ordinal);
        Assert.All(await same.HeardAsync(), message => Assert.DoesNotContain(main, message.Body.ToString(), StringComparison.Ordinal));
    }

    private async Task<(ChatDriver Chat, string Number)> SimilarAsync(string phone, int choice)
    {
        var chat = new ChatDriver(_app, phone);
        await chat.SayAsync("حفرة في الشارع 26.4460, 50.0881");
        var heard = await chat.HeardAsync();
        var buttons = heard.Single(message => message.Kind == "interactive").Body.GetProperty("interactive").GetProperty("action").GetProperty("buttons");
        await chat.ChooseAsync(buttons[choice].GetProperty("reply").GetProperty("id").GetString()!);
        return (chat, Number(heard.Single(message => message.Kind == "text").Text!));
    }

    private async Task<JsonElement> ReportAsync(string number)
    {
        var reports = _app.Services.GetRequiredService<IReportFinder>();
        var report = await reports.FindAsync(number, CancellationToken.None);
        return await _citizen.GetAsync(number, _app.Services.GetRequiredService<ReportAccess>().Token(number, report!.SourceHash));
    }

    private static string Number(string text) => Digits().Match(text).Value;

    [GeneratedRegex(@"\d{14}")]
    private static partial Regex Digits();
}
