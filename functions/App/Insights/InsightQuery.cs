using Microsoft.AspNetCore.Http;
using Serverless940.Core.Text;

namespace Serverless940.Functions.Insights;

/// <summary>What the questions on figures have in common.</summary>
internal static class InsightQuery
{
    /// <summary>One of an enum's values by its wire name.</summary>
    public static T Choice<T>(HttpRequest request, string name, T fallback, List<FieldError> errors)
        where T : struct, Enum
    {
        var text = request.Query[name].ToString();
        if (text.Length == 0)
        {
            return fallback;
        }

        foreach (var value in Enum.GetValues<T>())
        {
            if (Wire(value.ToString()).Equals(text, StringComparison.Ordinal))
            {
                return value;
            }
        }

        errors.Add(OneOf(name, Enum.GetNames<T>().Select(Wire)));
        return fallback;
    }

    /// <summary>The format asked for, or the first.</summary>
    public static string Format(HttpRequest request, IReadOnlyList<string> known, List<FieldError> errors)
    {
        var text = request.Query["format"].ToString();
        if (text.Length > 0 && !known.Contains(text, StringComparer.Ordinal))
        {
            errors.Add(OneOf("format", known));
        }

        return text.Length == 0 ? known[0] : text;
    }

    /// <summary>Public figures may be kept for a minute; a manager's belong to nobody else.</summary>
    public static void Label(HttpRequest request, string language, bool isPublic)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.ContentLanguage = language;
        headers.CacheControl = isPublic ? "public, max-age=60" : "no-store";
        headers.Vary = "Accept-Language, Cookie";
        headers.XContentTypeOptions = "nosniff";
    }

    private static FieldError OneOf(string field, IEnumerable<string> values)
    {
        var list = string.Join(", ", values);
        return new FieldError(field, new LocalizedText("القيم الممكنة: " + list, "One of: " + list));
    }

    private static string Wire(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
