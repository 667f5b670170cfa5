using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Channels.Voice;

/// <summary><c>GET /api/staff/calls?day=2026-03-29</c>: calls of a day that ended before anything could be made of them; an agent calls back. One query.</summary>
public sealed class KeptCallsFunction(StaffAuthentication staff, CallStore store, Policy policy, TimeProvider time)
{
    private static readonly string[] Allowed = ["agent", "satisfaction", "dispatcher", "admin"];

    [Function("KeptCalls")]
    [Access(Caller.Staff, Roles = ["agent", "satisfaction", "dispatcher", "admin"])]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/staff/calls")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (staff.Authenticate(request) is not { } principal)
        {
            return request.Problem("unauthorized");
        }

        if (!Allowed.Any(principal.Roles.Contains))
        {
            return request.Problem("forbidden");
        }

        var day = policy.Calendars[policy.City.Calendar].DayOf(time.GetUtcNow());
        if (request.Query["day"] is [{ Length: > 0 } given]
            && !DateOnly.TryParseExact(given, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
        {
            return request.Problem("invalidRequest");
        }

        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Results.Ok(await store.KeptAsync(day, cancellationToken));
    }
}
