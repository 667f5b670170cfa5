using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Tests.Shared;

namespace Serverless940.Core.Tests.Channels;

public sealed class WhatsAppPayloadTests
{
    private const string Phone = "+966500000001";

    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly string s_sha = Convert.ToBase64String(new byte[32]);

    [Fact]
    public void An_arabic_text_comes_with_its_phone_and_name()
    {
        var updates = Read(WhatsAppPayloads.Text(Phone, "wamid.1", "عمود إنارة مكسور 💡 وَخَطِر\u200f"));

        var one = Assert.Single(updates.Events);
        Assert.Equal("966500000001", one.SenderKey);
        Assert.Equal(("wamid.1", InboundKind.Text, "عمود إنارة مكسور 💡 وَخَطِر\u200f", Phone, "مواطن"),
            (one.Event.EventId, one.Event.Kind, one.Event.Text, one.Event.Phone, one.Event.DisplayName));
        Assert.Equal(s_now, one.Event.ReceivedAt);
    }

    [Fact]
    public void Every_kind_that_we_take_is_read()
    {
        Assert.Equal(new InboundMedia("11", "image/jpeg", s_sha, false), One(WhatsAppPayloads.Image(Phone, "w1", "11", s_sha, "حفرة")).Media);
        Assert.Equal("حفرة", One(WhatsAppPayloads.Image(Phone, "w1", "11", s_sha, "حفرة")).Text);
        Assert.Equal(new InboundMedia("12", "audio/ogg; codecs=opus", s_sha, true), One(WhatsAppPayloads.Audio(Phone, "w2", "12", s_sha)).Media);

        var pin = One(WhatsAppPayloads.Location(Phone, "w3", 26.4282, 50.0881, "مدرسة", "شارع الملك سعود"));
        Assert.Equal((InboundKind.Location, 26.4282, 50.0881, "مدرسة، شارع الملك سعود"), (pin.Kind, pin.Lat, pin.Lon, pin.PlaceName));

        var button = One(WhatsAppPayloads.Choice(Phone, "w4", "noPlace:12345678", "إرسال دون موقع", "wamid.question"));
        Assert.Equal((InboundKind.Choice, "noPlace:12345678", "إرسال دون موقع", "wamid.question"), (button.Kind, button.ChoiceId, button.Text, button.ReplyTo));
        Assert.Equal("row1", One(WhatsAppPayloads.Choice(Phone, "w5", "row1", "صف", "wamid.question", list: true)).ChoiceId);

        var template = One(Post("""{"from":"966500000001","id":"w6","timestamp":"1772355600","type":"button","button":{"payload":"p1","text":"نعم"}}"""));
        Assert.Equal((InboundKind.Choice, "p1", "نعم"), (template.Kind, template.ChoiceId, template.Text));

        var scan = One(Post("""{"from":"966500000001","id":"w7","type":"document","document":{"id":"13","mime_type":"image/png","filename":"a.png"}}"""));
        Assert.Equal(new InboundMedia("13", "image/png", null, false), scan.Media);
    }

    [Theory]
    [InlineData("""{"from":"966500000001","id":"w","type":"sticker","sticker":{"id":"9","mime_type":"image/webp","animated":true}}""", null)]
    [InlineData("""{"from":"966500000001","id":"w","type":"video","video":{"id":"9","caption":"ماسورة مكسورة"}}""", "ماسورة مكسورة")]
    [InlineData("""{"from":"966500000001","id":"w","type":"document","document":{"id":"9","mime_type":"application/pdf","caption":"خطاب"}}""", "خطاب")]
    [InlineData("""{"from":"966500000001","id":"w","type":"contacts","contacts":[{"name":{"formatted_name":"أ"},"phones":[{"phone":"+1"}]}]}""", null)]
    [InlineData("""{"from":"966500000001","id":"w","type":"unsupported","errors":[{"code":131051,"title":"x"}]}""", null)]
    [InlineData("""{"from":"966500000001","id":"w","type":"hologram","hologram":{"id":[[{"deep":1}]]}}""", null)]
    [InlineData("""{"from":"966500000001","id":"w","type":"text","text":"not an object"}""", null)]
    [InlineData("""{"from":"966500000001","id":"w","type":"image","image":{"caption":"بلا ملف"}}""", "بلا ملف")]
    [InlineData("""{"from":"966500000001","id":"w","type":"location","location":{"latitude":"x","longitude":50}}""", null)]
    [InlineData("""{"from":"966500000001","id":"w"}""", null)]
    public void What_we_cannot_use_is_still_there_to_be_answered(string message, string? words)
    {
        var read = One(Post(message));

        Assert.Equal((InboundKind.Unsupported, words), (read.Kind, read.Text));
    }

    [Theory]
    [InlineData("""{"from":"966500000001","id":"w","type":"reaction","reaction":{"message_id":"x","emoji":"👍"}}""")]
    [InlineData("""{"from":"966500000001","id":"w","type":"reaction","reaction":{"message_id":"x"}}""")]
    [InlineData("""{"from":"966500000001","id":"w","type":"system","system":{"body":"User changed number","type":"user_changed_number","wa_id":"966500000002"}}""")]
    public void What_asks_for_no_answer_is_left_out(string message)
    {
        var updates = Read(Post(message));

        Assert.Empty(updates.Events);
        Assert.Equal(0, updates.Malformed);
    }

    [Fact]
    public void A_person_without_a_phone_is_known_by_the_business_scoped_id()
    {
        var body = Value("""
            "contacts":[{"profile":{"name":"غيره"},"wa_id":"966500000009","user_id":"SA.other"},{"profile":{"name":"مستخدم","username":"u"},"user_id":"SA.abc123"}],
            "messages":[{"from_user_id":"SA.abc123","id":"wamid.1","timestamp":"1772355600","type":"text","text":{"body":"حفرة"}}]
            """);

        var one = Assert.Single(Read(body).Events);

        Assert.Equal(("SA.abc123", null, "مستخدم"), (one.SenderKey, one.Event.Phone, one.Event.DisplayName));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1772355600), one.Event.SentAt);
    }

    [Fact]
    public void The_business_scoped_id_is_the_key_even_beside_a_phone()
    {
        var one = Assert.Single(Read(Post("""{"from":"966500000001","from_user_id":"SA.abc","id":"w","type":"text","text":{"body":"حفرة"}}""")).Events);

        Assert.Equal(("SA.abc", Phone), (one.SenderKey, one.Event.Phone));
    }

    [Fact]
    public void A_malformed_message_in_the_middle_costs_the_others_nothing()
    {
        var updates = Read(Post("""
            {"from":"966500000001","id":"w1","type":"text","text":{"body":"أول"}},
            {"from":{"nested":[1,2,{"x":null}]},"id":7e5,"type":["text"],"text":false},
            null, 5, "text", [[]],
            {"id":"w3","type":"text","text":{"body":"بلا مرسل"}},
            {"from":"966500000002","id":"w4","type":"text","text":{"body":"آخر"}}
            """));

        Assert.Equal(["w1", "w4"], updates.Events.Select(one => one.Event.EventId));
        Assert.Equal(2, updates.Malformed);
    }

    [Fact]
    public void A_thousand_messages_of_many_entries_and_changes_are_all_read()
    {
        var first = WhatsAppPayloads.Envelope([.. Enumerable.Range(0, 500).Select(n => WhatsAppPayloads.TextMessage("+966500000001", $"a{n}", "نص"))]);
        var second = WhatsAppPayloads.Envelope([.. Enumerable.Range(0, 500).Select(n => WhatsAppPayloads.TextMessage("+966500000002", $"b{n}", "نص"))]);
        var body = JsonNode.Parse(first)!;
        body["entry"]!.AsArray().Add(JsonNode.Parse(second)!["entry"]![0]!.DeepClone());
        body["entry"]![0]!["changes"]!.AsArray().Add(JsonNode.Parse(WhatsAppPayloads.Text("+966500000003", "c0", "نص"))!["entry"]![0]!["changes"]![0]!.DeepClone());

        var updates = Read(WhatsAppPayloads.Bytes(body));

        Assert.Equal(1001, updates.Events.Count);
        Assert.Equal(1001, updates.Events.Select(one => one.Event.EventId).Distinct().Count());
    }

    [Fact]
    public void Other_numbers_and_other_fields_are_not_ours()
    {
        Assert.Empty(Read(WhatsAppPayloads.Text(Phone, "w", "نص", phoneNumberId: "111")).Events);
        var other = Encoding.UTF8.GetString(WhatsAppPayloads.Text(Phone, "w", "نص")).Replace("\"field\":\"messages\"", "\"field\":\"account_update\"", StringComparison.Ordinal);
        Assert.Empty(Read(Encoding.UTF8.GetBytes(other)).Events);
        Assert.Empty(Read("""{"object":"page","entry":{}}"""u8.ToArray()).Events);
        Assert.Empty(Read("""[1,2,{"entry":[]}]"""u8.ToArray()).Events);
    }

    [Fact]
    public void The_order_of_members_means_nothing()
    {
        var body = """
            {"entry":[{"changes":[{"value":{"messages":[{"text":{"body":"حفرة"},"type":"text","timestamp":1772355600,"id":"w","from":"966500000001"}],
            "contacts":[{"wa_id":"966500000001","profile":{"name":"مواطن"}}],"metadata":{"phone_number_id":"940000000000002"}},"field":"messages"}]}]}
            """;

        var one = Assert.Single(Read(Encoding.UTF8.GetBytes(body)).Events);

        Assert.Equal(("حفرة", "مواطن", DateTimeOffset.FromUnixTimeSeconds(1772355600)), (one.Event.Text, one.Event.DisplayName, one.Event.SentAt));
    }

    [Fact]
    public void Half_an_emoji_spoils_neither_its_text_nor_the_others()
    {
        var updates = Read(Post("""
            {"from":"966500000001","id":"w1","type":"text","text":{"body":"\u062d\u0641\u0631\u0629 \ud83d \"\/\\"}},
            {"from":"966500000001","id":"w2","type":"text","text":{"body":"\ud83d\ude00"}}
            """));

        Assert.Equal(["حفرة \uFFFD \"/\\", "😀"], updates.Events.Select(one => one.Event.Text));
    }

    [Fact]
    public void A_time_that_is_none_is_the_time_of_receipt()
    {
        foreach (var time in new[] { "\"-5\"", "\"soon\"", "99999999999999999999", "null", "{}" })
        {
            Assert.Equal(s_now, One(Post("""{"from":"966500000001","id":"w","type":"text","text":{"body":"نص"},"timestamp":""" + time + "}")).SentAt);
        }
    }

    [Fact]
    public void Statuses_come_with_our_reference_and_their_rank()
    {
        var updates = Read(Value("""
            "statuses":[
              {"id":"o1","status":"read","timestamp":"1772355601","recipient_id":"966500000001","biz_opaque_callback_data":"26|7|citizen-whatsapp"},
              {"id":"o1","status":"delivered","timestamp":"1772355600"},
              {"id":"o2","status":"failed","timestamp":"1772355600","errors":[{"code":131047,"title":"x","error_data":{"details":"y"}},{"code":1}]},
              {"id":"o3","status":"played"},{"id":"o4","status":"sent"},{"id":"o5","status":"warning"},{"status":"read"},{"id":"o6"}]
            """));

        Assert.Equal(
            [("o1", DeliveryState.Read), ("o1", DeliveryState.Delivered), ("o2", DeliveryState.Failed), ("o3", DeliveryState.Read), ("o4", DeliveryState.Sent)],
            updates.Statuses.Select(status => (status.ProviderId!, status.State)));
        Assert.Equal("26|7|citizen-whatsapp", updates.Statuses[0].Tag);
        Assert.Equal("131047", updates.Statuses[2].Detail);
        Assert.All(updates.Statuses, status => Assert.Equal(Medium.WhatsApp, status.Medium));
        Assert.Equal(1, updates.Malformed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}x")]
    [InlineData("not json")]
    [InlineData("{\"entry\":[{\"changes\":[{\"value\":{\"messages\":[{\"from\":\"1\",}]}}]}]}")]
    public void What_is_no_json_is_said_to_be_none(string body) =>
        Assert.ThrowsAny<JsonException>(() => Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void A_byte_order_mark_is_passed_over() =>
        Assert.Single(Read([0xEF, 0xBB, 0xBF, .. WhatsAppPayloads.Text(Phone, "w", "نص")]).Events);

    [Fact]
    public void A_text_longer_than_any_person_sends_is_cut()
    {
        var body = One(WhatsAppPayloads.Text(Phone, "w", new string('ن', 9_999) + "😀😀"));

        Assert.Equal(9_999, body.Text!.Length);
    }

    private static WhatsAppUpdates Read(byte[] body) => WhatsAppPayload.Read(body, WhatsAppPayloads.PhoneNumberId, s_now);

    private static InboundEvent One(byte[] body) => Assert.Single(Read(body).Events).Event;

    private static byte[] Post(string messages) => Value($"\"messages\":[{messages}]");

    private static byte[] Value(string members) => Encoding.UTF8.GetBytes(
        """
        {"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"messaging_product":"whatsapp",
        "metadata":{"display_phone_number":"966920000940","phone_number_id":"
        """ + WhatsAppPayloads.PhoneNumberId + "\"}," + members + "},\"field\":\"messages\"}]}]}");
}
