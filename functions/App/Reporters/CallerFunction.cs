using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Core.Text;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Reporters;

/// <summary>
/// <c>POST /api/staff/callers</c>: what a caller has reported before, for the agent who has him on the line. The phone
/// comes in the body, because addresses end in logs. Operations: one query, and a point read for each report shown.
/// </summary>
public sealed class CallerFunction(StaffAuthentication staff, ReporterIndex index, IReportFinder reports)
{
    private const int MaxBody = 1024;
    private const int Shown = 20;
    private static readonly string[] MayAsk = ["agent", "satisfaction", "admin"];

    [Function("Caller")]
    [Access(Caller.Staff)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/staff/callers")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (staff.Authenticate(request) is not { } principal)
        {
            return request.Problem("unauthorized");
        }

        if (!MayAsk.Any(principal.Roles.Contains))
        {
            return request.Problem("forbidden");
        }

        if (await RequestBody.ReadAsync(request, MaxBody, cancellationToken) is not { } bytes)
        {
            return request.Problem("tooLarge");
        }

        if (Phone(bytes) is not { } phone)
        {
            return request.Problem("invalidRequest", [new FieldError("phone", new LocalizedText("لا يوجد رقم هاتف كهذا", "No phone number looks like this"))]);
        }

        var entries = await index.ReadAsync(phone, Shown, cancellationToken);
        var found = await Task.WhenAll(entries.Select(async entry => (Entry: entry, Report: await reports.FindAsync(entry.Number, cancellationToken))));
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new CallerView(phone, [.. found.Where(pair => pair.Report is not null).Select(pair => CallerReport.Of(pair.Entry, pair.Report!))]));
    }

    private static string? Phone(byte[] bytes)
    {
        try
        {
            return PhoneNumber.TryNormalize(JsonSerializer.Deserialize(bytes, CallerJson.Default.CallerRequest)?.Phone ?? string.Empty);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

public sealed record CallerRequest(string? Phone);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CallerRequest))]
internal sealed partial class CallerJson : JsonSerializerContext;

/// <param name="Reports">The newest, at most twenty.</param>
public sealed record CallerView(string Phone, IReadOnlyList<CallerReport> Reports);

/// <param name="Proven">Whether the phone had proven itself when it reported.</param>
/// <param name="Follows">Somebody else's report, which this caller follows.</param>
public sealed record CallerReport(
    string Number,
    ReportKind Kind,
    ReportStatus Status,
    string Category,
    string? Municipality,
    string? Text,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? DueAt,
    bool Proven,
    bool Follows)
{
    public static CallerReport Of(ReporterEntry entry, Report report)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(report);
        // Who only follows it reads no stranger's words.
        return new CallerReport(
            report.Number, report.Kind, report.Status, report.Category, report.Municipality, entry.Follows ? null : report.Text,
            report.ReceivedAt, report.PromisedBy, entry.Proven, entry.Follows);
    }
}
