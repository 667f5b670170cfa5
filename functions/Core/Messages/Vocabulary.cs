using System.Text.Json.Serialization;
using Serverless940.Core.Text;

namespace Serverless940.Core.Messages;

/// <summary>What a citizen brings (نوع الطلب); all are taken with the same care.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ReportKind>))]
public enum ReportKind
{
    /// <summary>بلاغ.</summary>
    Report,

    /// <summary>شكوى.</summary>
    Complaint,

    /// <summary>استفسار: ends with an answer and never enters a field queue.</summary>
    Enquiry,

    /// <summary>ملاحظة.</summary>
    Observation,

    /// <summary>اقتراح.</summary>
    Suggestion,
}

/// <summary>Where a report stands (حالة البلاغ).</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ReportStatus>))]
public enum ReportStatus
{
    Received,
    Assigned,
    InProgress,
    OnHold,
    Referred,
    Resolved,
    Closed,
    Rejected,
    Merged,
}

/// <summary>The way by which something came in or goes out (قناة التواصل).</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Channel>))]
public enum Channel
{
    Phone,
    WhatsApp,
    X,
    Messenger,
    Email,
    Sms,
    App,
    Web,
    Desk,
    Open311,
}

/// <summary>Who did something.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ActorKind>))]
public enum ActorKind
{
    Citizen,
    Staff,
    Agency,
    System,
}

/// <summary>What an agency says of a report that was referred to it.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<AgencyOutcome>))]
public enum AgencyOutcome
{
    /// <summary>عولج.</summary>
    Done,

    /// <summary>It will be done by a date.</summary>
    WillDo,

    /// <summary>ليس من اختصاصنا.</summary>
    NotOurs,
}

/// <summary>Who acted; for staff their principal's id and the role they acted in, never a name.</summary>
public sealed record Actor(ActorKind Kind, string? Id = null, string? Role = null)
{
    public static Actor System { get; } = new(ActorKind.System);

    public static Actor Citizen { get; } = new(ActorKind.Citizen);
}

/// <summary>How a place came to be known.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<PlaceSource>))]
public enum PlaceSource
{
    /// <summary>The citizen gave it.</summary>
    Given,

    /// <summary>Read from a photo's GPS.</summary>
    Photo,

    /// <summary>Staff set it.</summary>
    Staff,
}

/// <summary>Where the thing is (الموقع): WGS84 degrees, words, a National Address short code or a street plate's code.</summary>
public sealed record ReportPlace(
    double? Lat = null,
    double? Lon = null,
    string? Address = null,
    string? NationalAddress = null,
    string? PlateCode = null,
    string? Municipality = null,
    PlaceSource Source = PlaceSource.Given)
{
    [JsonIgnore]
    public bool HasPoint => Lat is not null && Lon is not null;

    /// <summary>The words or the code by which it was named.</summary>
    [JsonIgnore]
    public string? InWords => Address ?? NationalAddress ?? PlateCode;

    /// <summary>A map of the point, for who has no map of ours.</summary>
    [JsonIgnore]
    public string? MapLink => HasPoint ? FormattableString.Invariant($"https://www.openstreetmap.org/?mlat={Lat}&mlon={Lon}#map=18/{Lat}/{Lon}") : null;
}

/// <summary>The citizen (المبلّغ) as far as known.</summary>
/// <param name="Phone">E.164, or <see langword="null"/>.</param>
/// <param name="PhoneProven">Whether a code, a signed channel or a call from it has proven the phone.</param>
/// <param name="Language">BCP 47 primary subtag in which the citizen is answered.</param>
/// <param name="Address">Where the channel reaches the citizen (a WhatsApp id, say); not assumed to be a phone.</param>
/// <param name="ByVoice">Whether the citizen wants news by a call rather than by text.</param>
public sealed record Reporter(string? Phone, bool PhoneProven, string? Name, string Language, string? Address = null, bool ByVoice = false);

/// <summary>What a file is to its report.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<AttachmentPurpose>))]
public enum AttachmentPurpose
{
    /// <summary>Shows or tells the problem.</summary>
    Report,

    /// <summary>Shows that it was mended (صورة الإغلاق).</summary>
    Proof,

    /// <summary>Recording of a call.</summary>
    Recording,
}

/// <summary>A stored photo or voice note (مرفق).</summary>
/// <param name="ContentType">As its bytes are, never as somebody said.</param>
/// <param name="Blob">Name in the media container; nobody can guess it.</param>
/// <param name="Lat">Latitude from the photo's own GPS, read before its metadata were removed.</param>
/// <param name="Lon">Longitude likewise.</param>
public sealed record Attachment(
    string Id,
    string ContentType,
    long Bytes,
    string Blob,
    AttachmentPurpose Purpose,
    int? Width = null,
    int? Height = null,
    double? Lat = null,
    double? Lon = null);

/// <summary>Whether the thing was mended, as the citizen sees it.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Solved>))]
public enum Solved
{
    Yes,
    Partly,
    No,
}
