using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Tests.Shared;

namespace Serverless940.Core.Tests.Channels;

public sealed class MessengerPayloadTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_text_is_its_senders_event_with_marks_and_all()
    {
        const string Text = "عَمُودُ إنارةٍ\u200f مكسور ٣ 🚧\u200d";

        var e = Single(MessengerPayloads.Text("psid-1", "m_1", Text));

        Assert.Equal(("psid-1", "m_1", InboundKind.Text, Text), (e.SenderKey, e.Event.EventId, e.Event.Kind, e.Event.Text));
        Assert.Null(e.Event.AnswerTo);
        Assert.True(e.Event.SentAt > s_now);
    }

    [Fact]
    public void All_files_of_a_message_are_one_event_with_the_words_beside_them()
    {
        var e = Single(MessengerPayloads.Files("1", "m", "image", "حفرة", "https://x.fbcdn.net/a.jpg?oh=1", "https://x.fbcdn.net/b.jpg")).Event;

        Assert.Equal((InboundKind.Media, "حفرة", "https://x.fbcdn.net/a.jpg?oh=1"), (e.Kind, e.Text, e.Media!.Id));
        Assert.Equal("https://x.fbcdn.net/b.jpg", Assert.Single(e.More!).Id);
    }

    [Theory]
    [InlineData("audio", "https://x.fbcdn.net/v", InboundKind.Media, true)]
    [InlineData("file", "https://cdn.fbsbx.com/photo.PNG?x=.pdf", InboundKind.Media, false)]
    [InlineData("file", "https://cdn.fbsbx.com/note.m4a", InboundKind.Media, true)]
    [InlineData("file", "https://cdn.fbsbx.com/letter.pdf?x=.jpg", InboundKind.Unsupported, false)]
    [InlineData("video", "https://x.fbcdn.net/v.mp4", InboundKind.Unsupported, false)]
    [InlineData("template", "https://x.fbcdn.net/v", InboundKind.Unsupported, false)]
    [InlineData("a type of tomorrow", "https://x.fbcdn.net/v", InboundKind.Unsupported, false)]
    public void A_file_is_taken_or_answered(string type, string url, InboundKind kind, bool voice)
    {
        var e = Single(MessengerPayloads.Files("1", "m", type, "انظروا", url)).Event;

        Assert.Equal((kind, "انظروا", kind == InboundKind.Media ? voice : null), (e.Kind, e.Text, e.Media?.Voice));
    }

    [Fact]
    public void A_shared_link_is_part_of_the_words_and_a_pin_is_a_place()
    {
        Assert.Equal("https://maps.example/1", Single(MessengerPayloads.Files("1", "m", "fallback", null, "https://maps.example/1")).Event.Text);
        Assert.Equal("هنا https://maps.example/1", Single(MessengerPayloads.Files("1", "m", "fallback", "هنا", "https://maps.example/1")).Event.Text);
        Assert.Equal("x https://m.example/1", Single(MessengerPayloads.Files("1", "m", "fallback", "x https://m.example/1", "https://m.example/1")).Event.Text);
        var pin = new JsonObject { ["type"] = "location", ["payload"] = new JsonObject { ["coordinates"] = new JsonObject { ["lat"] = 26.4, ["long"] = "50.1" } } };
        var e = Single(MessengerPayloads.Page([MessengerPayloads.Message("1", "m", new JsonObject { ["attachments"] = new JsonArray(pin) })])).Event;
        Assert.Equal((InboundKind.Location, 26.4, 50.1), (e.Kind, e.Lat, e.Lon));
    }

    [Fact]
    public void Buttons_are_choices_with_or_without_a_message_id()
    {
        var quick = Single(MessengerPayloads.QuickReply("1", "m", "noPlace:1", "بلا موقع")).Event;
        Assert.Equal((InboundKind.Choice, "noPlace:1", "بلا موقع", "m"), (quick.Kind, quick.ChoiceId, quick.Text, quick.EventId));
        var postback = Single(MessengerPayloads.Postback("1", "x", "زر")).Event;
        Assert.Equal((InboundKind.Choice, "x"), (postback.Kind, postback.ChoiceId));
        Assert.StartsWith("postback-1-", postback.EventId, StringComparison.Ordinal);
        Assert.Equal(Dialogue.Start, Single(MessengerPayloads.Postback("1", MessengerPayload.GetStarted, "ابدأ", "m")).Event.ChoiceId);
    }

    [Fact]
    public void What_asks_for_nothing_is_passed_over()
    {
        var echo = MessengerPayloads.Message("1", "m1", new JsonObject { ["text"] = "our own", ["is_echo"] = true, ["app_id"] = 1 });
        var own = MessengerPayloads.Message(MessengerPayloads.PageId, "m2", new JsonObject { ["text"] = "our own" });
        var delivery = MessengerPayloads.Event("1", "delivery", new JsonObject { ["mids"] = new JsonArray("m_9", "m_8"), ["watermark"] = 1 });
        var read = MessengerPayloads.Event("1", "read", new JsonObject { ["watermark"] = 1 });
        var reaction = MessengerPayloads.Event("1", "reaction", new JsonObject { ["emoji"] = "👍" });
        var thumb = MessengerPayloads.Message("1", "m3", new JsonObject
        {
            ["attachments"] = new JsonArray(new JsonObject { ["type"] = "image", ["payload"] = new JsonObject { ["url"] = "https://x.fbcdn.net/t", ["sticker_id"] = 369239263222822 } }),
        });
        var visitor = MessengerPayloads.Message("1", "m4", new JsonObject { ["text"] = "x" });
        visitor["sender"] = new JsonObject { ["user_ref"] = "r" };

        var updates = Read(MessengerPayloads.Page([echo, own, delivery, read, reaction, thumb, visitor]));

        Assert.Empty(updates.Events);
        Assert.Equal((0, 2), (updates.Malformed, updates.Delivered));
        Assert.Empty(Read(MessengerPayloads.Page([MessengerPayloads.Message("1", "m", new JsonObject { ["text"] = "x" })], list: "standby")).Events);
        Assert.Empty(Read(MessengerPayloads.Page([MessengerPayloads.Message("1", "m", new JsonObject { ["text"] = "x" })], pageId: "another")).Events);
    }

    [Fact]
    public void A_comment_is_answered_under_its_own_id_and_our_own_edits_and_likes_are_none()
    {
        var e = Single(MessengerPayloads.Comment("psid-1", "c_1", "حفرة في شارعنا"));
        Assert.Equal(("psid-1", "c_1", "حفرة في شارعنا"), (e.SenderKey, e.Event.EventId, e.Event.Text));
        Assert.True(ChannelAddress.TakesOne(e.Event.AnswerTo));
        Assert.Equal("comment_id:c_1", ChannelAddress.IdOf(e.Event.AnswerTo!));
        Assert.Equal("c_2", Single(MessengerPayloads.Comment(null, "c_2", "حفرة")).SenderKey);
        Assert.Equal("post_id:" + MessengerPayloads.PageId + "_1", ChannelAddress.IdOf(Single(MessengerPayloads.Comment("1", "c", "حفرة", item: "status")).Event.AnswerTo!));
        Assert.Empty(Read(MessengerPayloads.Comment("1", "c", "حفرة", "edited")).Events);
        Assert.Empty(Read(MessengerPayloads.Comment("1", "c", "حفرة", item: "reaction")).Events);
        Assert.Empty(Read(MessengerPayloads.Comment(MessengerPayloads.PageId, "c", "حفرة")).Events);
        Assert.Empty(Read(MessengerPayloads.Comment("1", "c", "")).Events);
    }

    [Fact]
    public void A_malformed_event_costs_the_others_nothing()
    {
        var updates = Read(MessengerPayloads.Page(
        [
            MessengerPayloads.Message("1", "m1", new JsonObject { ["text"] = "حفرة" }),
            MessengerPayloads.Event("2", "message", new JsonObject { ["text"] = "without an id" }),
            new JsonArray(),
            null,
            JsonValue.Create(7),
            MessengerPayloads.Message("3", "m3", new JsonObject { ["text"] = new JsonArray(), ["attachments"] = "none" }),
            MessengerPayloads.Message("4", "m4", new JsonObject { ["text"] = "نفايات" }),
        ]));

        Assert.Equal(["m1", "m3", "m4"], updates.Events.Select(e => e.Event.EventId));
        Assert.Equal(InboundKind.Unsupported, updates.Events[1].Event.Kind);
        Assert.Equal(1, updates.Malformed);
    }

    [Theory]
    [InlineData("""{"object":"page","entry":[{"id":"940000000000003","messaging":[{"sender":{"id":"1"},"timestamp":"1458692752478","message":{"mid":"m","text":"\ud83d حفرة"}}]}]}""")]
    [InlineData("""{"object":"page","entry":[{"id":"940000000000003","changes":[{"field":"messages","value":{"sender":{"id":"1"},"timestamp":"1458692752478","message":{"mid":"m","text":"حفرة"}}}]}]}""")]
    [InlineData("\ufeff{\"entry\":[{\"id\":\"940000000000003\",\"messaging\":[{\"sender\":{\"id\":\"1\"},\"timestamp\":1458692752478,\"message\":{\"text\":\"حفرة\",\"mid\":\"m\"}}]}],\"object\":\"page\"}")]
    public void Forms_that_the_documents_show_are_read_too(string body)
    {
        var e = Single(Encoding.UTF8.GetBytes(body)).Event;

        Assert.EndsWith("حفرة", e.Text, StringComparison.Ordinal);
        Assert.Equal(2016, e.SentAt.Year);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}x")]
    public void What_is_no_json_is_said_so(string body) => Assert.ThrowsAny<JsonException>(() => Read(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"entry":{"id":"940000000000003"}}""")]
    [InlineData("""{"entry":[{"id":"940000000000003","messaging":{},"changes":7}]}""")]
    public void Json_that_is_none_of_ours_is_nothing(string body) => Assert.Empty(Read(Encoding.UTF8.GetBytes(body)).Events);

    private static SenderEvent Single(byte[] body) => Assert.Single(Read(body).Events);

    private static ChannelUpdates Read(byte[] body) => MessengerPayload.Read(body, MessengerPayloads.PageId, s_now);
}
