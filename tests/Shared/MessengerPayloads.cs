using System.Text.Json.Nodes;

namespace Serverless940.Tests.Shared;

/// <summary>Webhook bodies of a Facebook page, as bytes in Meta's own way of writing JSON.</summary>
public static class MessengerPayloads
{
    /// <summary>Our page, unless a test names another.</summary>
    public const string PageId = "940000000000003";

    public static byte[] Text(string from, string mid, string text) => Page([Message(from, mid, new JsonObject { ["text"] = text })]);

    /// <summary>A message with one attachment for each address.</summary>
    public static byte[] Files(string from, string mid, string type, string? text, params string[] urls)
    {
        var message = new JsonObject
        {
            ["attachments"] = new JsonArray([.. urls.Select(JsonNode? (url) => new JsonObject { ["type"] = type, ["payload"] = new JsonObject { ["url"] = url } })]),
        };
        if (text is not null)
        {
            message["text"] = text;
        }

        return Page([Message(from, mid, message)]);
    }

    public static byte[] QuickReply(string from, string mid, string payload, string title) =>
        Page([Message(from, mid, new JsonObject { ["text"] = title, ["quick_reply"] = new JsonObject { ["payload"] = payload } })]);

    public static byte[] Postback(string from, string payload, string title, string? mid = null)
    {
        var postback = new JsonObject { ["title"] = title, ["payload"] = payload };
        if (mid is not null)
        {
            postback["mid"] = mid;
        }

        return Page([Event(from, "postback", postback)]);
    }

    /// <summary>A comment on the page, or a comment on a visitor's post.</summary>
    public static byte[] Comment(string? from, string commentId, string message, string verb = "add", string item = "comment")
    {
        var value = new JsonObject
        {
            ["item"] = item,
            ["verb"] = verb,
            ["post_id"] = PageId + "_1",
            ["comment_id"] = commentId,
            ["parent_id"] = PageId + "_1",
            ["created_time"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            ["message"] = message,
        };
        if (from is not null)
        {
            value["from"] = new JsonObject { ["id"] = from, ["name"] = "مواطن" };
        }

        return Whole(new JsonObject { ["changes"] = new JsonArray(new JsonObject { ["field"] = "feed", ["value"] = value }) });
    }

    /// <summary>A message event, for <see cref="Page"/>.</summary>
    public static JsonObject Message(string from, string mid, JsonObject content)
    {
        content["mid"] = mid;
        return Event(from, "message", content);
    }

    /// <summary>Any event of a conversation.</summary>
    public static JsonObject Event(string from, string kind, JsonNode content) => new()
    {
        ["sender"] = new JsonObject { ["id"] = from },
        ["recipient"] = new JsonObject { ["id"] = PageId },
        ["timestamp"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        [kind] = content,
    };

    public static byte[] Page(IEnumerable<JsonNode?> events, string pageId = PageId, string list = "messaging") =>
        Whole(new JsonObject { [list] = new JsonArray([.. events]) }, pageId);

    private static byte[] Whole(JsonObject entry, string pageId = PageId)
    {
        entry["id"] = pageId;
        entry["time"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return WhatsAppPayloads.Bytes(new JsonObject { ["object"] = "page", ["entry"] = new JsonArray(entry) });
    }
}
