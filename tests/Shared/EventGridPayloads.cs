using System.Globalization;
using System.Text.Json;

namespace Serverless940.Tests.Shared;

/// <summary>Event Grid posts about SMS, in the Event Grid schema: an array, its secret in a header of its own.</summary>
public static class EventGridPayloads
{
    /// <summary>The header that carries the webhook's secret.</summary>
    public const string SecretHeader = "X-Webhook-Secret";

    /// <summary>A citizen's message; published samples write phones here without the plus.</summary>
    public static byte[] SmsReceived(string id, string from, string to, string text) => Event(id, "Microsoft.Communication.SMSReceived", new
    {
        messageId = id,
        from = from.TrimStart('+'),
        to = to.TrimStart('+'),
        message = text,
        receivedTimestamp = Now(),
        segmentCount = 1,
    });

    /// <summary>What became of a message we sent.</summary>
    public static byte[] SmsDelivery(string messageId, string to, string? tag, string status = "Delivered", string details = "No error.") =>
        Event(messageId, "Microsoft.Communication.SMSDeliveryReportReceived", new
        {
            messageId,
            from = "966920000940",
            to,
            deliveryStatus = status,
            deliveryStatusDetails = details,
            deliveryAttempts = new[] { new { timestamp = Now(), segmentsSucceeded = status == "Delivered" ? 1 : 0, segmentsFailed = status == "Delivered" ? 0 : 1 } },
            receivedTimestamp = Now(),
            tag,
        });

    /// <summary>The handshake of a new subscription; answered with 200 and <c>validationResponse</c>.</summary>
    public static byte[] Validation(string code) => Event(
        "handshake", "Microsoft.EventGrid.SubscriptionValidationEvent", new { validationCode = code, validationUrl = "https://validation.invalid/" });

    private static byte[] Event(string id, string type, object data) => JsonSerializer.SerializeToUtf8Bytes(new[]
    {
        new
        {
            id,
            topic = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/microsoft.communication/communicationservices/local",
            subject = "/phonenumber/966920000940",
            data,
            eventType = type,
            dataVersion = "1.0",
            metadataVersion = "1",
            eventTime = Now(),
        },
    });

    private static string Now() => DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
