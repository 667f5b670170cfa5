using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Serverless940.Local.Simulators.Sms;

/// <summary>The send call of Azure Communication Services SMS.</summary>
internal sealed partial class AcsSmsEndpoint(SmsStore store, SmsEvents events, LocalFaults faults, string accessKey)
{
    internal const string Path = "/local/acs";

    private sealed record Recipient(string? To, string? RepeatabilityRequestId, string? RepeatabilityFirstSent);

    private sealed record SendOptions(bool? EnableDeliveryReport, string? Tag);

    private sealed record SendRequest(string? From, List<Recipient>? SmsRecipients, string? Message, SendOptions? SmsSendOptions);

    internal void Map(IEndpointRouteBuilder routes) => routes.MapPost(Path + "/sms", (RequestDelegate)HandleAsync);

    private async Task HandleAsync(HttpContext http)
    {
        if (await BrokenAsync(http))
        {
            return;
        }

        var body = await Wire.ReadAsync(http.Request);
        var answer = !AcsSignature.IsValid(http.Request, body, accessKey)
            ? Error(StatusCodes.Status401Unauthorized, "Denied", "Denied by the resource provider.")
            : Send(http.Request, body);
        await answer.ExecuteAsync(http);
    }

    /// <summary>Plays the fault that is in force; true when there is nothing more to answer.</summary>
    private async Task<bool> BrokenAsync(HttpContext http)
    {
        switch (faults.Current(FaultTarget.Sms))
        {
            case FaultMode.Down:
                http.Abort();
                return true;
            case FaultMode.Error:
                await Error(StatusCodes.Status503ServiceUnavailable, "ServiceUnavailable", "The service is unavailable.").ExecuteAsync(http);
                return true;
            case FaultMode.Slow:
                await Task.Delay(TimeSpan.FromSeconds(2), http.RequestAborted);
                return false;
            default:
                return false;
        }
    }

    private IResult Send(HttpRequest http, byte[] body)
    {
        if (!ApiVersion().IsMatch(http.Query["api-version"].ToString()))
        {
            return Error(StatusCodes.Status400BadRequest, "UnsupportedApiVersion", "The api-version is missing or not supported.");
        }

        SendRequest? request;
        try
        {
            request = JsonSerializer.Deserialize<SendRequest>(body, Wire.Json);
        }
        catch (JsonException)
        {
            request = null;
        }

        return Complaint(request) is { } complaint
            ? Error(StatusCodes.Status400BadRequest, "InvalidRequest", complaint)
            : Wire.Ok(new { value = request!.SmsRecipients!.Select(recipient => SendOne(request, recipient)).ToList() }, StatusCodes.Status202Accepted);
    }

    private static string? Complaint(SendRequest? request) => request switch
    {
        null => "The body is not a send request.",
        { From: null or "" } => "The from field is required.",
        { SmsRecipients: null or { Count: 0 or > 100 } } => "The number of recipients must be between 1 and 100.",
        { Message: null or "" or { Length: > 2048 } } => "The message must hold between 1 and 2048 characters.",
        { SmsSendOptions: { EnableDeliveryReport: null } } => "The enableDeliveryReport field is required.",
        _ => null,
    };

    private JsonObject SendOne(SendRequest request, Recipient recipient)
    {
        var paired = recipient.RepeatabilityRequestId is not null;
        if (recipient.To is null || !E164().IsMatch(recipient.To))
        {
            return Refused(recipient.To, "Invalid To phone number format.");
        }

        if (paired != (recipient.RepeatabilityFirstSent is not null) || (paired && !Guid.TryParse(recipient.RepeatabilityRequestId, out _)))
        {
            var refused = Refused(recipient.To, "Repeatability needs a request id (GUID) and the time it was first sent.");
            refused["repeatabilityResult"] = "rejected";
            return refused;
        }

        var report = request.SmsSendOptions?.EnableDeliveryReport ?? false;
        var (message, added) = store.Take(
            request.From!, recipient.To, request.Message!, request.SmsSendOptions?.Tag,
            paired ? $"{recipient.RepeatabilityRequestId};{recipient.RepeatabilityFirstSent}" : null, report);
        if (added && report)
        {
            events.ReportDelivery(message);
        }

        var result = new JsonObject
        {
            ["to"] = recipient.To,
            ["messageId"] = message.MessageId,
            ["httpStatusCode"] = StatusCodes.Status202Accepted,
            ["successful"] = true,
        };
        if (paired)
        {
            result["repeatabilityResult"] = "accepted";
        }

        return result;
    }

    private static JsonObject Refused(string? to, string reason) => new()
    {
        ["to"] = to ?? "",
        ["httpStatusCode"] = StatusCodes.Status400BadRequest,
        ["successful"] = false,
        ["errorMessage"] = reason,
    };

    private static IResult Error(int status, string code, string message) => Wire.Ok(new { error = new { code, message } }, status);

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(-preview)?$")]
    private static partial Regex ApiVersion();

    [GeneratedRegex(@"^\+[1-9]\d{6,14}$")]
    private static partial Regex E164();
}
