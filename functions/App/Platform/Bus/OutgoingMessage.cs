using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Messaging.ServiceBus;
using Serverless940.Core.Messages;
using Serverless940.Core.Notifications;

namespace Serverless940.Functions.Platform.Bus;

/// <summary>A message on its way to the bus: where to, under which identity, in which session.</summary>
/// <param name="Queue">One of <see cref="Names.Queues"/>.</param>
/// <param name="Id">Deterministic broker id; also the inbox key of whoever handles it.</param>
/// <param name="Session">Session id, or <see langword="null"/> on a queue without sessions.</param>
public sealed record OutgoingMessage(string Queue, string Id, string? Session, BusMessage Body)
{
    /// <summary>A notification on its lane, so that an escalation wave never delays a citizen's number.</summary>
    public static OutgoingMessage Of(SendNotification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        var id = string.Create(CultureInfo.InvariantCulture, $"{notification.Number}-{notification.Event}-{notification.Key}");
        var queue = NotificationLanes.Of(notification) switch
        {
            NotificationLane.Waves => Names.Queues.WaveNotifications,
            NotificationLane.Staff => Names.Queues.StaffNotifications,
            _ => Names.Queues.Notifications,
        };
        return new OutgoingMessage(queue, id, $"{notification.Number}|{notification.Key}", notification);
    }

    public ServiceBusMessage ToServiceBusMessage() => BusJson.Write(Body, Id, Session);
}

/// <summary>Messages as bytes: the body is JSON of the registry's wire name and data, the subject repeats the name.</summary>
public static class BusJson
{
    public const string ContentType = "application/json";

    /// <summary>Property that carries the inbox key when the broker's id had to be a fresh one.</summary>
    public const string InboxProperty = "inbox";

    /// <summary>Property that counts scheduled copies.</summary>
    public const string AttemptProperty = "attempt";

    public static ServiceBusMessage Write(BusMessage body, string id, string? session)
    {
        var message = new ServiceBusMessage(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(body, MessagesJson.Compact.BusMessage)))
        {
            MessageId = id,
            ContentType = ContentType,
            Subject = MessageNames.Of(body),
        };
        if (session is not null)
        {
            message.SessionId = session;
        }

        return message;
    }

    /// <summary>Reads a message; the envelope is looked at before the body.</summary>
    /// <exception cref="UnreadableMessageException">It is not one of ours, or of a version that this build does not know.</exception>
    public static BusMessage Read(ServiceBusReceivedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.ContentType != ContentType)
        {
            throw new UnreadableMessageException("content type is not application/json");
        }

        if (!MessageNames.IsKnown(message.Subject))
        {
            throw new UnreadableMessageException("unknown name or version: " + message.Subject);
        }

        try
        {
            return JsonSerializer.Deserialize(message.Body.ToMemory().Span, MessagesJson.Compact.BusMessage)
                ?? throw new UnreadableMessageException("body is null");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new UnreadableMessageException("body does not read as " + message.Subject, exception);
        }
    }
}

/// <summary>Wire names, read off the one registry: the attributes of <see cref="BusMessage"/>.</summary>
internal static class MessageNames
{
    private static readonly Dictionary<Type, string> ByType = typeof(BusMessage)
        .GetCustomAttributes(typeof(JsonDerivedTypeAttribute), inherit: false)
        .Cast<JsonDerivedTypeAttribute>()
        .ToDictionary(attribute => attribute.DerivedType, attribute => (string)attribute.TypeDiscriminator!);

    private static readonly HashSet<string> Known = [.. ByType.Values];

    public static string Of(BusMessage body) => ByType[body.GetType()];

    public static bool IsKnown(string? name) => name is not null && Known.Contains(name);
}

/// <summary>A message that no retry will make readable.</summary>
public sealed class UnreadableMessageException : Exception
{
    public UnreadableMessageException(string message)
        : base(message)
    {
    }

    public UnreadableMessageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public UnreadableMessageException()
    {
    }
}
