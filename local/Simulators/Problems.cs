using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Serverless940.Local.Simulators;

/// <summary>Problem responses (RFC 9457) in the caller's language; Arabic unless English is asked for.</summary>
internal static class Problems
{
    internal static IResult Of(HttpContext http, int status, string arabic, string english, object? left = null)
    {
        var title = PrefersEnglish(http.Request) ? english : arabic;
        Dictionary<string, object?> extensions = new() { ["traceId"] = Activity.Current?.Id ?? http.TraceIdentifier };
        if (left is not null)
        {
            extensions["left"] = left;
        }

        return Results.Problem(title: title, detail: title, statusCode: status, type: "about:blank", extensions: extensions);
    }

    /// <summary>The first of the two languages that the caller names.</summary>
    private static bool PrefersEnglish(HttpRequest request)
    {
        foreach (var language in request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1))
        {
            if (language.Value.StartsWith("ar", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }

            if (language.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
