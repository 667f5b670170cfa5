using System.Text;
using System.Text.Json.Nodes;

namespace Serverless940.Tests.Shared;

/// <summary>Posts of Postmark, as bytes.</summary>
public static class MailPayloads
{
    public const string Own = "940@amana.example";

    public static JsonObject Mail(string from, string id, string? subject, string? text, params (string Name, string Value)[] headers) => new()
    {
        ["From"] = from,
        ["FromName"] = "مواطن",
        ["FromFull"] = new JsonObject { ["Email"] = from, ["Name"] = "مواطن", ["MailboxHash"] = "" },
        ["To"] = Own,
        ["OriginalRecipient"] = "inbound@postmark.example",
        ["Subject"] = subject,
        ["MessageID"] = id,
        ["Date"] = "Sun, 1 Mar 2026 12:00:00 +0300",
        ["TextBody"] = text,
        ["HtmlBody"] = "",
        ["Headers"] = new JsonArray(
        [
            new JsonObject { ["Name"] = "Message-ID", ["Value"] = $"<{id}@mail.example>" },
            .. headers.Select(JsonNode? (header) => new JsonObject { ["Name"] = header.Name, ["Value"] = header.Value }),
        ]),
        ["Attachments"] = new JsonArray(),
    };

    public static JsonObject WithFile(this JsonObject mail, byte[] content, string contentType, string name = "صورة.jpg", string? contentId = null)
    {
        ((JsonArray)mail["Attachments"]!).Add((JsonNode)new JsonObject
        {
            ["Name"] = name,
            ["Content"] = Convert.ToBase64String(content),
            ["ContentType"] = contentType,
            ["ContentLength"] = content.Length,
            ["ContentID"] = contentId ?? "",
        });
        return mail;
    }

    /// <summary>What became of a mail of ours.</summary>
    public static byte[] Receipt(string type, string id, string tag, string? bounce = null) => Bytes(new JsonObject
    {
        ["RecordType"] = type,
        ["MessageID"] = id,
        ["Type"] = bounce,
        ["DeliveredAt"] = "2026-03-01T09:00:00Z",
        ["Metadata"] = new JsonObject { ["tag"] = tag },
    });

    public static byte[] Bytes(JsonNode mail) => Encoding.UTF8.GetBytes(mail.ToJsonString());

    /// <summary>The Authorization header of an address with this password.</summary>
    public static string Basic(string password, string user = "postmark") => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":" + password));
}
