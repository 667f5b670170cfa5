using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless940.Local.Simulators.WhatsApp;

namespace Serverless940.Local.Simulators.Chats;

/// <summary>A citizen on Messenger: messages, files, buttons, and comments on the page.</summary>
internal sealed class MessengerPlayer(MessengerWebhook webhook, MediaStore media, Func<Uri> address) : IChatPlayer
{
    private const string MediaPath = "/local/fbcdn/";

    public string Channel => "messenger";

    public Task<int> PlayAsync(ChatMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind == "comment")
        {
            return webhook.CommentAsync(message.Id, message.From, message.Text ?? "", cancellationToken);
        }

        // A payload with a colon was under one of our questions; others are buttons of the page.
        if (message.Choice is { } choice && !choice.Contains(':', StringComparison.Ordinal))
        {
            return webhook.PostbackAsync(message.Id, message.From, choice, message.Text ?? choice, cancellationToken);
        }

        var content = new JsonObject();
        if (message.Text is not null || message.Choice is not null)
        {
            content["text"] = message.Text ?? message.Choice;
        }

        if (message.Choice is not null)
        {
            content["quick_reply"] = new JsonObject { ["payload"] = message.Choice };
        }

        if (message.Files.Count > 0)
        {
            content["attachments"] = new JsonArray([.. message.Files.Select(JsonNode? (file) => new JsonObject
            {
                ["type"] = TypeOf(file.MimeType),
                ["payload"] = new JsonObject { ["url"] = new Uri(address(), MediaPath + media.AddressQuery(file.Id)).AbsoluteUri },
            })]);
        }

        return webhook.MessageAsync(message.Id, message.From, content, cancellationToken);
    }

    private static string TypeOf(string mimeType) => mimeType.Split('/')[0] switch
    {
        "image" => "image",
        "audio" => "audio",
        "video" => "video",
        _ => "file",
    };

    /// <summary>The delivery network: signed addresses that run out, no token asked.</summary>
    internal void Map(IEndpointRouteBuilder routes) => routes.MapGet(MediaPath, async (HttpContext http, string? mid, string? ext, string? hash) =>
        media.IsOpen(mid ?? "", ext, hash) && await media.FindAsync(mid!, http.RequestAborted) is { } found
            ? Results.File(media.ContentPath(found.Id), found.MimeType)
            : Results.StatusCode(StatusCodes.Status403Forbidden));
}
