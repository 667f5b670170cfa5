using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;

namespace Serverless940.Functions.Staff;

/// <summary>A report as staff see it; the reporter only where the role needs him.</summary>
public sealed record StaffReportView(
    string Number,
    int Version,
    ReportKind Kind,
    ReportStatus Status,
    string Category,
    Priority Priority,
    Channel Channel,
    string? Text,
    ReportPlace? Place,
    string? Municipality,
    string? Department,
    string? Team,
    string? Agency,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? DueAt,
    int EscalationLevel,
    DateTimeOffset? NextEscalationAt,
    IReadOnlyList<Attachment> Attachments,
    IReadOnlyList<string> Cases,
    int Followers,
    string? MergedInto,
    IReadOnlyList<string> Merged,
    Reporter? Reporter,
    IReadOnlyList<RecordedEvent> Events)
{
    public static StaffReportView Of(Report report, IReadOnlyList<RecordedEvent> events, bool withReporter)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(events);
        return new StaffReportView(
            report.Number, report.Version, report.Kind, report.Status, report.Category, report.Priority, report.Channel, report.Text,
            report.Place, report.Municipality, report.Department, report.Team, report.Agency, report.ReceivedAt, report.PromisedBy,
            report.Clock?.Level ?? 0, report.NextDue,
            [.. report.Attachments.Select(file => file with { Blob = string.Empty })],
            report.Cases, report.People, report.MergedInto, [.. report.JoinedReports.Select(joined => joined.Number)],
            withReporter ? report.Reporter : null,
            [.. events.Select(recorded => withReporter ? recorded : WithoutReporter(recorded))]);
    }

    private static RecordedEvent WithoutReporter(RecordedEvent recorded) => recorded.Body switch
    {
        Received received => recorded with { Body = received with { Reporter = Hidden(received.Reporter) } },
        Followed followed => recorded with { Body = followed with { Follower = Hidden(followed.Follower) } },
        _ => recorded,
    };

    private static Reporter Hidden(Reporter reporter) => new(null, reporter.PhoneProven, null, reporter.Language);
}
