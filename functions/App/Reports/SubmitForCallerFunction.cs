using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Core.Text;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Reports;

/// <summary>
/// <c>POST /api/staff/reports</c>: an agent (مأمور) keys in what a caller says; a whole call becomes a report in one request.
/// The call's id is the report's source: the same call again is the same report, and the call's recording finds it whenever
/// it comes. One send.
/// </summary>
public sealed class SubmitForCallerFunction(StaffAuthentication staff, ReportIntake intake, Policy policy, TimeProvider time)
{
    private static readonly string[] MayKeyIn = ["agent", "admin"];

    /// <summary>Source of the report that a call became.</summary>
    /// <param name="callId">The telephony's id of the call.</param>
    public static string SourceOf(string callId) => ReportNumber.SourceHash("desk", callId);

    [Function("SubmitForCaller")]
    [Access(Caller.Staff)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/staff/reports")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (staff.Authenticate(request) is not { } principal)
        {
            return request.Problem("unauthorized");
        }

        var role = MayKeyIn.FirstOrDefault(principal.Roles.Contains);
        if (role is null)
        {
            return request.Problem("forbidden");
        }

        var key = request.Headers["Idempotency-Key"].ToString();
        if (key.Length > 0 && (key.Length is < 16 or > 128 || key.Any(letter => letter is < '!' or > '~')))
        {
            return request.Problem("invalidIdempotencyKey");
        }

        var (wanted, bytes, problem) = await IntakeReader.ReadJsonAsync(request, cancellationToken);
        if (wanted is null)
        {
            return request.Problem(problem!);
        }

        DeskCall call;
        try
        {
            call = JsonSerializer.Deserialize(bytes, DeskJson.Default.DeskCall)!;
        }
        catch (JsonException exception)
        {
            return request.Problem(BodyRefusal.Of(exception));
        }

        // An agent's report is the agent's: whatever the body calls its channel.
        var (checkedIntake, errors) = IntakeCheck.Check(wanted with { Channel = Channel.Phone }, hasFiles: false, policy, Channel.Phone);
        errors = [.. errors, .. Wrong(wanted, call)];
        if (checkedIntake is null || errors.Count > 0)
        {
            return request.Problem("invalidRequest", errors);
        }

        return await AcceptAsync(principal, role, key, call, checkedIntake, cancellationToken);
    }

    private async Task<IResult> AcceptAsync(
        StaffPrincipal principal, string role, string key, DeskCall call, CheckedIntake checkedIntake, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var source = call.CallId is { } id ? SourceOf(id)
            : ReportNumber.SourceHash("desk", principal.Id, key.Length > 0 ? key : Guid.CreateVersion7().ToString("N"));
        var receipt = intake.ReceiptOf(source, now);
        var reporter = checkedIntake.Reporter with { PhoneProven = call.FromThisPhone == true && checkedIntake.Reporter.Phone is not null };
        await intake.SubmitAsync(
            receipt, source, checkedIntake with { Reporter = reporter }, [], new Actor(ActorKind.Staff, principal.Id, role), principal.Id, now, cancellationToken);
        return Results.Accepted("/api/staff/reports/" + receipt.Number, new { number = receipt.Number });
    }

    private static IEnumerable<FieldError> Wrong(IntakeRequest wanted, DeskCall call)
    {
        if (wanted.Attachments is { Count: > 0 })
        {
            yield return new FieldError("attachments", new LocalizedText("تُرفع الملفات بعد التسجيل", "Files are uploaded once the report is keyed in"));
        }

        if (call.CallId is { } id && (id.Length is < 8 or > 64 || !id.All(char.IsAsciiLetterOrDigit)))
        {
            yield return new FieldError("callId", new LocalizedText("من 8 إلى 64 حرفًا لاتينيًا أو رقمًا", "8 to 64 letters and digits"));
        }

        if (call.FromThisPhone == true && string.IsNullOrWhiteSpace(wanted.Reporter?.Phone))
        {
            yield return new FieldError("reporter.phone", new LocalizedText("مطلوب", "Needed"));
        }
    }
}

/// <summary>What the agent's desk knows of the call, beside the report.</summary>
/// <param name="CallId">The telephony's id of the call.</param>
/// <param name="FromThisPhone">Whether the call came from the reporter's phone, as the telephony shows it: that proves it.</param>
public sealed record DeskCall(string? CallId, bool? FromThisPhone);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DeskCall))]
internal sealed partial class DeskJson : JsonSerializerContext;
