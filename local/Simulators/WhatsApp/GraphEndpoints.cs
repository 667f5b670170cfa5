using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Serverless940.Local.Simulators.WhatsApp;

/// <summary>
/// The Graph interface of Meta, as WhatsApp's Cloud API and Messenger use it: send, upload, look up and fetch media.
/// The version in the path may be left out, as there.
/// </summary>
internal sealed class GraphEndpoints(Outbox outbox, MediaStore media, WhatsAppWebhook webhook, AppSettings settings, Func<Uri> address)
{
    internal const string Path = "/local/graph";
    private const string MediaPath = "/local/lookaside/whatsapp_business/attachments/";

    internal void Map(IEndpointRouteBuilder routes)
    {
        foreach (var root in new[] { Path + "/v{version}", Path })
        {
            routes.MapPost(root + "/{id}/messages", (Delegate)SendAsync);
            routes.MapPost(root + "/{id}/media", (Delegate)UploadAsync);
            routes.MapGet(root + "/{id}", (Delegate)LookUpAsync);
        }

        routes.MapGet(MediaPath, (Delegate)FetchAsync);
    }

    private async Task<IResult> SendAsync(HttpContext http, string id)
    {
        JsonObject? message;
        try
        {
            message = JsonNode.Parse(await Wire.ReadAsync(http.Request)) as JsonObject;
        }
        catch (JsonException)
        {
            message = null;
        }

        if (message is null)
        {
            return new GraphError(100, "(#100) Invalid parameter").Result();
        }

        return message.ContainsKey("messaging_product") ? SendWhatsApp(http, id, message) : SendMessenger(http, id, message);
    }

    private IResult SendWhatsApp(HttpContext http, string id, JsonObject message)
    {
        if (!HasToken(http))
        {
            return GraphError.Token.Result();
        }

        if (settings["WhatsApp__PhoneNumberId"] is { } ours && ours != id)
        {
            return GraphError.UnknownObject(id).Result();
        }

        if (MessageRules.Text(message["status"]) == "read")
        {
            return Wire.Ok(new { success = true });
        }

        if (MessageRules.Check(message) is { } error)
        {
            return error.Result();
        }

        var type = MessageRules.Text(message["type"]) ?? "text";
        var to = MessageRules.Text(message["to"]) ?? MessageRules.Text(message["recipient"])!;
        var wamid = NewId();
        outbox.Add("whatsapp", wamid, to, type, Readable(type, message), message);
        webhook.ReportDelivery(wamid, to, MessageRules.Text(message["biz_opaque_callback_data"]));
        return Wire.Ok(new
        {
            messaging_product = "whatsapp",
            contacts = new[] { new { input = to, wa_id = Wire.Digits(to) } },
            messages = new[] { new { id = wamid, message_status = "accepted" } },
        });
    }

    private IResult SendMessenger(HttpContext http, string id, JsonObject message)
    {
        var token = http.Request.Query["access_token"].ToString() is { Length: > 0 } given ? given : Wire.Authorization(http.Request, "Bearer");
        if (!Wire.SameSecret(settings["Messenger__PageAccessToken"], token))
        {
            return GraphError.Token.Result();
        }

        var to = MessageRules.Text(message["recipient"]?["id"])
            ?? MessageRules.Text(message["recipient"]?["comment_id"]) ?? MessageRules.Text(message["recipient"]?["post_id"]);
        var text = MessageRules.Text(message["message"]?["text"]) ?? MessageRules.Text(message["message"]?["attachment"]?["payload"]?["text"]);
        var replies = message["message"]?["quick_replies"] as JsonArray ?? [];
        if (to is null || (settings["Messenger__PageId"] is { } ours && id != ours && id != "me"))
        {
            return GraphError.UnknownObject(id).Result();
        }

        if (text is null or "" || text.Length >= 2000 || replies.Count > 13)
        {
            return new GraphError(100, "(#100) Length of param message[text] must be less than 2000, with at most 13 quick replies").Result();
        }

        var item = outbox.Add("messenger", "m_" + Guid.NewGuid().ToString("n"), to, "text", text, message);
        return Wire.Ok(new { recipient_id = to, message_id = item.Id });
    }

    private async Task<IResult> UploadAsync(HttpContext http, string id)
    {
        if (!HasToken(http))
        {
            return GraphError.Token.Result();
        }

        if (!http.Request.HasFormContentType || (await http.Request.ReadFormAsync(http.RequestAborted)).Files.GetFile("file") is not { } file)
        {
            return new GraphError(100, "(#100) The parameter file is required.").Result();
        }

        if (file.Length > MediaStore.LargestBytes)
        {
            return new GraphError(131053, "Media upload error", "The file is too large.").Result();
        }

        using var content = new MemoryStream();
        await file.CopyToAsync(content, http.RequestAborted);
        var stored = await media.AddAsync(content.ToArray(), file.ContentType, http.RequestAborted);
        return Wire.Ok(new { id = stored.Id });
    }

    private async Task<IResult> LookUpAsync(HttpContext http, string id)
    {
        if (!HasToken(http))
        {
            return GraphError.Token.Result();
        }

        return await media.FindAsync(id, http.RequestAborted) is { } found
            ? Wire.Ok(new
            {
                url = new Uri(address(), MediaPath + media.AddressQuery(found.Id)).AbsoluteUri,
                mime_type = found.MimeType,
                sha256 = found.Sha256Hex,
                file_size = found.FileSize,
                id = found.Id,
                messaging_product = "whatsapp",
            })
            : GraphError.UnknownObject(id).Result();
    }

    private async Task<IResult> FetchAsync(HttpContext http, string? mid, string? ext, string? hash)
    {
        if (!HasToken(http))
        {
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        }

        return media.IsOpen(mid ?? "", ext, hash) && await media.FindAsync(mid!, http.RequestAborted) is { } found
            ? Results.File(media.ContentPath(found.Id), found.MimeType)
            : Results.NotFound();
    }

    private bool HasToken(HttpContext http) => Wire.SameSecret(settings["WhatsApp__AccessToken"], Wire.Authorization(http.Request, "Bearer"));

    internal static string NewId() => "wamid." + Convert.ToBase64String(RandomNumberGenerator.GetBytes(33));

    private static string? Readable(string type, JsonObject message) => type switch
    {
        "text" => MessageRules.Text(message["text"]?["body"]),
        "interactive" => MessageRules.Text(message["interactive"]?["body"]?["text"]),
        "template" => string.Join(' ', (message["template"]?["components"] as JsonArray ?? [])
            .SelectMany(component => component?["parameters"] as JsonArray ?? [])
            .Select(parameter => MessageRules.Text(parameter?["text"]))),
        "reaction" => MessageRules.Text(message["reaction"]?["emoji"]),
        _ => MessageRules.Text(message[type]?["caption"]),
    };
}
