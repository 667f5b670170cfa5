using System.Text.Json.Nodes;
using Serverless940.Local.Simulators.WhatsApp;

namespace Serverless940.Local.Simulators.Chats;

/// <summary>Builds and signs what Meta posts about our page: messages, buttons, comments.</summary>
internal sealed class MessengerWebhook(AppCallbacks callbacks, AppSettings settings, TimeProvider clock)
{
    /// <param name="message">Text, attachments and quick reply, without the id.</param>
    internal Task<int> MessageAsync(string id, string from, JsonObject message, CancellationToken cancellationToken)
    {
        message["mid"] = id;
        return PostAsync(new JsonObject { ["messaging"] = new JsonArray(Event(from, "message", message)) }, cancellationToken);
    }

    /// <summary>A tap on a button of a template or of the page's menu.</summary>
    internal Task<int> PostbackAsync(string id, string from, string payload, string title, CancellationToken cancellationToken) => PostAsync(
        new JsonObject { ["messaging"] = new JsonArray(Event(from, "postback", new JsonObject { ["mid"] = id, ["payload"] = payload, ["title"] = title })) },
        cancellationToken);

    internal Task<int> CommentAsync(string id, string from, string text, CancellationToken cancellationToken) => PostAsync(
        new JsonObject
        {
            ["changes"] = new JsonArray(new JsonObject
            {
                ["field"] = "feed",
                ["value"] = new JsonObject
                {
                    ["item"] = "comment",
                    ["verb"] = "add",
                    ["comment_id"] = id,
                    ["post_id"] = PageId + "_1",
                    ["parent_id"] = PageId + "_1",
                    ["from"] = new JsonObject { ["id"] = from, ["name"] = from },
                    ["created_time"] = clock.GetUtcNow().ToUnixTimeSeconds(),
                    ["message"] = text,
                },
            }),
        },
        cancellationToken);

    private string PageId => settings["Messenger__PageId"] ?? "";

    private JsonObject Event(string from, string kind, JsonObject content) => new()
    {
        ["sender"] = new JsonObject { ["id"] = from },
        ["recipient"] = new JsonObject { ["id"] = PageId },
        ["timestamp"] = clock.GetUtcNow().ToUnixTimeMilliseconds(),
        [kind] = content,
    };

    private Task<int> PostAsync(JsonObject entry, CancellationToken cancellationToken)
    {
        entry["id"] = PageId;
        entry["time"] = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var body = MetaJson.Write(new JsonObject { ["object"] = "page", ["entry"] = new JsonArray(entry) });
        return callbacks.PostAsync(
            new Callback("/api/channels/messenger", body, new Dictionary<string, string>
            {
                ["X-Hub-Signature-256"] = MetaJson.Signature(settings["Messenger__AppSecret"] ?? "", body),
            }),
            cancellationToken);
    }
}
