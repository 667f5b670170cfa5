using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;

namespace Serverless940.Functions.Board;

/// <summary>A report as the staff's board (لوحة البلاغات) shows it: no words of the citizen's, nobody's phone.</summary>
/// <param name="Version">Version of the report that this row shows.</param>
/// <param name="DueAt">The promised end.</param>
/// <param name="NextEscalationAt">When the timer looks at it next.</param>
public sealed record BoardRow(
    string Number,
    int Version,
    ReportKind Kind,
    ReportStatus Status,
    string Category,
    Priority Priority,
    Channel Channel,
    string? Municipality,
    string? Department,
    string? Team,
    double? Lat,
    double? Lon,
    int EscalationLevel,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? DueAt,
    DateTimeOffset? NextEscalationAt,
    DateTimeOffset ChangedAt)
{
    [JsonIgnore]
    public bool IsOpen => Status is not (ReportStatus.Closed or ReportStatus.Rejected or ReportStatus.Merged);

    public static BoardRow Of(ReportChanged changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        var s = changed.Summary;
        return new BoardRow(
            changed.Number, changed.Version, s.Kind, s.Status, s.Category, s.Priority, s.Channel, s.Municipality, s.Department, s.Team,
            s.Lat, s.Lon, s.Level, s.ReceivedAt, s.PromisedBy, s.NextDue, changed.Events[^1].At);
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BoardRow))]
internal sealed partial class BoardJson : JsonSerializerContext;
