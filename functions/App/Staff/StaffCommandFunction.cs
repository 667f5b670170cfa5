using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Core.Text;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Staff;

/// <summary>
/// <c>POST /api/staff/reports/{number}/commands</c>: by role and scope, previewed by the core, then put on the bus.
/// Operations: one point read, one send; a refusal costs a second read, and so does a merge.
/// </summary>
public sealed class StaffCommandFunction(StaffAuthentication staff, IReportFinder reports, BusSender bus, Policy policy, TimeProvider time)
{
    private const int MaxBody = 64 * 1024;

    [Function("StaffCommand")]
    [Access(Caller.Staff)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/staff/reports/{number}/commands")] HttpRequest request,
        string number,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (staff.Authenticate(request) is not { } principal)
        {
            return request.Problem("unauthorized");
        }

        var (body, entry, problem) = await ReadAsync(request, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var role = entry!.Roles.Append("admin").FirstOrDefault(principal.Roles.Contains);
        if (role is null)
        {
            return request.Problem("forbidden");
        }

        if (!ReportNumber.IsValid(number) || await reports.FindAsync(number, cancellationToken) is not { } report)
        {
            return request.Problem("unknownReport");
        }

        if (!principal.Covers(report.Municipality, report.Department))
        {
            return request.Problem("notYours");
        }

        var command = entry.Make(body!, new StaffCommandTable.StaffCommandHead(
            number, CommandId(request, principal), time.GetUtcNow(), new Actor(ActorKind.Staff, principal.Id, role)));
        if (command is Merge merge && await RefuseMergeAsync(request, principal, report, merge, cancellationToken) is { } unfit)
        {
            return unfit;
        }

        if (ReportDecider.Decide(report, command, policy, command.At) is not Decision.Refused refused)
        {
            await bus.SendAsync(new OutgoingMessage(Names.Queues.Commands, command.CommandId, number, command), cancellationToken);
        }
        else if (await reports.FindOutcomeAsync(number, command.CommandId, cancellationToken) is not { Outcome: InboxOutcome.Applied })
        {
            return request.Problem(RefusalCodes.Of(refused.Reason));
        }

        // A repeat whose first try was applied is answered as that was, although the report has moved on.
        return Results.Accepted(
            $"/api/staff/reports/{number}/commands/{command.CommandId}", new { commandId = command.CommandId, basedOnVersion = report.Version });
    }

    // Two municipalities' reports are joined by who answers for both. A repeat finds the report merged and is not looked at again.
    private async Task<IResult?> RefuseMergeAsync(
        HttpRequest request, StaffPrincipal principal, Report report, Merge merge, CancellationToken cancellationToken)
    {
        if (!report.IsOpen)
        {
            return null;
        }

        var main = await reports.FindAsync(merge.Into, cancellationToken);
        return main is not null && !principal.Covers(main.Municipality, main.Department) ? request.Problem("notYours")
            : ReportDecider.WhyNotMerge(report, main) is { } reason ? request.Problem(RefusalCodes.Of(reason))
            : null;
    }

    // A key makes a repeated tap the same command; without one each is its own.
    private static string CommandId(HttpRequest request, StaffPrincipal principal)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        return key.Length is >= 16 and <= 128
            ? ReportNumber.SourceHash("staff", principal.Id, request.Path.Value ?? string.Empty, key)[..32]
            : Guid.CreateVersion7().ToString("N");
    }

    private static async Task<(StaffCommandBody? Body, StaffCommandTable.Entry? Entry, IResult? Problem)> ReadAsync(
        HttpRequest request, CancellationToken cancellationToken)
    {
        var bytes = await RequestBody.ReadAsync(request, MaxBody, cancellationToken);
        if (bytes is null)
        {
            return (null, null, request.Problem("tooLarge"));
        }

        StaffCommandBody? body;
        try
        {
            body = JsonSerializer.Deserialize(bytes, StaffJson.Default.StaffCommandBody);
        }
        catch (JsonException exception)
        {
            return (null, null, request.Problem(BodyRefusal.Of(exception)));
        }

        if (body is null)
        {
            return (null, null, request.Problem("invalidJson"));
        }

        if (body.Command is null || !StaffCommandTable.Entries.TryGetValue(body.Command, out var entry))
        {
            return (null, null, request.Problem("invalidRequest", [Needed("command", string.Join(", ", StaffCommandTable.Entries.Keys))]));
        }

        return entry.Missing(body) is { } field
            ? (null, null, request.Problem("invalidRequest", [Needed(field, null)]))
            : (body, entry, null);
    }

    private static FieldError Needed(string field, string? values) => new(field, values is null
        ? new LocalizedText("مطلوب", "Needed, and not longer than 4000 characters")
        : new LocalizedText("أحد: " + values, "One of: " + values));
}
