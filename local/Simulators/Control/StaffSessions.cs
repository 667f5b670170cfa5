using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace Serverless940.Local.Simulators.Control;

/// <summary>
/// Stands where App Service Authentication stands in Azure: a signed cookie becomes the principal header, and such a
/// header from outside never gets through.
/// </summary>
internal sealed class StaffSessions(byte[] key)
{
    internal const string Cookie = "local-staff";
    private const string Header = "x-ms-client-principal";
    private const string EmailClaim = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
    private const string RoleClaim = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";
    private const string ObjectIdClaim = "http://schemas.microsoft.com/identity/claims/objectidentifier";

    private static readonly TimeSpan _life = TimeSpan.FromHours(12);

    private static readonly string[] _roles = ["agent", "dispatcher", "field", "department", "verifier", "satisfaction", "manager", "admin"];

    private sealed record SignInRequest(string? Role, JsonNode? Scope, string? User, string? Name);

    private sealed record Session(string Id, string Name, string Role, string? Municipality, string? Department, DateTimeOffset Until);

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/local/sign-in", (Delegate)SignInAsync);
        routes.MapGet("/local/sign-in", (HttpContext http) => Page(http, "sign-in.html", "text/html; charset=utf-8"));
        routes.MapGet("/local/sign-in.css", (HttpContext http) => Page(http, "sign-in.css", "text/css; charset=utf-8"));
        routes.MapGet("/local/sign-in.js", (HttpContext http) => Page(http, "sign-in.js", "text/javascript; charset=utf-8"));
        routes.MapPost("/local/sign-out", (HttpContext http) =>
        {
            http.Response.Cookies.Delete(Cookie);
            return Results.NoContent();
        });
    }

    private static IResult Page(HttpContext http, string name, string contentType)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-cache";
        return Results.Stream(Assembly.GetExecutingAssembly().GetManifestResourceStream("wwwroot/" + name)!, contentType);
    }

    internal async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Request.Headers;
        foreach (var name in headers.Keys.Where(name => name.StartsWith(Header, StringComparison.OrdinalIgnoreCase)).ToList())
        {
            headers.Remove(name);
        }

        if (http.Request.Cookies.TryGetValue(Cookie, out var value) && Open(value) is { } session)
        {
            headers[Header] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Principal(session).ToJsonString()));
            headers[Header + "-id"] = session.Id;
            headers[Header + "-name"] = Email(session);
            headers[Header + "-idp"] = "aad";
        }

        await next(http);
    }

    private async Task<IResult> SignInAsync(HttpContext http)
    {
        var request = await ControlBody.ReadAsync<SignInRequest>(http);
        if (request?.Role is not { } role || !_roles.Contains(role, StringComparer.Ordinal) || !TryScope(request.Scope, out var municipality, out var department))
        {
            return Problems.Of(
                http, StatusCodes.Status400BadRequest,
                $"الحقل role أحد: {string.Join('،', _roles)}، والحقل scope مثل municipality:dammam أو department:lighting.",
                $"role is one of {string.Join(", ", _roles)}; scope is like municipality:dammam or department:lighting, or both with a comma.");
        }

        var user = string.IsNullOrWhiteSpace(request.User) ? role : request.User.Trim();
        var session = new Session(PrincipalId(user), request.Name ?? user, role, municipality, department, DateTimeOffset.UtcNow + _life);
        http.Response.Cookies.Append(Cookie, Seal(session), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            IsEssential = true,
            Path = "/",
            MaxAge = _life,
        });
        return Wire.Ok(new { principalId = session.Id, session.Name, session.Role, session.Municipality, session.Department });
    }

    /// <summary>Text such as <c>municipality:dammam,department:lighting</c>, or an object with these two names.</summary>
    private static bool TryScope(JsonNode? scope, out string? municipality, out string? department)
    {
        (municipality, department) = (null, null);
        IEnumerable<(string Name, string? Value)> parts = scope switch
        {
            null => [],
            JsonObject pairs => pairs.Select(pair => (pair.Key, WhatsApp.MessageRules.Text(pair.Value))),
            _ => (WhatsApp.MessageRules.Text(scope) ?? "?").Split(',', StringSplitOptions.TrimEntries)
                .Select(part => part.Split(':', 2))
                .Select(pair => (pair[0], pair.Length == 2 ? pair[1] : null)),
        };
        foreach (var (name, value) in parts)
        {
            switch (name)
            {
                case "municipality" when !string.IsNullOrEmpty(value):
                    municipality = value;
                    break;
                case "department" when !string.IsNullOrEmpty(value):
                    department = value;
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static JsonObject Principal(Session session)
    {
        var claims = new JsonArray(
            Claim(ObjectIdClaim, session.Id), Claim("name", session.Name), Claim(EmailClaim, Email(session)), Claim("roles", session.Role));
        if (session.Municipality is { } municipality)
        {
            claims.Add(Claim("municipality", municipality));
        }

        if (session.Department is { } department)
        {
            claims.Add(Claim("department", department));
        }

        return new JsonObject { ["auth_typ"] = "aad", ["claims"] = claims, ["name_typ"] = EmailClaim, ["role_typ"] = RoleClaim };
    }

    private static JsonObject Claim(string type, string value) => new JsonObject { ["typ"] = type, ["val"] = value };

    private static string Email(Session session) => session.Id[..8] + "@staff.local.invalid";

    /// <summary>The same user is the same principal in every run, and another user another one.</summary>
    private static string PrincipalId(string user) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes("local-staff:" + user)).AsSpan(0, 16)).ToString();

    private string Seal(Session session)
    {
        var data = JsonSerializer.SerializeToUtf8Bytes(session, Wire.Json);
        return WebEncoders.Base64UrlEncode(data) + "." + WebEncoders.Base64UrlEncode(HMACSHA256.HashData(key, data));
    }

    private Session? Open(string cookie)
    {
        try
        {
            if (cookie.Split('.') is not [var data, var seal])
            {
                return null;
            }

            var bytes = WebEncoders.Base64UrlDecode(data);
            return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, bytes), WebEncoders.Base64UrlDecode(seal))
                && JsonSerializer.Deserialize<Session>(bytes, Wire.Json) is { } session
                && session.Until > DateTimeOffset.UtcNow
                    ? session
                    : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
