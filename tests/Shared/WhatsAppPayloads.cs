using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Serverless940.Tests.Shared;

/// <summary>
/// Webhook bodies of the WhatsApp Cloud API, as bytes: non-ASCII escaped as <c>\uXXXX</c> and slashes as <c>\/</c>, the way
/// Meta writes and signs them.
/// </summary>
public static partial class WhatsAppPayloads
{
    /// <summary>Our number's id at Meta, unless a test names another.</summary>
    public const string PhoneNumberId = "940000000000002";

    public static byte[] Text(string from, string id, string text, string phoneNumberId = PhoneNumberId) =>
        Envelope([TextMessage(from, id, text)], phoneNumberId);

    /// <param name="sha256">Base64 of the file's SHA-256.</param>
    public static byte[] Image(
        string from, string id, string mediaId, string sha256, string? caption = null, string mimeType = "image/jpeg", string phoneNumberId = PhoneNumberId)
    {
        var image = new JsonObject { ["id"] = mediaId, ["mime_type"] = mimeType, ["sha256"] = sha256 };
        if (caption is not null)
        {
            image["caption"] = caption;
        }

        return Envelope([Message(from, id, "image", image)], phoneNumberId);
    }

    /// <param name="sha256">Base64 of the file's SHA-256.</param>
    public static byte[] Audio(
        string from, string id, string mediaId, string sha256, string mimeType = "audio/ogg; codecs=opus", string phoneNumberId = PhoneNumberId) =>
        Envelope(
            [Message(from, id, "audio", new JsonObject { ["id"] = mediaId, ["mime_type"] = mimeType, ["sha256"] = sha256, ["voice"] = true })],
            phoneNumberId);

    public static byte[] Location(
        string from, string id, double latitude, double longitude, string? name = null, string? address = null, string phoneNumberId = PhoneNumberId)
    {
        var location = new JsonObject { ["latitude"] = latitude, ["longitude"] = longitude };
        if (name is not null)
        {
            location["name"] = name;
        }

        if (address is not null)
        {
            location["address"] = address;
        }

        return Envelope([Message(from, id, "location", location)], phoneNumberId);
    }

    /// <summary>A tap on a reply button, or on a row of a list.</summary>
    public static byte[] Choice(
        string from, string id, string choiceId, string title, string inReplyTo, bool list = false, string phoneNumberId = PhoneNumberId)
    {
        var kind = list ? "list_reply" : "button_reply";
        var message = Message(
            from, id, "interactive", new JsonObject { ["type"] = kind, [kind] = new JsonObject { ["id"] = choiceId, ["title"] = title } });
        message["context"] = new JsonObject { ["from"] = "966920000940", ["id"] = inReplyTo };
        return Envelope([message], phoneNumberId);
    }

    /// <summary>What became of a message we sent: sent, delivered, read, failed, played.</summary>
    public static byte[] Status(string id, string status, string recipient, int? errorCode = null, string phoneNumberId = PhoneNumberId)
    {
        var entry = new JsonObject { ["id"] = id, ["status"] = status, ["timestamp"] = Now(), ["recipient_id"] = Digits(recipient) };
        if (errorCode is { } code)
        {
            entry["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["title"] = "Message undeliverable" });
        }

        return Whole(new JsonObject { ["statuses"] = new JsonArray(entry) }, phoneNumberId);
    }

    public static JsonObject TextMessage(string from, string id, string text) => Message(from, id, "text", new JsonObject { ["body"] = text });

    /// <summary>A message of any type, for <see cref="Envelope"/>.</summary>
    public static JsonObject Message(string from, string id, string type, JsonNode content) =>
        new() { ["from"] = Digits(from), ["id"] = id, ["timestamp"] = Now(), ["type"] = type, [type] = content };

    /// <summary>One post with any number of messages, each from a contact of its own.</summary>
    public static byte[] Envelope(IReadOnlyList<JsonObject> messages, string phoneNumberId = PhoneNumberId)
    {
        var contacts = messages
            .Select(message => message["from"]?.GetValue<string>())
            .Distinct(StringComparer.Ordinal)
            .Select(JsonNode? (from) => new JsonObject { ["profile"] = new JsonObject { ["name"] = "مواطن" }, ["wa_id"] = from });
        return Whole(
            new JsonObject { ["contacts"] = new JsonArray([.. contacts]), ["messages"] = new JsonArray([.. messages]) }, phoneNumberId);
    }

    /// <summary>The value of <c>X-Hub-Signature-256</c> for a body.</summary>
    public static string Sign(string secret, byte[] body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    /// <summary>Any JSON as Meta would write it.</summary>
    public static byte[] Bytes(JsonNode json)
    {
        // The default encoder leaves ASCII only; Meta writes hex in lower case and its own choice of escapes.
        var text = json.ToJsonString(new JsonSerializerOptions());
        return Encoding.ASCII.GetBytes(Escape().Replace(text, static match => match.Value switch
        {
            "\\\\" => match.Value,
            "/" => "\\/",
            "\\u0022" => "\\\"",
            "\\u0026" => "&",
            "\\u0027" => "'",
            "\\u002B" => "+",
            "\\u003C" => "<",
            "\\u003E" => ">",
            "\\u0060" => "`",
            var other => other.ToLowerInvariant(),
        }));
    }

    private static byte[] Whole(JsonObject value, string phoneNumberId)
    {
        value["messaging_product"] = "whatsapp";
        value["metadata"] = new JsonObject { ["display_phone_number"] = "966920000940", ["phone_number_id"] = phoneNumberId };
        return Bytes(new JsonObject
        {
            ["object"] = "whatsapp_business_account",
            ["entry"] = new JsonArray(new JsonObject
            {
                ["id"] = "940000000000001",
                ["changes"] = new JsonArray(new JsonObject { ["value"] = value, ["field"] = "messages" }),
            }),
        });
    }

    private static string Digits(string phone) => string.Concat(phone.Where(char.IsAsciiDigit));

    private static string Now() => DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\\\\|/|\\u[0-9A-Fa-f]{4}")]
    private static partial Regex Escape();
}
