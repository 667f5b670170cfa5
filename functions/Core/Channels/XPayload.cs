using System.Globalization;
using System.Text.Json;
using Serverless940.Core.Messages;

namespace Serverless940.Core.Channels;

/// <summary>
/// Reads webhook posts of X in both envelopes: the Account Activity API, which is on its way out, and the X Activity API
/// after it. Direct messages and posts that mention us are taken; what we wrote ourselves comes back to us and is not.
/// </summary>
public static class XPayload
{
    private const int LongestAddress = 2_000;

    /// <summary>Everything in the post that is addressed to our account.</summary>
    /// <param name="accountId">Id of our account.</param>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static ChannelUpdates Read(ReadOnlyMemory<byte> body, string accountId, DateTimeOffset receivedAt)
    {
        using var document = LooseJson.Parse(body);
        var root = document.RootElement;
        var collector = new Collector(accountId, receivedAt);
        if (root.At("data") is { ValueKind: JsonValueKind.Object } data)
        {
            ReadActivity(data, accountId, collector);
        }
        else if (root.Text("for_user_id") == accountId)
        {
            collector.TakeMessages(root);
            foreach (var post in root.At("tweet_create_events").Items())
            {
                collector.TakePost(post, default);
            }
        }

        return new ChannelUpdates(collector.Events, [], collector.Malformed);
    }

    private static void ReadActivity(JsonElement data, string accountId, Collector collector)
    {
        if (data.At("filter").Text("user_id") is { } user && user != accountId)
        {
            return;
        }

        var payload = data.At("payload");
        switch (data.Text("event_type"))
        {
            case "dm.received":
                collector.TakeMessages(payload);
                break;
            case "post.mention.create":
                collector.TakePost(payload.At("data") is { ValueKind: JsonValueKind.Object } post ? post : payload, Includes(data, payload));
                break;
            case "chat.received":
                collector.TakeEncrypted(payload, data);
                break;
        }
    }

    private static JsonElement Includes(JsonElement data, JsonElement payload) =>
        payload.At("includes") is { ValueKind: JsonValueKind.Object } inside ? inside : data.At("includes");

    private sealed class Collector(string accountId, DateTimeOffset receivedAt)
    {
        public List<SenderEvent> Events { get; } = [];

        public int Malformed { get; private set; }

        public void TakeMessages(JsonElement root)
        {
            foreach (var message in root.At("direct_message_events").Items().Where(message => message.Text("type") is "message_create" or "MessageCreate" or null))
            {
                var content = message.At("message_create");
                var sender = content.Id("sender_id");
                if (message.Id("id") is not { } id || sender is null)
                {
                    Malformed++;
                }
                else if (sender != accountId && content.At("target").Text("recipient_id") is var to && (to is null || to == accountId))
                {
                    Events.Add(new SenderEvent(sender, FromMessage(id, message, content.At("message_data"), NameOf(root.At("users"), sender))));
                }
            }
        }

        /// <param name="includes">Media beside a post of the newer form.</param>
        public void TakePost(JsonElement post, JsonElement includes)
        {
            var author = post.Id("author_id") ?? post.At("user").Id("id_str");
            if (author == accountId || IsRepost(post) || !MentionsUs(post))
            {
                return;
            }

            if ((post.Id("id_str") ?? TextId(post)) is not { } id || author is null)
            {
                Malformed++;
                return;
            }

            var entities = post.At("extended_tweet").At("entities") is { ValueKind: JsonValueKind.Object } extended ? extended : post.At("entities");
            var text = ChannelUpdates.Clip(WithoutHandles(WithLinks(
                post.At("extended_tweet").Text("full_text") ?? post.Text("full_text") ?? post.At("note_tweet").Text("text") ?? post.Text("text"), entities)));
            var photos = Photos(post, includes).ToList();
            var point = post.At("coordinates").At("coordinates") is { ValueKind: JsonValueKind.Array } pair ? pair
                : post.At("geo").At("coordinates").At("coordinates");
            var e = new InboundEvent(
                id, InboundKind.Text, PostedAt(post), receivedAt, WithPoint(text, point), DisplayName: Name(post.At("user").Text("name")),
                AnswerTo: ChannelAddress.Public(id));
            Events.Add(new SenderEvent(author, WithFiles(e, photos)));
        }

        /// <summary>A message that only the two ends can read. Its sender is told where else to turn.</summary>
        public void TakeEncrypted(JsonElement payload, JsonElement data)
        {
            var sender = payload.Id("sender_id") ?? payload.At("message").Id("sender_id") ?? payload.At("event").Id("sender_id");
            var id = payload.Id("id") ?? payload.Id("message_id") ?? payload.Id("event_id") ?? data.Id("event_uuid");
            if (sender is null || id is null)
            {
                Malformed++;
            }
            else if (sender != accountId)
            {
                Events.Add(new SenderEvent(sender, new InboundEvent(id, InboundKind.Encrypted, receivedAt, receivedAt)));
            }
        }

        private InboundEvent FromMessage(string id, JsonElement message, JsonElement data, string? name)
        {
            var media = data.At("attachment").At("media");
            var kind = media.Text("type");
            var text = WithLinks(data.Text("text"), data.At("entities"));
            // The message repeats its file as a link.
            foreach (var link in new[] { media.Text("url"), media.Text("expanded_url"), media.Text("display_url") }.OfType<string>().Where(link => link.Length > 0))
            {
                text = text?.Replace(link, string.Empty, StringComparison.Ordinal);
            }

            var e = new InboundEvent(
                id, InboundKind.Text, message.UnixTime("created_timestamp") ?? receivedAt, receivedAt, ChannelUpdates.Clip(text?.Trim()), DisplayName: Name(name));
            var location = data.At("attachment").At("location").At("shared_coordinate").At("coordinates").At("coordinates");
            return kind == "photo" && Address(media) is { } photo ? WithFiles(e, [photo])
                : media.ValueKind == JsonValueKind.Object ? e with { Kind = InboundKind.Unsupported }
                : data.At("quick_reply_response").Id("metadata") is { } choice ? e with { Kind = InboundKind.Choice, ChoiceId = choice }
                : Point(location) is { } point ? e with { Kind = InboundKind.Location, Lat = point.Lat, Lon = point.Lon, PlaceName = e.Text }
                : string.IsNullOrWhiteSpace(e.Text) ? e with { Kind = InboundKind.Unsupported }
                : e;
        }

        private static InboundEvent WithFiles(InboundEvent e, List<string> photos) => photos.Count == 0 ? e : e with
        {
            Kind = InboundKind.Media,
            Media = new InboundMedia(photos[0], null, null, false),
            More = photos.Count == 1 ? null : [.. photos.Skip(1).Select(photo => new InboundMedia(photo, null, null, false))],
        };

        private static IEnumerable<string> Photos(JsonElement post, JsonElement includes)
        {
            var old = post.At("extended_tweet").At("extended_entities").At("media").Items().Concat(post.At("extended_entities").At("media").Items())
                .Where(media => media.Text("type") == "photo").Select(Address);
            var keys = post.At("attachments").At("media_keys").Items().Select(key => key.Text()).ToHashSet();
            var newer = includes.At("media").Items().Where(media => media.Text("type") == "photo" && keys.Contains(media.Text("media_key"))).Select(media => media.Text("url"));
            return old.Concat(newer).OfType<string>().Where(address => address.Length is > 0 and <= LongestAddress).Distinct(StringComparer.Ordinal);
        }

        private static string? Address(JsonElement media) => media.Text("media_url_https") is { Length: > 0 and <= LongestAddress } address ? address : null;

        private static bool IsRepost(JsonElement post) =>
            post.At("retweeted_status").ValueKind == JsonValueKind.Object
            || post.At("referenced_tweets").Items().Any(other => other.Text("type") is "retweeted");

        // A reply in somebody's thread names all who take part before its words; only who is named in the words is meant.
        private bool MentionsUs(JsonElement post)
        {
            var extended = post.At("extended_tweet");
            var range = extended.At("display_text_range").Items().Concat(post.At("display_text_range").Items()).FirstOrDefault();
            var begin = range.ValueKind == JsonValueKind.Number && range.TryGetInt32(out var first) ? first : 0;
            var mentions = extended.At("entities").At("user_mentions").Items().Concat(post.At("entities").At("user_mentions").Items())
                .Where(mention => mention.Text("id_str") == accountId || mention.Text("id") == accountId)
                .Select(mention => mention.At("indices").Items().FirstOrDefault())
                .ToList();
            return (post.Text("in_reply_to_user_id_str") ?? post.Text("in_reply_to_user_id")) == accountId
                || mentions.Exists(index => index.ValueKind != JsonValueKind.Number || !index.TryGetInt32(out var at) || at >= begin)
                || post.At("entities").At("mentions").Items().Any(mention => mention.Text("id") == accountId)
                // The newer envelope is filtered by mention before it comes; it need not repeat it.
                || (post.At("user").ValueKind != JsonValueKind.Object && post.At("entities").At("mentions").ValueKind != JsonValueKind.Array);
        }

        // The old form's number overflows what can hold it exactly; its text does not.
        private static string? TextId(JsonElement post) => post.At("id").ValueKind == JsonValueKind.String ? post.Id("id") : null;

        private DateTimeOffset PostedAt(JsonElement post) =>
            post.UnixTime("timestamp_ms")
            ?? (DateTimeOffset.TryParseExact(
                    post.Text("created_at"), ["ddd MMM dd HH:mm:ss zzz yyyy", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ssK"],
                    CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : receivedAt);

        private static string? NameOf(JsonElement users, string id)
        {
            var user = users.At(id);
            return user.At("data").Text("name") ?? user.Text("name");
        }

        private static string? Name(string? name) => name is { Length: > 0 } ? Words.Clip(name, 100) : null;

        // A shortened link says nothing; what it leads to may be a map.
        private static string? WithLinks(string? text, JsonElement entities)
        {
            foreach (var link in entities.At("urls").Items())
            {
                if (text is not null && link.Text("url") is { Length: > 0 } from && link.Text("expanded_url") is { Length: > 0 and <= LongestAddress } to)
                {
                    text = text.Replace(from, to, StringComparison.Ordinal);
                }
            }

            return text;
        }

        private static string? WithoutHandles(string? text)
        {
            var words = text?.Trim();
            while (words is ['@', ..])
            {
                var end = words.IndexOfAny([' ', '\n', '\t']);
                words = end < 0 ? string.Empty : words[end..].TrimStart();
            }

            return words;
        }

        private static (double Lat, double Lon)? Point(JsonElement pair)
        {
            var parts = pair.Items().Select(part => part.ValueKind == JsonValueKind.Number && part.TryGetDouble(out var number) ? number : double.NaN).ToList();
            return parts is [var lon, var lat] && double.IsFinite(lon) && double.IsFinite(lat) ? (lat, lon) : null;
        }

        // A post has words and a place at once; the words carry the place.
        private static string? WithPoint(string? text, JsonElement pair) => Point(pair) is { } point
            ? string.Create(CultureInfo.InvariantCulture, $"{text} {point.Lat:F6}, {point.Lon:F6}")
            : text;
    }
}
