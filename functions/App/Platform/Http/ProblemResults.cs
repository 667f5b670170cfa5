using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless940.Core.Text;

namespace Serverless940.Functions.Platform.Http;

/// <summary>RFC 9457 answers in the caller's language, Arabic when he names none of ours.</summary>
public static class ProblemResults
{
    /// <summary>Seconds after which a caller may try again when a dependency is down.</summary>
    public const int RetryAfterSeconds = 5;

    public static IResult Problem(this HttpRequest request, string code, IReadOnlyList<FieldError>? errors = null, string? detail = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var problem = Problems.Of(code);
        var language = Language(request);
        var extensions = new Dictionary<string, object?>
        {
            ["code"] = problem.Code,
            ["traceId"] = Activity.Current?.TraceId.ToString() ?? request.HttpContext.TraceIdentifier,
        };
        if (errors is { Count: > 0 })
        {
            extensions["errors"] = errors.GroupBy(error => error.Field, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Select(error => error.Reason.In(language)).ToArray());
        }

        if (problem.Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests
            && request.HttpContext.Response.Headers.RetryAfter.Count == 0)
        {
            request.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        request.HttpContext.Response.Headers.ContentLanguage = language;
        return Results.Problem(
            detail: detail, statusCode: problem.Status, title: problem.Title.In(language),
            type: "https://serverless940.example/problems/" + problem.Code, extensions: extensions);
    }

    public static IResult Problem(this HttpRequest request, BodyRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return request.Problem(refusal.Code, refusal.Errors);
    }

    /// <summary>Arabic or English, as the caller asks first.</summary>
    public static string Language(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var wanted = request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString().Split('-')[0].ToLowerInvariant());
        return wanted.FirstOrDefault(language => language is "ar" or "en") ?? "ar";
    }
}
