using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Staff;

/// <summary>
/// <c>GET /api/staff/me</c>: what the caller may see and do, and the teams and agencies that he may name. No operation.
/// </summary>
public sealed class StaffSelfFunction(StaffAuthentication staff, Policy policy)
{
    private static readonly string[] KeysIn = ["agent", "admin"];

    [Function("StaffSelf")]
    [Access(Caller.Staff)]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/staff/me")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (staff.Authenticate(request) is not { } principal)
        {
            return request.Problem("unauthorized");
        }

        var language = ProblemResults.Language(request);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new
        {
            roles = principal.Roles.Order(StringComparer.Ordinal),
            municipalities = principal.Municipalities.Order(StringComparer.Ordinal),
            departments = principal.Departments.Order(StringComparer.Ordinal),
            commands = StaffCommandTable.Entries.Values.Where(entry => entry.Roles.Append("admin").Any(principal.Roles.Contains)).Select(entry => entry.Name),
            keysIn = KeysIn.Any(principal.Roles.Contains),
            teams = policy.Teams.Values.Where(team => principal.Covers(team.Municipality, team.Department)).OrderBy(team => team.Id, StringComparer.Ordinal)
                .Select(team => new { id = team.Id, name = team.Name.In(language), department = team.Department, municipality = team.Municipality }),
            agencies = policy.Agencies.Values.OrderBy(agency => agency.Id, StringComparer.Ordinal).Select(agency => new { id = agency.Id, name = agency.Name.In(language) }),
        });
    }
}
