using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Reports;

namespace Serverless940.Functions.Reports;

/// <summary>Shows reports to the holders of their tokens.</summary>
public sealed class ReportViews(ReportReader reader, CitizenCommands commands, Policy policy, TimeProvider time) : IReportViews
{
    public async Task<(ReportView? View, IResult? Problem)> ViewAsync(
        HttpRequest request, string number, string language, CancellationToken cancellationToken)
    {
        var (found, problem) = await reader.ReadAsync(request, number, cancellationToken);
        return problem is not null ? (null, problem)
            : found!.Report is { } report ? (Of(report, found.Events, language), null)
            : (JustAccepted(number), null);
    }

    public Task<IResult> RateAsync(HttpRequest request, string number, IFormCollection form, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(form);
        var body = new RatingBody(
            Number(form["quality"]), Number(form["speed"]), Number(form["agent"]),
            Enum.TryParse<Solved>(form["solved"], ignoreCase: true, out var solved) && Enum.IsDefined(solved) ? solved : null,
            form["comment"] is [{ Length: > 0 } comment] ? comment : null);
        return commands.RateAsync(request, number, body, cancellationToken);
    }

    public Task<IResult> FollowUpAsync(HttpRequest request, string number, IFormCollection form, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(form);
        return commands.FollowUpAsync(request, number, new FollowUpBody(form["text"], null), cancellationToken);
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Right after it was accepted, before the handler ran.</summary>
    private static ReportView JustAccepted(string number) => new(
        number, ReportKind.Report, ReportStatus.Received, null, null, null, null, null, null, 0, null, null, null, [], [], false, false);

    private ReportView Of(Report report, IReadOnlyList<RecordedEvent> events, string language)
    {
        var agency = report.Agency is { } id && policy.Agencies.TryGetValue(id, out var known) ? new AgencyView(known.Name.In(language), known.Phone) : null;
        return new ReportView(
            report.Number, report.Kind, report.Status, report.Category,
            policy.Categories.TryGetValue(report.Category, out var category) ? category.Name.In(language) : null,
            report.Municipality,
            report.Municipality is { } place && policy.Municipalities.TryGetValue(place, out var municipality) ? municipality.Name.In(language) : null,
            report.Department, report.Priority, report.Clock?.Level ?? 0, report.ReceivedAt, report.PromisedBy, agency,
            [.. report.Attachments.Where(file => file.Purpose != AttachmentPurpose.Recording).Select(file => new AttachmentView(file.Id, file.ContentType, file.Bytes, file.Purpose, file.Width, file.Height))],
            [.. events.Select(recorded => ReportTimeline.Entry(recorded, policy, language)).OfType<TimelineEntry>()],
            report.Status == ReportStatus.Closed && report.RatedClosure < report.Closures && time.GetUtcNow() <= report.RateUntil,
            true);
    }
}
