using System.Text;
using Microsoft.AspNetCore.Http;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Platform.Security;

/// <summary>The report token in its places: bearer, header, query or the cookie that a short link sets.</summary>
public sealed class ReportAccess(LinkSettings links)
{
    public const string Header = "X-Report-Token";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(links.SigningKey);

    public string Token(string number, string sourceHash) => ReportToken.Create(_key, number, sourceHash);

    public string ShortCode(string number, string sourceHash) => ReportToken.ShortCode(_key, number, sourceHash);

    public Uri TrackUrl(string number, string token) => new(links.PublicBaseUri, $"r/{number}?t={token}");

    public Uri ShortLink(string number, string sourceHash) => new(links.PublicBaseUri, "s/" + ShortCode(number, sourceHash));

    /// <summary>Code under which a follower sees what he follows; it opens neither the report nor its commands.</summary>
    public string FollowerCode(string number, string follower) => ReportToken.FollowerCode(_key, number, follower);

    public Uri FollowerLink(string number, string follower) => new(links.PublicBaseUri, "f/" + FollowerCode(number, follower));

    /// <summary>Stands for a stranger's report, for a while.</summary>
    public string FollowId(string number, DateTimeOffset now) => Core.Nearby.FollowId.Create(_key, number, now);

    public (string? Number, bool Over) ReadFollowId(string? id, DateTimeOffset now) => Core.Nearby.FollowId.Read(_key, id, now);

    /// <summary>Opens one question to an agency, and takes one answer.</summary>
    public Uri AgencyLink(AgencyQuestion question) => new(links.PublicBaseUri, "api/agencies/answers/" + AgencyToken.Create(_key, question));

    public (AgencyQuestion Question, bool Over)? ReadAgencyToken(string? token, DateTimeOffset now) => AgencyToken.Read(_key, token, now);

    public Uri StaffLink(string number) => new(links.PublicBaseUri, "staff?report=" + number);

    public static string CookieName(string number) => "report-" + number;

    /// <summary>Leaves the token with the browser, for this report's pages and calls only.</summary>
    public void SetCookie(HttpRequest request, string number, string token)
    {
        ArgumentNullException.ThrowIfNull(request);
        foreach (var path in new[] { "/r/" + number, "/api/reports/" + number })
        {
            request.HttpContext.Response.Cookies.Append(CookieName(number), token, new CookieOptions
            {
                Path = path,
                HttpOnly = true,
                Secure = links.PublicBaseUri.Scheme == Uri.UriSchemeHttps,
                SameSite = SameSiteMode.Lax,
                MaxAge = TimeSpan.FromDays(90),
                IsEssential = true,
            });
        }
    }

    /// <summary>Half of the source hash that a genuine token of this report carries; else <see langword="null"/>.</summary>
    public string? Verify(HttpRequest request, string number)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ReportNumber.IsValid(number) ? ReportToken.Verify(_key, number, Presented(request, number)) : null;
    }

    /// <summary>Whether a form comes from a page of ours: its origin is ours, or no browser sent it.</summary>
    public bool IsOwnOrigin(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || string.Equals(origin, links.PublicBaseUri.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase)
            || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    private static string? Presented(HttpRequest request, string number)
    {
        if (request.Headers.Authorization is [{ } authorization] && authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return authorization["Bearer ".Length..].Trim();
        }

        if (request.Headers.TryGetValue(Header, out var header))
        {
            return header.Count == 1 ? header[0] : null;
        }

        if (request.Query.TryGetValue("t", out var query))
        {
            return query.Count == 1 ? query[0] : null;
        }

        return request.Cookies[CookieName(number)];
    }
}
