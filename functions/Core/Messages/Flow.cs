using Serverless940.Core.Text;

namespace Serverless940.Core.Messages;

/// <summary>Published after every commit: what happened, and the report's public face for the projections.</summary>
/// <param name="Version">Sequence of the last event; a projection never goes back.</param>
/// <param name="Before">Its face before, when there was one: where a projection finds the row that it has to take away.</param>
public sealed record ReportChanged(
    string Number,
    int Version,
    IReadOnlyList<RecordedEvent> Events,
    ReportSummary Summary,
    ReportSummary? Before = null) : BusMessage;

/// <summary>A report without personal data, as boards and indexes need it.</summary>
/// <param name="Followers">People behind it beside its reporter.</param>
public sealed record ReportSummary(
    ReportKind Kind,
    string Category,
    ReportStatus Status,
    Policies.Priority Priority,
    string? Municipality,
    string? Department,
    string? Team,
    Channel Channel,
    double? Lat,
    double? Lon,
    int Level,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? PromisedBy,
    DateTimeOffset? NextDue,
    int Followers = 0);

/// <summary>How a notification reaches its recipient.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(CamelCaseEnumConverter<Medium>))]
public enum Medium
{
    Sms,
    WhatsApp,
    Email,
    Messenger,
    X,

    /// <summary>A telephone call that says it.</summary>
    Voice,
}

/// <summary>
/// One text to one recipient about one event (إشعار). The row it is kept in is <c>{event}|{recipient}</c> of the report,
/// so that it is sent once however often this message arrives.
/// </summary>
/// <param name="Key">Recipient key within the event: <c>citizen-sms</c>, <c>staff-teamLead</c> …</param>
/// <param name="Template">Template name in the catalogue.</param>
/// <param name="To">E.164 number or channel address.</param>
/// <param name="Proven">Whether the recipient has proven to hold the address; others are limited.</param>
/// <param name="Urgent">Whether it may go out at night.</param>
public sealed record SendNotification(
    string Number,
    int Event,
    string Key,
    Medium Medium,
    string To,
    bool Proven,
    string Template,
    string Language,
    IReadOnlyDictionary<string, string> Values,
    bool Urgent,
    DateTimeOffset At) : BusMessage;

/// <summary>A provider's word on something we sent.</summary>
/// <param name="Tag">What we gave it as our reference: <c>{number}|{event}|{recipient}</c>.</param>
/// <param name="State">sending &lt; sent &lt; delivered &lt; read; failed is final unless delivered comes later.</param>
public sealed record DeliveryReport(Medium Medium, string? Tag, string? ProviderId, DeliveryState State, string? Detail, DateTimeOffset At) : BusMessage;

/// <summary>How far a notification got; a receipt never moves it back.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(CamelCaseEnumConverter<DeliveryState>))]
public enum DeliveryState
{
    /// <summary>The provider is being called, or was when a process died.</summary>
    Sending,

    /// <summary>The provider took it.</summary>
    Sent,

    Delivered,

    Read,

    Failed,

    /// <summary>Deliberately not sent; the row says why.</summary>
    Suppressed,
}

/// <summary>Fetches a channel's media for a report and stores it.</summary>
/// <param name="Sha256">Base64 of the file's SHA-256 as the channel said it.</param>
/// <param name="ReplyTo">Who is told when the file cannot be used.</param>
/// <param name="SourceHash">Source of the report that is meant: its number may have moved.</param>
public sealed record FetchMedia(
    string Number,
    string AttachmentId,
    Channel Channel,
    string MediaId,
    string? Sha256,
    Actor Actor,
    DateTimeOffset At,
    ReplyAddress? ReplyTo = null,
    string? SourceHash = null) : BusMessage;

/// <summary>Normalised events of one sender on one channel, in the order in which the provider sent them.</summary>
/// <param name="SenderKey">Stable id of the sender on the channel; never assumed to be a phone.</param>
public sealed record InboundEvents(Channel Channel, string SenderKey, IReadOnlyList<InboundEvent> Events) : BusMessage;

/// <summary>One thing that a citizen did on a channel.</summary>
/// <param name="EventId">The provider's own id: deduplicates.</param>
/// <param name="AnswerTo">The channel's address for the answer to this one event, when that is not simply its sender.</param>
/// <param name="More">Files beside the first, when one message brought several.</param>
public sealed record InboundEvent(
    string EventId,
    InboundKind Kind,
    DateTimeOffset SentAt,
    DateTimeOffset ReceivedAt,
    string? Text = null,
    string? Phone = null,
    string? DisplayName = null,
    InboundMedia? Media = null,
    double? Lat = null,
    double? Lon = null,
    string? PlaceName = null,
    string? ChoiceId = null,
    string? ReplyTo = null,
    string? AnswerTo = null,
    IReadOnlyList<InboundMedia>? More = null);

public sealed record InboundMedia(string Id, string? ContentType, string? Sha256, bool Voice);

[System.Text.Json.Serialization.JsonConverter(typeof(CamelCaseEnumConverter<InboundKind>))]
public enum InboundKind
{
    Text,
    Media,
    Location,
    Choice,
    Unsupported,

    /// <summary>Something that only the two ends of a conversation can read, and we are not one of them.</summary>
    Encrypted,
}
