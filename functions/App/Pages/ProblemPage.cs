using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Serverless940.Core.Text;
using Serverless940.Functions.Platform.Http;

namespace Serverless940.Functions.Pages;

/// <summary>What a citizen sees whose link opens nothing, or whose form is refused: what is wrong, and what to do.</summary>
internal sealed class ProblemPage : IProblemPage
{
    private static readonly LocalizedText Closed = new("لا يفتح هذا الرابط بلاغًا", "This link opens no report");
    private static readonly LocalizedText Elsewhere = new(
        "افتحوا الرابط من الرسالة النصية التي وصلتكم، فإن لم يُفتح فاتصلوا على 940.",
        "Open the link in the text message that you were sent. If it does not open, call 940.");

    private static readonly LocalizedText Back = new("عودة إلى البلاغ", "Back to the report");

    public IResult Show(HttpRequest request, IResult answer, string? back = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (answer is not ProblemHttpResult { ProblemDetails: var problem, StatusCode: var status } || !IsBrowser(request))
        {
            return answer;
        }

        var language = PageLanguage.Of(request);
        var link = status is StatusCodes.Status401Unauthorized or StatusCodes.Status404NotFound;
        var title = link || problem.Extensions["code"] is not string code ? Closed : Problems.Of(code).Title;
        var body = new StringBuilder("<section>");
        if (problem.Extensions.TryGetValue("errors", out var errors) && errors is IReadOnlyDictionary<string, string[]> fields)
        {
            foreach (var reason in fields.SelectMany(field => field.Value).Distinct(StringComparer.Ordinal))
            {
                Paragraph(HtmlEncoder.Default.Encode(reason));
            }
        }

        Paragraph(link || back is null
            ? HtmlEncoder.Default.Encode(Elsewhere.In(language))
            : $"<a href=\"{HtmlEncoder.Default.Encode(back)}\">{HtmlEncoder.Default.Encode(Back.In(language))}</a>");
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentLanguage = language;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return Results.Content(FollowerPage.Page(language, title.In(language), body.Append("</section>").ToString()), "text/html; charset=utf-8", Encoding.UTF8, status);

        void Paragraph(string html) => body.Append("<p>").Append(html).Append("</p>");
    }

    private static bool IsBrowser(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
}
