using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless940.Local.Simulators.Control;
using Serverless940.Local.Simulators.Sms;
using Serverless940.Local.Simulators.WhatsApp;

namespace Serverless940.Local.Simulators.Handset;

/// <summary>What a citizen sent from the handset.</summary>
internal sealed record HandsetMessage(string Id, string From, string Channel, DateTimeOffset At, JsonObject Content);

/// <summary>A citizen's phone in the browser: the page, what it shows, and what it sends.</summary>
internal sealed class HandsetEndpoints(
    string folder, AppSettings settings, SmsStore sms, SmsEvents smsEvents, Outbox outbox, MediaStore media,
    WhatsAppWebhook whatsApp, TimeProvider clock)
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly Journal<HandsetMessage> _sent = new(Path.Combine(folder, "handset.jsonl"));

    private sealed record SmsRequest(string? From, string? Text);

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/local/handset", (HttpContext http) => Page(http, "handset.html", "text/html; charset=utf-8"));
        routes.MapGet("/local/handset/handset.css", (HttpContext http) => Page(http, "handset.css", "text/css; charset=utf-8"));
        routes.MapGet("/local/handset/handset.js", (HttpContext http) => Page(http, "handset.js", "text/javascript; charset=utf-8"));
        routes.MapGet("/local/handset/call.js", (HttpContext http) => Page(http, "call.js", "text/javascript; charset=utf-8"));
        routes.MapGet("/local/handset/icon.svg", (HttpContext http) => Page(http, "icon.svg", "image/svg+xml"));
        routes.MapGet("/local/handset/messages", (string? phone) => Messages(phone));
        routes.MapGet("/local/handset/media/{id}", (Delegate)MediaAsync);
        routes.MapPost("/local/handset/sms", (Delegate)SendSmsAsync);
        routes.MapPost("/local/handset/whatsapp", (Delegate)SendWhatsAppAsync);
    }

    internal static IResult Page(HttpContext http, string name, string contentType)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        return Results.Stream(
            Assembly.GetExecutingAssembly().GetManifestResourceStream("wwwroot/" + name)
                ?? throw new InvalidOperationException($"The page's file {name} is not in the assembly."),
            contentType);
    }

    /// <summary>Both inboxes of a phone, with what it sent itself.</summary>
    private IResult Messages(string? phone)
    {
        var digits = Wire.Digits(phone);
        var sent = _sent.All().Where(message => Wire.Digits(message.From) == digits).ToList();
        return digits.Length == 0
            ? Wire.Ok(new { sms = Array.Empty<object>(), whatsapp = Array.Empty<object>() })
            : Wire.Ok(new
            {
                sms = sms.List(phone).Select(m => new Shown(m.MessageId, false, m.At, m.From, m.Segments, new JsonObject { ["text"] = m.Text }))
                    .Concat(sent.Where(m => m.Channel == "sms").Select(m => new Shown(m.Id, true, m.At, null, null, m.Content)))
                    .OrderBy(m => m.At),
                whatsapp = outbox.List("whatsapp", phone).Select(m => new Shown(m.Id, false, m.At, null, null, m.Body))
                    .Concat(sent.Where(m => m.Channel == "whatsapp").Select(m => new Shown(m.Id, true, m.At, null, null, m.Content)))
                    .OrderBy(m => m.At),
            });
    }

    private sealed record Shown(string Id, bool Mine, DateTimeOffset At, string? From, int? Segments, JsonNode Content);

    private async Task<IResult> MediaAsync(HttpContext http, string id)
    {
        if (await media.FindAsync(id, http.RequestAborted) is not { } found)
        {
            return Results.NotFound();
        }

        // The page shows pictures and plays sound; whatever else somebody sent is a download.
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        var shown = found.MimeType.StartsWith("image/", StringComparison.Ordinal) || found.MimeType.StartsWith("audio/", StringComparison.Ordinal);
        return Results.File(media.ContentPath(id), shown ? found.MimeType : "application/octet-stream", enableRangeProcessing: true);
    }

    private async Task<IResult> SendSmsAsync(HttpContext http)
    {
        var request = await ControlBody.ReadAsync<SmsRequest>(http);
        if (Wire.Digits(request?.From).Length is < 7 or > 15 || string.IsNullOrEmpty(request!.Text))
        {
            return Bad(http);
        }

        var id = $"Incoming_{Guid.NewGuid():n}";
        var from = "+" + Wire.Digits(request.From);
        var status = await smsEvents.ReceiveAsync(id, from, settings["Sms__From"] ?? "940", request.Text, http.RequestAborted);
        return Taken(http, status, new HandsetMessage(id, from, "sms", clock.GetUtcNow(), new JsonObject { ["text"] = request.Text }));
    }

    private async Task<IResult> SendWhatsAppAsync(HttpContext http)
    {
        var request = http.Request.HasFormContentType ? await FormAsync(http) : await ControlBody.ReadAsync<JsonObject>(http);
        var from = Wire.Digits(Text(request, "from"));
        if (from.Length is < 7 or > 15 || Content(request!) is not { } content)
        {
            return Bad(http);
        }

        // Tests repeat a delivery by giving the same id twice, as Meta does.
        var id = Text(request, "id") ?? GraphEndpoints.NewId();
        var status = await whatsApp.ReceiveAsync(id, from, Text(request, "name"), Text(request, "userId"), content, http.RequestAborted);
        return Taken(http, status, new HandsetMessage(id, "+" + from, "whatsapp", clock.GetUtcNow(), content));
    }

    /// <summary>Turns an upload into stored media and the JSON form of the same request.</summary>
    private async Task<JsonObject?> FormAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form.Files.GetFile("file") is not { } file || file.Length is 0 or > MediaStore.LargestBytes)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, http.RequestAborted);
        var stored = await media.AddAsync(bytes.ToArray(), file.ContentType, http.RequestAborted);
        var request = new JsonObject(form.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Key, field.Value.ToString())));
        request["media"] = new JsonObject { ["id"] = stored.Id, ["mime_type"] = stored.MimeType, ["sha256"] = stored.Sha256Base64, ["filename"] = file.FileName };
        return request;
    }

    /// <summary>The message as Meta writes it, without sender, id and time; <see langword="null"/> when it makes no sense.</summary>
    private static JsonObject? Content(JsonObject request)
    {
        var content = new JsonObject();
        if (Text(request, "contextId") is { } context)
        {
            content["context"] = new JsonObject { ["from"] = "966920000940", ["id"] = context };
        }

        var type = Text(request, "type") ?? "text";
        var (wireType, body) = type switch
        {
            "text" when Text(request, "text") is { Length: > 0 } text => ("text", new JsonObject { ["body"] = text }),
            "location" when request["location"] is JsonObject location && Number(location, "latitude", "lat") is { } latitude
                && Number(location, "longitude", "lon") is { } longitude => ("location", Location(location, latitude, longitude)),
            "button_reply" or "list_reply" when Text(request, "choice") is { } choice => ("interactive", new JsonObject
            {
                ["type"] = type,
                [type] = new JsonObject { ["id"] = choice, ["title"] = Text(request, "title") ?? choice },
            }),
            "button" when Text(request, "choice") is { } payload => ("button", new JsonObject { ["payload"] = payload, ["text"] = Text(request, "title") ?? payload }),
            "image" or "audio" or "video" or "document" when request["media"] is JsonObject file => (type, File(type, file, Text(request, "text"))),
            _ => ("", null),
        };
        if (body is null)
        {
            return null;
        }

        content["type"] = wireType;
        content[wireType] = body;
        return content;
    }

    private static JsonObject Location(JsonObject location, double latitude, double longitude)
    {
        var result = new JsonObject { ["latitude"] = latitude, ["longitude"] = longitude };
        foreach (var name in new[] { "name", "address" })
        {
            if (Text(location, name) is { Length: > 0 } value)
            {
                result[name] = value;
            }
        }

        return result;
    }

    private static JsonObject File(string type, JsonObject file, string? caption)
    {
        var result = new JsonObject { ["id"] = Text(file, "id"), ["mime_type"] = Text(file, "mime_type"), ["sha256"] = Text(file, "sha256") };
        if (type == "audio")
        {
            result["voice"] = true;
        }
        else if (!string.IsNullOrEmpty(caption))
        {
            result["caption"] = caption;
        }

        if (type == "document")
        {
            result["filename"] = Text(file, "filename");
        }

        return result;
    }

    private static double? Number(JsonObject node, string name, string alias) =>
        (node[name] ?? node[alias]) is JsonValue value && value.TryGetValue<double>(out var number) && double.IsFinite(number) ? number : null;

    private static string? Text(JsonObject? node, string name) => MessageRules.Text(node?[name]);

    private IResult Taken(HttpContext http, int status, HandsetMessage message)
    {
        if (status is < 200 or >= 300)
        {
            return Problems.Of(http, StatusCodes.Status502BadGateway, $"ردّ النظام بالرمز {status}.", $"The app answered {status}.");
        }

        _sent.Append(message);
        return Wire.Ok(new { messageId = message.Id, appStatus = status }, StatusCodes.Status202Accepted);
    }

    private static IResult Bad(HttpContext http) => Problems.Of(
        http, StatusCodes.Status400BadRequest,
        "المطلوب رقم جوال في from ومحتوى: نص أو موقع أو ملف أو اختيار.",
        "A phone number in from and something to say are needed: text, location, file or choice.");
}
