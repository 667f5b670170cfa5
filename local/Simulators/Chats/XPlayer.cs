using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless940.Local.Simulators.WhatsApp;

namespace Serverless940.Local.Simulators.Chats;

/// <summary>A citizen on X: direct messages in the newer envelope, mentions in the older one, encrypted chats.</summary>
internal sealed class XPlayer(AppCallbacks callbacks, AppSettings settings, MediaStore media, Func<Uri> address, TimeProvider clock) : IChatPlayer
{
    private const string MediaPath = "/local/x/media/";

    public string Channel => "x";

    public Task<int> PlayAsync(ChatMessage message, CancellationToken cancellationToken) => message.Kind switch
    {
        "mention" => PostAsync(Mention(message), cancellationToken),
        "encrypted" => PostAsync(
            Activity("chat.received", new JsonObject { ["id"] = message.Id, ["sender_id"] = message.From, ["encoded_event"] = "AAAA" }), cancellationToken),
        null => PostAsync(Activity("dm.received", Message(message)), cancellationToken),
        _ => Task.FromResult(0),
    };

    /// <summary>Files of direct messages: only who signs as the account gets them.</summary>
    internal void Map(IEndpointRouteBuilder routes) => routes.MapGet(MediaPath + "{id}", async (HttpContext http, string id) =>
        Wire.Authorization(http.Request, "OAuth") is null ? Results.StatusCode(StatusCodes.Status401Unauthorized)
        : await media.FindAsync(id, http.RequestAborted) is { } found ? Results.File(media.ContentPath(found.Id), found.MimeType)
        : Results.NotFound());

    private string AccountId => settings["X__AccountId"] ?? "";

    private JsonObject Message(ChatMessage message)
    {
        var data = new JsonObject { ["text"] = message.Text ?? "", ["entities"] = new JsonObject() };
        if (message.Files is [var file, ..])
        {
            data["text"] = message.Text + " https://t.co/file";
            data["attachment"] = new JsonObject { ["type"] = "media", ["media"] = Media(file) };
        }

        return new JsonObject
        {
            ["direct_message_events"] = new JsonArray(new JsonObject
            {
                ["type"] = "message_create",
                ["id"] = message.Id,
                ["created_timestamp"] = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
                ["message_create"] = new JsonObject
                {
                    ["target"] = new JsonObject { ["recipient_id"] = AccountId },
                    ["sender_id"] = message.From,
                    ["message_data"] = data,
                },
            }),
            ["users"] = new JsonObject { [message.From] = new JsonObject { ["data"] = new JsonObject { ["id"] = message.From, ["name"] = message.From } } },
        };
    }

    private JsonObject Mention(ChatMessage message) => new()
    {
        ["for_user_id"] = AccountId,
        ["user_has_blocked"] = false,
        ["tweet_create_events"] = new JsonArray(new JsonObject
        {
            ["created_at"] = clock.GetUtcNow().ToString("ddd MMM dd HH:mm:ss '+0000' yyyy", CultureInfo.InvariantCulture),
            ["id_str"] = message.Id,
            ["text"] = "@a940 " + message.Text,
            ["user"] = new JsonObject { ["id_str"] = message.From, ["name"] = message.From },
            ["entities"] = new JsonObject
            {
                ["user_mentions"] = new JsonArray(new JsonObject { ["id_str"] = AccountId, ["screen_name"] = "a940", ["indices"] = new JsonArray(0, 5) }),
            },
            ["extended_entities"] = new JsonObject { ["media"] = new JsonArray([.. message.Files.Select(JsonNode? (file) => Media(file))]) },
        }),
    };

    private JsonObject Activity(string type, JsonObject payload) => new()
    {
        ["data"] = new JsonObject
        {
            ["event_uuid"] = Random.Shared.NextInt64(long.MinValue, 0).ToString(CultureInfo.InvariantCulture),
            ["filter"] = new JsonObject { ["user_id"] = AccountId },
            ["event_type"] = type,
            ["payload"] = payload,
        },
    };

    private JsonObject Media(StoredMedia file) => new()
    {
        ["id_str"] = file.Id,
        ["type"] = file.MimeType.StartsWith("image/", StringComparison.Ordinal) ? "photo" : "video",
        ["url"] = "https://t.co/file",
        ["media_url_https"] = new Uri(address(), MediaPath + file.Id).AbsoluteUri,
    };

    private Task<int> PostAsync(JsonObject payload, CancellationToken cancellationToken)
    {
        var body = MetaJson.Write(payload);
        return callbacks.PostAsync(
            new Callback("/api/channels/x", body, new Dictionary<string, string>
            {
                ["x-twitter-webhooks-signature"] =
                    "sha256=" + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings["X__ConsumerSecret"] ?? ""), body)),
            }),
            cancellationToken);
    }
}
