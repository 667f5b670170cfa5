using System.Globalization;
using System.Text.Json;
using Serverless940.Core.Messages;
using Serverless940.Core.Text;

namespace Serverless940.Core.Channels;

/// <summary>A receipt with the id of the event that brought it.</summary>
public readonly record struct EventReceipt(string EventId, DeliveryReport Report);

/// <summary>What one delivery of Event Grid held.</summary>
/// <param name="ValidationCode">The code of a new subscription's handshake, which is the whole answer to it.</param>
/// <param name="Malformed">Events that lack what nothing can do without.</param>
public sealed record EventGridUpdates(
    string? ValidationCode, IReadOnlyList<SenderEvent> Events, IReadOnlyList<EventReceipt> Receipts, int Malformed);

/// <summary>Reads deliveries about SMS, in Event Grid's own schema (an array) or as CloudEvents (one, or an array).</summary>
public static class EventGridPayload
{
    private const string Validation = "Microsoft.EventGrid.SubscriptionValidationEvent";
    private const string SmsReceived = "Microsoft.Communication.SMSReceived";
    private const string SmsDelivery = "Microsoft.Communication.SMSDeliveryReportReceived";

    /// <summary>Everything in the delivery that is known; unknown types are passed over.</summary>
    /// <param name="ownNumber">Our number: its own texts come from nobody.</param>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static EventGridUpdates Read(ReadOnlyMemory<byte> body, string ownNumber, DateTimeOffset receivedAt)
    {
        using var document = JsonDocument.Parse(body);
        var collector = new Collector(ownNumber, receivedAt);
        if (document.RootElement.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in document.RootElement.EnumerateArray())
            {
                collector.Take(element);
            }
        }
        else
        {
            collector.Take(document.RootElement);
        }

        return new EventGridUpdates(collector.ValidationCode, collector.Events, collector.Receipts, collector.Malformed);
    }

    private sealed class Collector(string ownNumber, DateTimeOffset receivedAt)
    {
        private readonly string? _own = PhoneNumber.TryNormalize(ownNumber);

        public string? ValidationCode { get; private set; }

        public List<SenderEvent> Events { get; } = [];

        public List<EventReceipt> Receipts { get; } = [];

        public int Malformed { get; private set; }

        public void Take(JsonElement element)
        {
            if (element.ValueKind != JsonValueKind.Object || Text(element, "id") is not { Length: > 0 and <= 256 } id
                || !element.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object)
            {
                Malformed++;
                return;
            }

            switch (Text(element, "eventType") ?? Text(element, "type"))
            {
                case Validation:
                    ValidationCode ??= Text(data, "validationCode");
                    break;
                case SmsReceived:
                    TakeText(id, data);
                    break;
                case SmsDelivery:
                    TakeReceipt(id, data);
                    break;
            }
        }

        private void TakeText(string id, JsonElement data)
        {
            // Published samples leave the plus out. Names and short codes are advertisers, whom nobody answers.
            var phone = Text(data, "from") is { Length: > 0 and < 20 } from ? PhoneNumber.TryNormalize("+" + from.TrimStart('+')) : null;
            if (phone is null || phone == _own)
            {
                return;
            }

            Events.Add(new SenderEvent(phone, new InboundEvent(
                id, InboundKind.Text, Time(data, "receivedTimestamp"), receivedAt, Text(data, "message"), phone)));
        }

        private void TakeReceipt(string id, JsonElement data)
        {
            var state = Text(data, "deliveryStatus") switch
            {
                "Delivered" => DeliveryState.Delivered,
                "Failed" => DeliveryState.Failed,
                _ => DeliveryState.Sent,
            };
            Receipts.Add(new EventReceipt(id, new DeliveryReport(
                Medium.Sms, Text(data, "tag") ?? Text(data, "Tag"), Text(data, "messageId") ?? id, state,
                state == DeliveryState.Failed ? Text(data, "deliveryStatusDetails") : null, Time(data, "receivedTimestamp"))));
        }

        private static string? Text(JsonElement element, string name) =>
            element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Read(value) : null;

        private static string? Read(JsonElement value)
        {
            try
            {
                return value.GetString();
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair.
                return JsonEscapes.Unescape(System.Text.Encoding.UTF8.GetBytes(value.GetRawText()[1..^1]));
            }
        }

        private DateTimeOffset Time(JsonElement element, string name) =>
            DateTimeOffset.TryParse(Text(element, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : receivedAt;
    }
}
