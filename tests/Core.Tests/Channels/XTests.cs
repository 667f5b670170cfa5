using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Tests.Shared;

namespace Serverless940.Core.Tests.Channels;

public sealed class XTests
{
    private const string Secret = "a-consumer-secret-of-a-test";

    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly byte[] s_body = XPayloads.Message("77", "1", "عمود إنارة مكسور");

    [Fact]
    public void Published_signatures_and_challenges_are_as_published()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder(), "x-signatures.json")));

        Assert.Equal(6, vectors.RootElement.GetArrayLength());
        foreach (var vector in vectors.RootElement.EnumerateArray())
        {
            var secret = Encoding.UTF8.GetBytes(vector.GetProperty("secret").GetString()!);
            var text = vector.GetProperty("text").GetString()!;
            var expected = vector.GetProperty("expected").GetString()!;
            if (vector.GetProperty("kind").GetString() == "challenge")
            {
                Assert.Equal(expected, XSignature.Answer(secret, text));
            }
            else
            {
                Assert.Equal(expected, XPayloads.Sign(vector.GetProperty("secret").GetString()!, Encoding.UTF8.GetBytes(text)));
                // What is no object is no post, whoever signed it.
                Assert.Equal(text[0] == '{', XSignature.Verify(secret, Encoding.UTF8.GetBytes(text), expected));
            }
        }
    }

    [Fact]
    public void The_challenge_signs_nothing_that_could_be_a_post()
    {
        var secret = Encoding.UTF8.GetBytes(Secret);
        foreach (var token in new[] { null, "", "{}", "{\"a\":1}", "a b", "a\"", "a\n", "ا", new string('a', 129), new string('a', 10_000), "a.b", "a%7B" })
        {
            Assert.Null(XSignature.Answer(secret, token));
        }

        Assert.NotNull(XSignature.Answer(secret, new string('a', 128)));
        var answered = XSignature.Answer(secret, "I-am_a+token/==")!;
        Assert.False(XSignature.Verify(secret, "I-am_a+token/=="u8, answered));
        Assert.Null(XSignature.Answer([], "token"));
    }

    [Fact]
    public void A_signature_in_a_wrong_form_or_of_other_bytes_is_none()
    {
        var header = XPayloads.Sign(Secret, s_body);
        var changed = s_body.ToArray();
        changed[^1] ^= 1;

        Assert.True(Verify(s_body, header));
        foreach (var wrong in new[] { null, "", "sha256=", header["sha256=".Length..], header[..^1], header[..^2] + "==", "SHA256=" + header[7..], header + "=", header + "," + header, "sha256=" + new string('!', 44), WhatsAppPayloads.Sign(Secret, s_body) })
        {
            Assert.False(Verify(s_body, wrong));
        }

        Assert.False(Verify(changed, header));
        Assert.False(Verify([0xEF, 0xBB, 0xBF, .. s_body], XPayloads.Sign(Secret, [0xEF, 0xBB, 0xBF, .. s_body])));
        Assert.False(Verify([], XPayloads.Sign(Secret, [])));
        Assert.False(Verify(Encoding.UTF8.GetBytes(JsonNode.Parse(s_body)!.ToJsonString()), header));
        Assert.False(XSignature.Verify([], s_body, header));
        Assert.False(XSignature.Verify("another"u8, s_body, header));
    }

    [Fact]
    public void Oauth_signs_as_the_provider_documents_it()
    {
        var keys = new OAuth1Keys(
            "xvz1evFS4wEEPTGEFPHBog", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
            "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE");

        var header = OAuth1.Authorization(
            "POST", new Uri("https://api.twitter.com/1.1/statuses/update.json?include_entities=true"), keys, "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
            DateTimeOffset.FromUnixTimeSeconds(1318622958), [new("status", "Hello Ladies + Gentlemen, a signed OAuth request!")]);

        Assert.Contains("oauth_signature=\"hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D\"", header, StringComparison.Ordinal);
        Assert.StartsWith("OAuth oauth_consumer_key=\"xvz1evFS4wEEPTGEFPHBog\", oauth_nonce=", header, StringComparison.Ordinal);
    }

    [Fact]
    public void A_direct_message_is_the_same_in_both_envelopes()
    {
        const string Text = "عَمُودُ إنارةٍ\u200f مكسور ٣ 🚧";
        var old = Single(XPayloads.Message("77", "9000", Text));
        var newer = Single(XPayloads.Activity("77", "9000", Text));

        Assert.Equal(("77", "9000", InboundKind.Text, Text, "مواطن"), (old.SenderKey, old.Event.EventId, old.Event.Kind, old.Event.Text, old.Event.DisplayName));
        Assert.Equal(old.Event with { SentAt = newer.Event.SentAt }, newer.Event);
        Assert.Null(old.Event.AnswerTo);
    }

    [Fact]
    public void A_photo_of_a_message_loses_its_link_and_links_are_opened()
    {
        var photo = Single(XPayloads.Message("77", "1", "حفرة", "https://ton.twitter.com/dm/1/2/a.jpg")).Event;
        Assert.Equal((InboundKind.Media, "حفرة", "https://ton.twitter.com/dm/1/2/a.jpg"), (photo.Kind, photo.Text, photo.Media!.Id));
        var map = JsonNode.Parse(XPayloads.Message("77", "1", "هنا https://t.co/m"))!;
        map["direct_message_events"]![0]!["message_create"]!["message_data"]!["entities"]!["urls"] = new JsonArray(
            new JsonObject { ["url"] = "https://t.co/m", ["expanded_url"] = "https://maps.google.com/?q=26.4,50.1" });
        Assert.Equal("هنا https://maps.google.com/?q=26.4,50.1", Single(WhatsAppPayloads.Bytes(map)).Event.Text);
        var film = JsonNode.Parse(XPayloads.Message("77", "1", "x", "https://x.example/v"))!;
        film["direct_message_events"]![0]!["message_create"]!["message_data"]!["attachment"]!["media"]!["type"] = "video";
        Assert.Equal(InboundKind.Unsupported, Single(WhatsAppPayloads.Bytes(film)).Event.Kind);
    }

    [Fact]
    public void Our_own_and_others_messages_are_none()
    {
        Assert.Empty(Read(XPayloads.Message(XPayloads.AccountId, "1", "our own", to: "77")).Events);
        Assert.Empty(Read(XPayloads.Message("77", "1", "to another", to: "88")).Events);
        Assert.Empty(Read(XPayloads.Message("77", "1", "of another", account: "88")).Events);
        Assert.Empty(Read(XPayloads.Activity("dm.sent", JsonNode.Parse(XPayloads.Message("77", "1", "x"))!)).Events);
        Assert.Empty(Read(XPayloads.Activity("dm.received", JsonNode.Parse(XPayloads.Message("77", "1", "x"))!, account: "88")).Events);
        Assert.Empty(Read(XPayloads.Activity("oauth.revoke", new JsonObject())).Events);
        Assert.Empty(Read(XPayloads.Activity("an event of tomorrow", new JsonArray())).Events);
    }

    [Fact]
    public void A_mention_is_answered_in_public_and_all_its_photos_are_taken()
    {
        var e = Single(XPayloads.Posts(XPayloads.Post("77", "1234567890123456789", "@a940 حفرة في الشارع", photos: ["https://pbs.twimg.com/media/a.jpg", "https://pbs.twimg.com/media/b.jpg"])));

        Assert.Equal(("77", "1234567890123456789", "حفرة في الشارع"), (e.SenderKey, e.Event.EventId, e.Event.Text));
        Assert.True(ChannelAddress.IsPublic(e.Event.AnswerTo));
        Assert.Equal("1234567890123456789", ChannelAddress.IdOf(e.Event.AnswerTo!));
        Assert.Equal("https://pbs.twimg.com/media/b.jpg", Assert.Single(e.Event.More!).Id);
    }

    [Fact]
    public void The_whole_text_of_a_long_post_and_its_place_are_read()
    {
        var post = XPayloads.Post("77", "5", "@a940 cut…");
        post["truncated"] = true;
        post["extended_tweet"] = new JsonObject { ["full_text"] = "@a940 النص الكامل", ["display_text_range"] = new JsonArray(0, 20), ["entities"] = post["entities"]!.DeepClone() };
        post["coordinates"] = new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(50.0881, 26.4282) };

        var e = Single(XPayloads.Posts(post)).Event;

        Assert.Equal("النص الكامل 26.428200, 50.088100", e.Text);
        Assert.Equal(DateTimeOffset.UtcNow.Year, e.SentAt.Year);
    }

    [Fact]
    public void Reposts_our_own_posts_and_threads_that_only_carry_our_name_are_none()
    {
        var repost = XPayloads.Post("77", "1", "RT @a940 x");
        repost["retweeted_status"] = new JsonObject { ["id_str"] = "2" };
        var own = XPayloads.Post(XPayloads.AccountId, "3", "@a940 x");
        var thread = XPayloads.Post("77", "4", "@someone @a940 نعم صحيح", mentionAt: 9, wordsFrom: 15);
        thread["in_reply_to_user_id_str"] = "55";
        var toUs = XPayloads.Post("77", "5", "@a940 هنا", wordsFrom: 6);
        toUs["in_reply_to_user_id_str"] = XPayloads.AccountId;
        var named = XPayloads.Post("77", "6", "@someone انظروا @a940 حفرة", mentionAt: 16, wordsFrom: 9);

        Assert.Equal(["5", "6"], Read(XPayloads.Posts(repost, own, thread, toUs, named)).Events.Select(e => e.Event.EventId));
    }

    [Fact]
    public void A_mention_of_the_newer_envelope_is_read_with_its_photos()
    {
        var post = new JsonObject
        {
            ["id"] = "1234567890123456789",
            ["author_id"] = "77",
            ["text"] = "@a940 نفايات متراكمة",
            ["created_at"] = "2026-03-01T08:00:00.000Z",
            ["attachments"] = new JsonObject { ["media_keys"] = new JsonArray("3_1") },
            ["entities"] = new JsonObject { ["mentions"] = new JsonArray(new JsonObject { ["id"] = XPayloads.AccountId, ["start"] = 0 }) },
        };
        var includes = new JsonObject
        {
            ["media"] = new JsonArray(
                new JsonObject { ["media_key"] = "3_1", ["type"] = "photo", ["url"] = "https://pbs.twimg.com/media/c.jpg" },
                new JsonObject { ["media_key"] = "3_2", ["type"] = "photo", ["url"] = "https://pbs.twimg.com/media/other.jpg" }),
        };

        var e = Single(XPayloads.Activity("post.mention.create", new JsonObject { ["data"] = post }, includes)).Event;

        Assert.Equal(("نفايات متراكمة", "https://pbs.twimg.com/media/c.jpg", null), (e.Text, e.Media!.Id, e.More));
        Assert.Equal(8, e.SentAt.Hour);
    }

    [Fact]
    public void An_encrypted_message_is_known_as_such()
    {
        var e = Single(XPayloads.Activity("chat.received", new JsonObject { ["id"] = "c1", ["sender_id"] = "77", ["conversation_id"] = "77-940", ["encoded_event"] = "AAAA" }));

        Assert.Equal(("77", InboundKind.Encrypted), (e.SenderKey, e.Event.Kind));
    }

    [Fact]
    public void A_malformed_message_costs_the_others_nothing()
    {
        var root = JsonNode.Parse(XPayloads.Message("77", "1", "حفرة"))!;
        var list = (JsonArray)root["direct_message_events"]!;
        list.Insert(0, new JsonObject { ["type"] = "message_create", ["id"] = "2" });
        list.Insert(0, JsonValue.Create(7));
        list.Insert(0, null);

        var updates = Read(WhatsAppPayloads.Bytes(root));

        Assert.Single(updates.Events);
        Assert.True(updates.Malformed >= 1);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"for_user_id":"940000000000004","direct_message_events":{},"tweet_create_events":7}""")]
    [InlineData("""{"data":{"event_type":"dm.received","payload":[]}}""")]
    [InlineData("""{"data":{"event_type":"post.mention.create"}}""")]
    public void Json_that_is_none_of_ours_is_nothing(string body) => Assert.Empty(Read(Encoding.UTF8.GetBytes(body)).Events);

    private static SenderEvent Single(byte[] body) => Assert.Single(Read(body).Events);

    private static ChannelUpdates Read(byte[] body) => XPayload.Read(body, XPayloads.AccountId, s_now);

    private static bool Verify(byte[] body, string? header) => XSignature.Verify(Encoding.UTF8.GetBytes(Secret), body, header);

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
