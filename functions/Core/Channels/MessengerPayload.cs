using System.Globalization;
using System.Text.Json;
using Serverless940.Core.Messages;

namespace Serverless940.Core.Channels;

/// <summary>
/// Reads webhook posts of a Facebook page: its Messenger conversations and what is written on the page itself. Echoes of
/// our own messages, receipts, reactions and what another app is in charge of are passed over.
/// </summary>
public static class MessengerPayload
{
    /// <summary>Payload of the button that begins a conversation, as the page's profile has to set it.</summary>
    public const string GetStarted = "GET_STARTED";

    private const int LongestAddress = 2_000;

    /// <summary>The thumb under the text field: a nod, not a picture of something.</summary>
    private static readonly string[] s_thumbs = ["369239263222822", "369239343222814", "369239383222810"];

    private static readonly string[] s_photoEndings = [".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"];

    private static readonly string[] s_soundEndings = [".mp3", ".m4a", ".aac", ".ogg", ".opus", ".amr", ".wav"];

    /// <summary>Everything in the post that is addressed to our page.</summary>
    /// <param name="pageId">Id of our page: an app may be subscribed to others.</param>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static ChannelUpdates Read(ReadOnlyMemory<byte> body, string pageId, DateTimeOffset receivedAt)
    {
        using var document = LooseJson.Parse(body);
        var collector = new Collector(pageId, receivedAt);
        foreach (var entry in document.RootElement.At("entry").Items().Where(entry => entry.Text("id") == pageId))
        {
            // What stands under "standby" is another app's to answer: a person in the page's inbox, say.
            foreach (var messaging in entry.At("messaging").Items())
            {
                collector.TakeMessaging(messaging);
            }

            foreach (var change in entry.At("changes").Items())
            {
                switch (change.Text("field"))
                {
                    case "feed":
                        collector.TakePost(change.At("value"));
                        break;
                    case "messages" or "messaging_postbacks":
                        // The form in which the dashboard's test button sends.
                        collector.TakeMessaging(change.At("value"));
                        break;
                }
            }
        }

        return new ChannelUpdates(collector.Events, [], collector.Malformed, collector.Delivered);
    }

    private sealed class Collector(string pageId, DateTimeOffset receivedAt)
    {
        public List<SenderEvent> Events { get; } = [];

        public int Malformed { get; private set; }

        public int Delivered { get; private set; }

        public void TakeMessaging(JsonElement messaging)
        {
            Delivered += messaging.At("delivery").At("mids").Items().Count();
            var (message, postback) = (messaging.At("message"), messaging.At("postback"));
            if ((message.ValueKind != JsonValueKind.Object && postback.ValueKind != JsonValueKind.Object)
                || message.IsTrue("is_echo") || message.IsTrue("is_deleted") || messaging.At("sender").Text("id") == pageId)
            {
                return;
            }

            if (messaging.At("sender").Id("id") is not { } sender)
            {
                // A visitor of a web plugin has no id yet, and nobody could answer.
                Malformed += messaging.At("sender").Text("user_ref") is null ? 1 : 0;
                return;
            }

            var sentAt = messaging.UnixTime("timestamp") ?? receivedAt;
            if ((message.ValueKind == JsonValueKind.Object ? FromMessage(message, sentAt) : FromPostback(postback, sender, sentAt)) is not { } e)
            {
                Malformed++;
            }
            else if (!IsNod(message))
            {
                Events.Add(new SenderEvent(sender, e));
            }
        }

        /// <summary>Something that was written on the page: a comment, or a visitor's post. It is answered in private.</summary>
        public void TakePost(JsonElement value)
        {
            if (value.Text("verb") != "add" || value.Text("item") is not ("comment" or "post" or "status" or "photo") || value.At("from").Text("id") == pageId)
            {
                return;
            }

            var isComment = value.Text("item") == "comment";
            if (value.Id(isComment ? "comment_id" : "post_id") is not { } id)
            {
                Malformed++;
                return;
            }

            // A picture alone, or a sticker, asks for nothing.
            if (ChannelUpdates.Clip(value.Text("message")) is { Length: > 0 } text)
            {
                Events.Add(new SenderEvent(value.At("from").Id("id") ?? id, new InboundEvent(
                    id, InboundKind.Text, value.UnixTime("created_time") ?? receivedAt, receivedAt, text,
                    DisplayName: Name(value), AnswerTo: ChannelAddress.Once((isComment ? "comment_id:" : "post_id:") + id))));
            }
        }

        private InboundEvent? FromMessage(JsonElement message, DateTimeOffset sentAt)
        {
            if (message.Id("mid") is not { } id)
            {
                return null;
            }

            var plain = new InboundEvent(
                id, InboundKind.Unsupported, sentAt, receivedAt, ChannelUpdates.Clip(message.Text("text")), ReplyTo: message.At("reply_to").Id("mid"));
            if (message.At("quick_reply").Id("payload") is { } choice)
            {
                return plain with { Kind = InboundKind.Choice, ChoiceId = choice };
            }

            var attachments = message.At("attachments").Items().ToList();
            var files = attachments.Select(File).OfType<InboundMedia>().ToList();
            if (files.Count > 0)
            {
                return plain with { Kind = InboundKind.Media, Media = files[0], More = files.Count > 1 ? files[1..] : null };
            }

            var pin = attachments.Select(attachment => attachment.At("payload").At("coordinates")).FirstOrDefault(pin => pin.Number("lat") is not null);
            if (pin.Number("lat") is { } lat && pin.Number("long") is { } lon)
            {
                return plain with { Kind = InboundKind.Location, Lat = lat, Lon = lon, PlaceName = plain.Text };
            }

            // A shared link comes as a fallback, and often stands in the text as well.
            var link = attachments.Where(attachment => attachment.Text("type") == "fallback")
                .Select(attachment => attachment.At("payload").Text("url") ?? attachment.Text("url")).FirstOrDefault(url => url is { Length: > 0 and <= LongestAddress });
            var text = plain.Text is null || link is null || plain.Text.Contains(link, StringComparison.Ordinal) ? plain.Text ?? link : plain.Text + " " + link;
            var isReadable = text is { Length: > 0 } && attachments.TrueForAll(attachment => attachment.Text("type") == "fallback");
            return plain with { Kind = isReadable ? InboundKind.Text : InboundKind.Unsupported, Text = text };
        }

        private InboundEvent? FromPostback(JsonElement postback, string sender, DateTimeOffset sentAt) =>
            postback.Id("payload") is not { } payload ? null
            : new InboundEvent(
                postback.Id("mid") ?? string.Create(CultureInfo.InvariantCulture, $"postback-{sender}-{sentAt.ToUnixTimeMilliseconds()}"),
                InboundKind.Choice, sentAt, receivedAt, ChannelUpdates.Clip(postback.Text("title")),
                ChoiceId: payload == GetStarted ? Dialogue.Start : payload);

        private static InboundMedia? File(JsonElement attachment)
        {
            if (attachment.At("payload").Text("url") is not { Length: > 0 and <= LongestAddress } url || attachment.At("payload").Text("sticker_id") is not null)
            {
                return null;
            }

            var path = url.Split('?', '#')[0];
            return attachment.Text("type") switch
            {
                "image" => new InboundMedia(url, null, null, false),
                "audio" => new InboundMedia(url, null, null, true),
                "file" when s_photoEndings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) => new InboundMedia(url, null, null, false),
                "file" when s_soundEndings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) => new InboundMedia(url, null, null, true),
                _ => null,
            };
        }

        private static bool IsNod(JsonElement message) =>
            message.At("attachments").Items().Any(attachment => s_thumbs.Contains(attachment.At("payload").Text("sticker_id")));

        private static string? Name(JsonElement value) => value.At("from").Text("name") is { Length: > 0 } name ? Words.Clip(name, 100) : null;
    }
}
