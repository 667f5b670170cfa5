using System.Text.Json.Nodes;

namespace Serverless940.Local.Simulators.WhatsApp;

/// <summary>Builds and signs what the Cloud API posts to the app: a citizen's messages and what became of ours.</summary>
internal sealed class WhatsAppWebhook(AppCallbacks callbacks, AppSettings settings, TimeProvider clock)
{
    /// <summary>One message from <paramref name="from"/>; answers the app's status.</summary>
    /// <param name="from">Digits only, as Meta writes phones.</param>
    /// <param name="content">The message without sender, id and time: its type and what belongs to that.</param>
    /// <param name="userId">The business-scoped user id, for those who have one.</param>
    internal Task<int> ReceiveAsync(string id, string from, string? name, string? userId, JsonObject content, CancellationToken cancellationToken)
    {
        var contact = new JsonObject { ["profile"] = new JsonObject { ["name"] = name ?? "940" }, ["wa_id"] = from };
        var message = new JsonObject { ["from"] = from, ["id"] = id, ["timestamp"] = Wire.UnixSeconds(clock.GetUtcNow()) };
        if (userId is not null)
        {
            contact["user_id"] = userId;
            message["from_user_id"] = userId;
        }

        foreach (var (key, value) in content)
        {
            message[key] = value?.DeepClone();
        }

        return callbacks.PostAsync(
            Envelope(new JsonObject { ["contacts"] = new JsonArray(contact), ["messages"] = new JsonArray(message) }), cancellationToken);
    }

    /// <summary>Our message was sent, then delivered.</summary>
    /// <param name="tag">The reference the app gave with it; comes back as it was.</param>
    internal void ReportDelivery(string id, string to, string? tag)
    {
        foreach (var status in new[] { "sent", "delivered" })
        {
            var entry = new JsonObject
            {
                ["id"] = id,
                ["status"] = status,
                ["timestamp"] = Wire.UnixSeconds(clock.GetUtcNow()),
                ["recipient_id"] = Wire.Digits(to),
            };
            if (tag is not null)
            {
                entry["biz_opaque_callback_data"] = tag;
            }

            callbacks.DeliverSurely(Envelope(new JsonObject { ["statuses"] = new JsonArray(entry) }));
        }
    }

    private Callback Envelope(JsonObject value)
    {
        var whole = new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["metadata"] = new JsonObject
            {
                ["display_phone_number"] = "966920000940",
                ["phone_number_id"] = settings["WhatsApp__PhoneNumberId"] ?? "",
            },
        };
        foreach (var (key, part) in value)
        {
            whole[key] = part?.DeepClone();
        }

        var body = MetaJson.Write(new JsonObject
        {
            ["object"] = "whatsapp_business_account",
            ["entry"] = new JsonArray(new JsonObject
            {
                ["id"] = "940000000000001",
                ["changes"] = new JsonArray(new JsonObject { ["value"] = whole, ["field"] = "messages" }),
            }),
        });
        return new Callback("/api/channels/whatsapp", body, new Dictionary<string, string>
        {
            ["X-Hub-Signature-256"] = MetaJson.Signature(settings["WhatsApp__AppSecret"] ?? "", body),
        });
    }
}
