using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Tests.Shared;

namespace Serverless940.Core.Tests.Channels;

public sealed class MailTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>What mail programs put below a person's words, each in its own manner.</summary>
    public static TheoryData<string> Below() =>
    [
        "On Sun, Mar 1, 2026 at 9:00 AM Centre 940 <940@amana.example> wrote:\n> We have your message.",
        "On Sunday, 1 March 2026 at 09:00, The Report Centre of the Municipality\n<940@amana.example>\nwrote:\n\n> We have your message.",
        "‫في الأحد، 1 مارس 2026 في 9:00 ص تمت كتابة ما يلي بواسطة ‪940‬‏ <‪940@amana.example‬‏>:‬\n> وصلتنا رسالتكم.",
        "في ١ مارس ٢٠٢٦، الساعة ٩:٠٠ ص، كتب مركز 940 <940@amana.example>:\n\n> وصلتنا رسالتكم.",
        "بتاريخ الأحد، 1 مارس 2026 9:00، كتبت 940@amana.example:\n> وصلتنا",
        "-----Original Message-----\nFrom: 940\nSent: Sunday",
        "-----الرسالة الأصلية-----\nمن: 940",
        "________________________________\nFrom: 940 <940@amana.example>\nSent: Sunday, March 1, 2026 9:00 AM\nTo: me\nSubject: Re: pole",
        "من: 940 <940@amana.example>\nتاريخ الإرسال: الأحد، 1 مارس 2026\nإلى: أنا\nالموضوع: عمود",
        "*From:* 940\n*Date:* Sunday\n*To:* me\n*Subject:* x",
        "-- \nقسم الصيانة\nهاتف 0500000001",
        "Sent from my iPhone",
        "أُرسلت من الـ iPhone",
        "أرسلت من هاتفي Huawei",
        "Get Outlook for Android",
        "الحصول على Outlook لـ iOS",
        "تم الإرسال من هاتف Samsung Galaxy الذكي",
        "مع خالص التحية\nمواطن\n0500000001",
        "وتقبلوا فائق الاحترام والتقدير،\nمواطن",
        "Best regards,\nA citizen\nDammam",
        "This email and any attachments are confidential and intended solely for the addressee.",
        "هذه الرسالة وما تحتويه من مرفقات سرية وموجهة إلى المرسل إليه فقط.",
        "> We have your message.\n> Where is it?",
    ];

    [Theory]
    [MemberData(nameof(Below))]
    public void A_persons_words_are_kept_and_what_stands_below_is_cut(string below)
    {
        const string Words = "عمود الإنارة مكسور أمام المدرسة\n\nفي شارع الملك سعود: الرقم 12";

        Assert.Equal(Words, MailText.Read(Words + "\n\n" + below, null));
        Assert.Equal(Words, MailText.Read((Words + "\n\n" + below).Replace("\n", "\r\n", StringComparison.Ordinal), null));
    }

    [Theory]
    [InlineData("On 5 March the light went out and I wrote to you already. Nobody came.")]
    [InlineData("في شارع الخليج حفرة كبيرة\nمن: أمام المدرسة إلى المسجد")]
    [InlineData("From: the mosque to the school the street is dark\nPlease help")]
    [InlineData("مع خالص التحية لكم على جهودكم، لدينا عمود إنارة مكسور منذ شهر")]
    public void Words_that_only_look_like_a_quote_stay(string words) => Assert.Equal(words, MailText.Read(words, null));

    [Fact]
    public void Answers_between_the_quoted_lines_are_kept()
    {
        Assert.Equal("حي الشاطئ\nنعم", MailText.Read("> أين المشكلة؟\nحي الشاطئ\n> هل ما زالت؟\nنعم", null));
    }

    [Fact]
    public void What_is_only_passed_on_is_what_its_sender_wants_to_say()
    {
        Assert.Equal(
            "حفرة في شارعنا",
            MailText.Read("---------- Forwarded message ---------\nFrom: neighbour <n@mail.example>\nDate: Sun, 1 Mar 2026\nSubject: hole\nTo: me\n\nحفرة في شارعنا", null));
        Assert.Equal("انظروا أدناه", MailText.Read("انظروا أدناه\n\nBegin forwarded message:\n\nFrom: n\nSubject: x\n\nحفرة", null));
    }

    [Fact]
    public void Html_is_read_as_words_and_its_quote_is_cut()
    {
        const string Html = """
            <html><head><title>x</title><style>p { color: red }</style></head><body><script>alert(1)</script>
            <p>عمود &amp; سلك<br>مكشوف&nbsp;هنا &#x1F6A7; &lt;b&gt;</p><!-- <p>hidden</p> --><div class="gmail_quote">On Sun wrote:<blockquote>old</blockquote></div></body></html>
            """;

        Assert.Equal("عمود & سلك\nمكشوف هنا 🚧 <b>", MailText.Read("  ", Html));
        Assert.Equal("a\nb", MailText.Read(null, "<div>a</div><div>b</div><blockquote type=cite>c</blockquote>"));
        Assert.Equal("a & b &unknown; &", MailText.Read(null, "a & b &unknown; &#xD800;&#1114112;&".Replace("&#xD800;&#1114112;", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_mail_made_to_take_long_does_not()
    {
        string[] evil =
        [
            string.Concat(Enumerable.Repeat("<style>", 200_000)), string.Concat(Enumerable.Repeat("<", 1_000_000)), string.Concat(Enumerable.Repeat("<div class=\"", 100_000)),
            string.Concat(Enumerable.Repeat("&", 1_000_000)), string.Concat(Enumerable.Repeat("<!--", 200_000)),
        ];
        string[] plain = ["regards" + new string(' ', 190_000) + "x", string.Concat(Enumerable.Repeat("On 1 ", 40_000)), new string('\n', 190_000), string.Concat(Enumerable.Repeat("في 1\n", 40_000))];

        // What runs wild here would not end while anybody waits.
        Assert.All(evil, text => Assert.True(MailText.Read(null, text) is null or { Length: <= 200_000 }));
        Assert.All(plain, text => Assert.True(MailText.Read(text, null) is null or { Length: <= 200_000 }));
    }

    [Fact]
    public void A_mail_is_one_event_with_its_subject_and_its_files()
    {
        var mail = MailPayloads.Mail("Citizen@Mail.Example", "id-1", "Fwd: عمود إنارة مكسور", "أمام المدرسة")
            .WithFile(new byte[30_000], "image/jpeg", contentId: "photo").WithFile([1, 2, 3], "audio/mpeg")
            .WithFile([1], "image/png", contentId: "logo").WithFile([1], "application/pdf").WithFile([], "image/png");

        var updates = Read(mail);

        var (sender, e) = Assert.Single(updates.Updates.Events);
        Assert.Equal(("citizen@mail.example", "id-1", "عمود إنارة مكسور\nأمام المدرسة", InboundKind.Media), (sender, e.EventId, e.Text, e.Kind));
        Assert.Null(e.Phone);
        Assert.Equal([30_000, 3], updates.Files.Select(file => file.Content.Length));
        Assert.Equal(updates.Files.Select(file => file.Id), [e.Media!.Id, .. e.More!.Select(file => file.Id)]);
        Assert.Equal(Read(mail).Files.Select(file => file.Id), updates.Files.Select(file => file.Id));
    }

    [Fact]
    public void An_answer_knows_its_thread()
    {
        var mail = MailPayloads.Mail("a@b.example", "id-2", "رد: Re: عمود", "حي الشاطئ", ("in-reply-to", " <r1@x> "), ("References", "<r0@x>\r\n <r1@x> junk"));

        var e = Assert.Single(Read(mail).Updates.Events).Event;

        Assert.Equal(("حي الشاطئ", "<r1@x>"), (e.Text, e.ReplyTo));
        var thread = MailThread.Read(e.AnswerTo!);
        Assert.Equal("a@b.example", thread.To);
        Assert.Equal(["<r0@x>", "<r1@x>", "<id-2@mail.example>"], thread.References);
        Assert.Equal("Re: عمود", MailThread.ReplySubject(thread.Subject!));
        Assert.Equal(("x@y.example", null, 0), (MailThread.Read("x@y.example").To, MailThread.Read("x@y.example").Subject, MailThread.Read("x@y.example").References.Count));
    }

    [Fact]
    public void Nothing_that_a_sender_writes_breaks_out_of_its_line()
    {
        var mail = MailPayloads.Mail("a@b.example", "id-3", "x\r\nBcc: all@example.org\t\u202e", "نص", ("References", "<a\r\nBcc:x@y> <ok@x>"));

        var lines = Assert.Single(Read(mail).Updates.Events).Event.AnswerTo!.Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.Equal("x Bcc: all@example.org", lines[1]);
        Assert.Equal("<ok@x> <id-3@mail.example>", lines[2]);
    }

    [Theory]
    [InlineData("940@amana.example", "", "", "own")]
    [InlineData("940@AMANA.example", "", "", "own")]
    [InlineData("MAILER-DAEMON@mail.example", "", "", "bounce")]
    [InlineData("a@b.example", "Return-Path", "<>", "bounce")]
    [InlineData("a@b.example", "Auto-Submitted", "auto-replied; x=1", "auto")]
    [InlineData("a@b.example", "auto-submitted", "auto-generated", "auto")]
    [InlineData("a@b.example", "X-Autoreply", "yes", "auto")]
    [InlineData("a@b.example", "Precedence", "Bulk", "bulk")]
    [InlineData("a@b.example", "Precedence", "list", "bulk")]
    [InlineData("a@b.example", "List-Id", "<x>", "bulk")]
    [InlineData("a@b.example", "Auto-Submitted", "no", null)]
    [InlineData("a@b.example", "Precedence", "normal", null)]
    public void What_a_machine_wrote_is_not_answered(string from, string header, string value, string? reason)
    {
        var updates = Read(header.Length == 0 ? MailPayloads.Mail(from, "id", "x", "حفرة") : MailPayloads.Mail(from, "id", "x", "حفرة", (header, value)));

        Assert.Equal(reason, updates.Ignored);
        Assert.Equal(reason is null ? 1 : 0, updates.Updates.Events.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no mailbox")]
    [InlineData("a@b@c.example")]
    [InlineData("a@b.example, c@d.example")]
    [InlineData("a@b.example\r\nBcc: c@d.example")]
    public void Who_cannot_be_answered_is_nobody(string from) => Assert.Equal(1, Read(MailPayloads.Mail(from, "id", "x", "حفرة")).Updates.Malformed);

    [Fact]
    public void Receipts_of_ours_are_read_and_a_soft_bounce_is_no_end()
    {
        var delivered = Assert.Single(MailPayload.Read(MailPayloads.Receipt("Delivery", "m1", "tag"), MailPayloads.Own, s_now).Updates.Receipts).Report;
        Assert.Equal((Medium.Email, "tag", DeliveryState.Delivered), (delivered.Medium, delivered.Tag, delivered.State));
        var failed = Assert.Single(MailPayload.Read(MailPayloads.Receipt("Bounce", "m1", "tag", "HardBounce"), MailPayloads.Own, s_now).Updates.Receipts).Report;
        Assert.Equal((DeliveryState.Failed, "HardBounce"), (failed.State, failed.Detail));
        Assert.Empty(MailPayload.Read(MailPayloads.Receipt("Bounce", "m1", "tag", "SoftBounce"), MailPayloads.Own, s_now).Updates.Receipts);
        Assert.Empty(MailPayload.Read(MailPayloads.Receipt("Open", "m1", "tag"), MailPayloads.Own, s_now).Updates.Receipts);
    }

    [Fact]
    public void What_is_no_json_is_said_so_and_odd_json_is_nothing()
    {
        Assert.ThrowsAny<JsonException>(() => MailPayload.Read("{"u8.ToArray(), MailPayloads.Own, s_now));
        Assert.Equal(1, MailPayload.Read("[]"u8.ToArray(), MailPayloads.Own, s_now).Updates.Malformed);
        Assert.Empty(Read(new JsonObject { ["MessageID"] = 7, ["From"] = new JsonArray(), ["Headers"] = 1, ["Attachments"] = "x" }).Updates.Events);
    }

    private static MailUpdates Read(JsonNode mail) => MailPayload.Read(MailPayloads.Bytes(mail), MailPayloads.Own, s_now);
}
