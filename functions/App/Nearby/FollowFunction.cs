using System.Text.Json;
using System.Text.Json.Serialization;
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

namespace Serverless940.Functions.Nearby;

/// <summary>Body of a wish to follow.</summary>
public sealed record FollowBody(string? FollowId, string? Phone, string? Language);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(FollowBody))]
internal sealed partial class FollowJson : JsonSerializerContext;

/// <summary>
/// <c>POST /api/followers</c>: follows a suspected duplicate. The phone is a claim: its news count against the few texts a
/// day that an unproven phone gets. Operations: one point read, one send.
/// </summary>
public sealed class FollowFunction(IReportFinder reports, ReportAccess access, PhoneHash hash, BusSender bus, Policy policy, TimeProvider time)
{
    private const int MaxBody = 8 * 1024;

    [Function("FollowReport")]
    [Access(Caller.AnyoneLimited)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/followers")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (body, problem) = await ReadAsync(request, cancellationToken);
        if (body is null)
        {
            return request.Problem(problem!);
        }

        var now = time.GetUtcNow();
        var (number, over) = access.ReadFollowId(body.FollowId, now);
        var phone = PhoneNumber.TryNormalize(body.Phone);
        if (over)
        {
            return request.Problem("followOver");
        }

        if (number is null || phone is null || !PhoneNumber.CanReceiveSms(phone))
        {
            return request.Problem("invalidRequest", [.. Errors(number, phone)]);
        }

        // What was suggested and is gone, or closed since, says no more than that its time is over.
        if (await reports.FindAsync(number, cancellationToken) is not { } report)
        {
            return request.Problem("followOver");
        }

        var key = hash.Of(phone);
        var id = "follow-" + ReportNumber.SourceHash("follow", number, key, report.Version.ToString(System.Globalization.CultureInfo.InvariantCulture))[..32];
        var follow = new Follow
        {
            Number = number, CommandId = id, At = now, Actor = Actor.Citizen, Key = key,
            Follower = new Reporter(phone, false, null, IntakeCheck.Language(body.Language, policy)),
        };
        switch (ReportDecider.Decide(report, follow, policy, now))
        {
            case Decision.Refused { Reason: Refusal.TooManyFollowers }:
                return request.Problem(RefusalCodes.Of(Refusal.TooManyFollowers));
            case Decision.Refused:
                return request.Problem("followOver");
            case Decision.Accepted:
                await bus.SendAsync(new OutgoingMessage(Names.Queues.Commands, id, number, follow), cancellationToken);
                break;
        }

        // The same answer to who follows already: whose phones do is nobody else's business.
        return Results.Accepted(value: new { status = "accepted" });
    }

    private static async Task<(FollowBody? Body, BodyRefusal? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var bytes = await RequestBody.ReadAsync(request, MaxBody, cancellationToken);
        if (bytes is null)
        {
            return (null, new BodyRefusal("tooLarge"));
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, FollowJson.Default.FollowBody) is { } body ? (body, null) : (null, new BodyRefusal("invalidJson"));
        }
        catch (JsonException exception)
        {
            return (null, BodyRefusal.Of(exception));
        }
    }

    private static IEnumerable<FieldError> Errors(string? number, string? phone)
    {
        if (number is null)
        {
            yield return new FieldError("followId", new LocalizedText("رمز متابعة غير صحيح", "Not the id of a suggestion"));
        }

        if (phone is null)
        {
            yield return new FieldError("phone", new LocalizedText("لا يوجد رقم هاتف كهذا", "No phone number looks like this"));
        }
        else if (!PhoneNumber.CanReceiveSms(phone))
        {
            yield return new FieldError("phone", new LocalizedText("هذا الرقم لا يستقبل الرسائل", "This phone cannot take a text"));
        }
    }
}
