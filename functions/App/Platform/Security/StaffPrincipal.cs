using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Serverless940.Functions.Platform.Security;

/// <summary>A member of staff (موظف) as App Service Authentication says.</summary>
/// <param name="Id">The principal's id.</param>
/// <param name="Municipalities">Scope; empty means all.</param>
/// <param name="Departments">Scope; empty means all.</param>
public sealed record StaffPrincipal(
    string Id, IReadOnlySet<string> Roles, IReadOnlySet<string> Municipalities, IReadOnlySet<string> Departments)
{
    /// <summary>Whether a report of this place and department is within the scope. An unrouted one is everybody's.</summary>
    public bool Covers(string? municipality, string? department) =>
        (Municipalities.Count == 0 || municipality is null || Municipalities.Contains(municipality))
        && (Departments.Count == 0 || department is null || Departments.Contains(department));
}

/// <summary>Reads the principal header; believed only where the platform guards it.</summary>
public sealed class StaffAuthentication(IConfiguration configuration)
{
    public const string Header = "x-ms-client-principal";

    public static IReadOnlyList<string> Roles { get; } =
        ["agent", "dispatcher", "field", "department", "verifier", "satisfaction", "manager", "admin"];

    // App Service strips the header from outside only while its authentication is on.
    private readonly bool _guarded = string.Equals(configuration["WEBSITE_AUTH_ENABLED"], "True", StringComparison.OrdinalIgnoreCase);

    /// <summary>Who calls, or <see langword="null"/> when nobody whom the platform vouches for.</summary>
    public StaffPrincipal? Authenticate(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var header = request.Headers[Header];
        if (!_guarded || header.Count != 1 || header[0] is not { Length: > 0 and <= 65536 } encoded)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(encoded));
            return Read(document.RootElement, request.Headers["x-ms-client-principal-id"].ToString());
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static StaffPrincipal? Read(JsonElement principal, string idHeader)
    {
        var roleType = principal.TryGetProperty("role_typ", out var type) && type.GetString() is { Length: > 0 } named ? named : "roles";
        var claims = principal.GetProperty("claims").EnumerateArray()
            .Select(claim => (Type: claim.GetProperty("typ").GetString(), Value: claim.GetProperty("val").GetString() ?? string.Empty))
            .ToList();
        var roles = claims.Where(claim => claim.Type == roleType || claim.Type == "roles")
            .Select(claim => claim.Value).Where(Roles.Contains).ToHashSet(StringComparer.Ordinal);
        var id = claims.FirstOrDefault(claim => claim.Type is "http://schemas.microsoft.com/identity/claims/objectidentifier" or "oid").Value
            ?? (idHeader.Length > 0 ? idHeader : claims.FirstOrDefault(claim => claim.Type is "sub" or "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier").Value);
        return id is { Length: > 0 } && roles.Count > 0
            ? new StaffPrincipal(id, roles, Scope(claims, roleType, "municipality"), Scope(claims, roleType, "department"))
            : null;
    }

    // A scope is a claim of its own, or an app role such as municipality:dammam, which any directory can assign.
    private static HashSet<string> Scope(List<(string? Type, string Value)> claims, string roleType, string type) =>
        claims.Select(claim => claim.Type == type ? claim.Value
                : (claim.Type == roleType || claim.Type == "roles") && claim.Value.StartsWith(type + ":", StringComparison.Ordinal) ? claim.Value[(type.Length + 1)..]
                : string.Empty)
            .Where(value => value.Length > 0).ToHashSet(StringComparer.Ordinal);
}
