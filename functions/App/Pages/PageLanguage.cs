using Microsoft.AspNetCore.Http;
using Serverless940.Core.Text;
using Serverless940.Functions.Platform.Http;

namespace Serverless940.Functions.Pages;

/// <summary>The language of a page: the one its reader chose on it, else the one his browser asks for.</summary>
internal static class PageLanguage
{
    private const string Cookie = "lang";

    public static string Of(HttpRequest request) =>
        request.Cookies[Cookie] is ("ar" or "en") and { } chosen ? chosen : ProblemResults.Language(request);

    /// <summary>Likewise, of all languages in which citizens are served.</summary>
    public static string OfAny(HttpRequest request) =>
        Languages.Find(request.Cookies[Cookie])?.Code
        ?? request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => Languages.Find(language.Value.ToString().Split('-')[0].ToLowerInvariant())?.Code)
            .FirstOrDefault(code => code is not null)
        ?? "ar";

    public static void Choose(HttpRequest request, string language) =>
        request.HttpContext.Response.Cookies.Append(Cookie, language, new CookieOptions
        {
            SameSite = SameSiteMode.Lax, HttpOnly = true, Secure = request.IsHttps, MaxAge = TimeSpan.FromDays(365),
        });
}
