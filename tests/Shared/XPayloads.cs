using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Serverless940.Tests.Shared;

/// <summary>Webhook bodies of X in both envelopes, as bytes: non-ASCII escaped as X writes it.</summary>
public static class XPayloads
{
    /// <summary>Our account.</summary>
    public const string AccountId = "940000000000004";

    /// <summary>A direct message in the older envelope.</summary>
    public static byte[] Message(string from, string id, string text, string? photo = null, string to = AccountId, string account = AccountId)
    {
        var root = Messages(from, id, text, photo, to);
        root["for_user_id"] = account;
        return WhatsAppPayloads.Bytes(root);
    }

    /// <summary>A direct message in the newer envelope.</summary>
    public static byte[] Activity(string from, string id, string text, string? photo = null)
    {
        var payload = Messages(from, id, text, photo, AccountId);
        payload["users"] = new JsonObject { [from] = new JsonObject { ["data"] = new JsonObject { ["id"] = from, ["name"] = "مواطن" } } };
        return Activity("dm.received", payload);
    }

    /// <summary>Any event of the newer envelope.</summary>
    public static byte[] Activity(string type, JsonNode payload, JsonObject? includes = null, string account = AccountId)
    {
        var data = new JsonObject
        {
            ["event_uuid"] = "-1837465738291",
            ["filter"] = new JsonObject { ["user_id"] = account },
            ["event_type"] = type,
            ["tag"] = "940",
            ["payload"] = payload,
        };
        if (includes is not null)
        {
            data["includes"] = includes;
        }

        return WhatsAppPayloads.Bytes(new JsonObject { ["data"] = data });
    }

    /// <summary>A post that mentions us, in the older envelope.</summary>
    public static JsonObject Post(string from, string id, string text, int mentionAt = 0, int wordsFrom = 0, params string[] photos)
    {
        var post = new JsonObject
        {
            ["created_at"] = DateTimeOffset.UtcNow.ToString("ddd MMM dd HH:mm:ss '+0000' yyyy", CultureInfo.InvariantCulture),
            ["id"] = 1e19,
            ["id_str"] = id,
            ["text"] = text,
            ["display_text_range"] = new JsonArray(wordsFrom, text.Length),
            ["user"] = new JsonObject { ["id_str"] = from, ["name"] = "مواطن" },
            ["entities"] = new JsonObject
            {
                ["user_mentions"] = new JsonArray(new JsonObject { ["id_str"] = AccountId, ["screen_name"] = "a940", ["indices"] = new JsonArray(mentionAt, mentionAt + 5) }),
                ["urls"] = new JsonArray(),
            },
        };
        if (photos.Length > 0)
        {
            post["extended_entities"] = new JsonObject
            {
                ["media"] = new JsonArray([.. photos.Select(JsonNode? (photo) => new JsonObject { ["type"] = "photo", ["media_url_https"] = photo })]),
            };
        }

        return post;
    }

    public static byte[] Posts(params JsonNode?[] posts) => WhatsAppPayloads.Bytes(
        new JsonObject { ["for_user_id"] = AccountId, ["user_has_blocked"] = false, ["tweet_create_events"] = new JsonArray(posts) });

    public static string Sign(string secret, byte[] body) => "sha256=" + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    private static JsonObject Messages(string from, string id, string text, string? photo, string to)
    {
        var data = new JsonObject { ["text"] = text, ["entities"] = new JsonObject { ["urls"] = new JsonArray() } };
        if (photo is not null)
        {
            data["text"] = text + " https://t.co/abc";
            data["attachment"] = new JsonObject
            {
                ["type"] = "media",
                ["media"] = new JsonObject { ["id_str"] = "1", ["type"] = "photo", ["url"] = "https://t.co/abc", ["media_url_https"] = photo },
            };
        }

        return new JsonObject
        {
            ["direct_message_events"] = new JsonArray(new JsonObject
            {
                ["type"] = "message_create",
                ["id"] = id,
                ["created_timestamp"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
                ["message_create"] = new JsonObject
                {
                    ["target"] = new JsonObject { ["recipient_id"] = to },
                    ["sender_id"] = from,
                    ["message_data"] = data,
                },
            }),
            ["users"] = new JsonObject { [from] = new JsonObject { ["id"] = from, ["name"] = "مواطن" } },
        };
    }
}
