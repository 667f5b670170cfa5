using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless940.Local.Simulators.Chats;
using Serverless940.Local.Simulators.Voice;

namespace Serverless940.Local.Simulators.Providers;

/// <summary>The send calls of the other providers: X, a Twilio-like telephony provider, Postmark, and webhooks of staff tools.</summary>
internal sealed class ProviderEndpoints(Outbox outbox, AppSettings settings, EmailPlayer mail, VoiceLine line, TimeProvider clock)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/local/x/2/dm_conversations/with/{userId}/messages", (Delegate)SendDirectMessageAsync);
        routes.MapPost("/local/x/2/tweets", (Delegate)PostAsync);
        routes.MapPost("/local/voice/2010-04-01/Accounts/{sid}/Calls.json", (Delegate)CallAsync);
        routes.MapPost("/local/email", (Delegate)SendEmailAsync);
        routes.MapPost("/local/staff-webhook/{name}", (Delegate)ReceiveStaffWebhookAsync);
    }

    private async Task<IResult> SendDirectMessageAsync(HttpContext http, string userId)
    {
        var body = await JsonAsync(http);
        var text = Text(body?["text"]);
        if (RefuseX(http, body, text ?? (body?["attachments"] is JsonArray ? "" : null)) is { } refused)
        {
            return refused;
        }

        var item = outbox.Add("x", NumericId(), userId, "dm", text, body!);
        return Wire.Ok(new { data = new { dm_conversation_id = userId + "-940", dm_event_id = item.Id } }, StatusCodes.Status201Created);
    }

    private async Task<IResult> PostAsync(HttpContext http)
    {
        var body = await JsonAsync(http);
        var text = Text(body?["text"]);
        if (RefuseX(http, body, text) is { } refused)
        {
            return refused;
        }

        var item = outbox.Add("x", NumericId(), Text(body!["reply"]?["in_reply_to_tweet_id"]) ?? "", "post", text, body);
        return Wire.Ok(new { data = new { id = item.Id, text } }, StatusCodes.Status201Created);
    }

    private static IResult? RefuseX(HttpContext http, JsonObject? body, string? text)
    {
        var authorised = Wire.Authorization(http.Request, "Bearer") is { Length: > 0 } || Wire.Authorization(http.Request, "OAuth") is { Length: > 0 };
        return !authorised ? Wire.Ok(new { title = "Unauthorized", type = "about:blank", status = 401, detail = "Unauthorized" }, 401)
            : body is null || text is null or { Length: > 10_000 }
                ? Wire.Ok(new { title = "Invalid Request", type = "https://api.twitter.com/2/problems/invalid-request", detail = "text is required" }, 400)
                : null;
    }

    private async Task<IResult> CallAsync(HttpContext http, string sid)
    {
        var expected = settings["Voice__AuthToken"] is { } token
            ? Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings["Voice__AccountSid"] ?? sid}:{token}"))
            : null;
        if (!Wire.SameSecret(expected, Wire.Authorization(http.Request, "Basic")))
        {
            return TwilioError(401, 20003, "Authenticate");
        }

        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        var (to, from) = (form["To"].ToString(), form["From"].ToString());
        if (Wire.Digits(to).Length < 3)
        {
            return TwilioError(400, 21211, "Invalid 'To' Phone Number");
        }

        if (form["Url"].Count == 0 && form["Twiml"].ToString() is not { Length: > 0 and <= 4000 })
        {
            return TwilioError(400, 21205, "Url or Twiml parameter is required");
        }

        var body = new JsonObject(form.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Key, field.Value.ToString())));
        var item = outbox.Add("voice", "CA" + Guid.NewGuid().ToString("n"), to, "call", form["Twiml"].ToString(), body);
        if (form["Url"].ToString() is { Length: > 0 } url)
        {
            line.Ring(item.Id, to, url, form["StatusCallback"]);
        }

        return Wire.Ok(new { sid = item.Id, account_sid = sid, to, from, status = "queued", direction = "outbound-api" }, StatusCodes.Status201Created);
    }

    private async Task<IResult> SendEmailAsync(HttpContext http)
    {
        var body = await JsonAsync(http);
        var to = Text(body?["To"]);
        if (http.Request.Headers["X-Postmark-Server-Token"].ToString().Length == 0)
        {
            return Wire.Ok(new { ErrorCode = 10, Message = "No Account or Server API tokens were supplied in the HTTP headers." }, 401);
        }

        if (body is null || to is null || !to.Contains('@', StringComparison.Ordinal) || Text(body["From"]) is null or "")
        {
            return Wire.Ok(new { ErrorCode = 300, Message = "Invalid email request: From and To are required." }, 422);
        }

        var text = Text(body["TextBody"]) ?? Text(body["HtmlBody"]);
        if (string.IsNullOrEmpty(text))
        {
            return Wire.Ok(new { ErrorCode = 300, Message = "Invalid email request: provide TextBody or HtmlBody." }, 422);
        }

        var item = outbox.Add("email", Guid.NewGuid().ToString(), to, "email", $"{Text(body["Subject"])}\n{text}", body);
        mail.ReportDelivery(item.Id, to, body["Metadata"]);
        return Wire.Ok(new { To = to, SubmittedAt = clock.GetUtcNow(), MessageID = item.Id, ErrorCode = 0, Message = "OK" });
    }

    private async Task<IResult> ReceiveStaffWebhookAsync(HttpContext http, string name)
    {
        if (await JsonAsync(http) is not { } body)
        {
            return Results.BadRequest();
        }

        var item = outbox.Add("email", Guid.NewGuid().ToString(), name, "webhook", Text(body["text"]), body);
        return Wire.Ok(new { id = item.Id });
    }

    private static async Task<JsonObject?> JsonAsync(HttpContext http)
    {
        try
        {
            return JsonNode.Parse(await Wire.ReadAsync(http.Request)) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IResult TwilioError(int status, int code, string message) =>
        Wire.Ok(new { code, message, more_info = "https://www.twilio.com/docs/errors/" + code.ToString(CultureInfo.InvariantCulture), status }, status);

    private static string? Text(JsonNode? node) => WhatsApp.MessageRules.Text(node);

    private static string NumericId() => Random.Shared.NextInt64(1_000_000_000_000_000_000, long.MaxValue).ToString(CultureInfo.InvariantCulture);
}
