using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless940.Local.Simulators.WhatsApp;

namespace Serverless940.Local.Simulators.Chats;

/// <summary>A citizen's e-mails as Postmark posts them, and its word that ours have arrived.</summary>
internal sealed class EmailPlayer(AppCallbacks callbacks, AppSettings settings, MediaStore media, TimeProvider clock) : IChatPlayer
{
    private const string Path = "/api/channels/email";

    public string Channel => "email";

    public async Task<int> PlayAsync(ChatMessage message, CancellationToken cancellationToken)
    {
        var attachments = new JsonArray();
        foreach (var file in message.Files)
        {
            var content = await File.ReadAllBytesAsync(media.ContentPath(file.Id), cancellationToken);
            attachments.Add((JsonNode)new JsonObject
            {
                ["Name"] = file.Id,
                ["Content"] = Convert.ToBase64String(content),
                ["ContentType"] = file.MimeType,
                ["ContentLength"] = content.Length,
                ["ContentID"] = "",
            });
        }

        var headers = new JsonArray(Header("Message-ID", $"<{message.Id}@mail.example>"));
        if (message.InReplyTo is { } answered)
        {
            headers.Add((JsonNode)Header("In-Reply-To", answered));
            headers.Add((JsonNode)Header("References", answered));
        }

        return await callbacks.PostAsync(Call(new JsonObject
        {
            ["From"] = message.From,
            ["FromFull"] = new JsonObject { ["Email"] = message.From, ["Name"] = "", ["MailboxHash"] = "" },
            ["To"] = settings["Email__From"],
            ["Subject"] = message.Subject ?? "",
            ["MessageID"] = message.Id,
            ["Date"] = clock.GetUtcNow().ToString("r", CultureInfo.InvariantCulture),
            ["TextBody"] = message.Text ?? "",
            ["HtmlBody"] = "",
            ["Headers"] = headers,
            ["Attachments"] = attachments,
        }), cancellationToken);
    }

    /// <summary>Our mail has arrived at its server.</summary>
    /// <param name="metadata">What the app gave with it; comes back as it was.</param>
    internal void ReportDelivery(string id, string to, JsonNode? metadata)
    {
        if (settings["Email__InboundSecret"] is not null)
        {
            callbacks.Deliver(Call(new JsonObject
            {
                ["RecordType"] = "Delivery",
                ["MessageID"] = id,
                ["Recipient"] = to,
                ["DeliveredAt"] = clock.GetUtcNow().ToString("o", CultureInfo.InvariantCulture),
                ["Metadata"] = metadata?.DeepClone(),
            }));
        }
    }

    private Callback Call(JsonObject body) => new(Path, JsonSerializer.SerializeToUtf8Bytes(body, Wire.Json), new Dictionary<string, string>
    {
        ["Authorization"] = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("postmark:" + settings["Email__InboundSecret"])),
    });

    private static JsonObject Header(string name, string value) => new() { ["Name"] = name, ["Value"] = value };
}
