using System.Text.Json;

namespace Serverless940.Local.Simulators.Sms;

/// <summary>Tells the app about messages as Event Grid does, on its webhook and with its secret.</summary>
internal sealed class SmsEvents(AppCallbacks callbacks, AppSettings settings, SmsStore store, TimeProvider clock)
{
    private const string Topic =
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/microsoft.communication/communicationservices/local";

    internal void ReportDelivery(StoredSms message)
    {
        var now = clock.GetUtcNow();
        var data = new
        {
            messageId = message.MessageId,
            from = message.From.TrimStart('+'), // published samples leave the plus out here
            to = message.To,
            deliveryStatus = "Delivered",
            deliveryStatusDetails = "No error.",
            deliveryAttempts = new[] { new { timestamp = now, segmentsSucceeded = message.Segments, segmentsFailed = 0 } },
            receivedTimestamp = now,
            tag = message.Tag ?? "",
        };
        callbacks.Deliver(Event(
            message.MessageId, message.To, "Microsoft.Communication.SMSDeliveryReportReceived", data, now,
            status => store.Settle(message.MessageId, status)));
    }

    /// <summary>A citizen's message to our number; answers the app's status.</summary>
    internal Task<int> ReceiveAsync(string id, string from, string to, string text, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var data = new
        {
            messageId = id,
            from = from.TrimStart('+'),
            to = to.TrimStart('+'),
            message = text,
            receivedTimestamp = now,
            segmentCount = SmsSegments.Count(text),
        };
        return callbacks.PostAsync(Event(id, from, "Microsoft.Communication.SMSReceived", data, now, null), cancellationToken);
    }

    private Callback Event(string id, string phone, string type, object data, DateTimeOffset at, Action<int>? settled)
    {
        object[] events =
        [
            new
            {
                id,
                topic = Topic,
                subject = $"/phonenumber/{Wire.Digits(phone)}",
                data,
                eventType = type,
                dataVersion = "1.0",
                metadataVersion = "1",
                eventTime = at,
            },
        ];
        return new Callback("/api/channels/sms", JsonSerializer.SerializeToUtf8Bytes(events, Wire.Json), new Dictionary<string, string>
        {
            ["aeg-event-type"] = "Notification",
            ["aeg-subscription-name"] = "LOCAL",
            ["X-Webhook-Secret"] = settings["EventGrid__WebhookSecret"] ?? "",
        }, settled);
    }
}
