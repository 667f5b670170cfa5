using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Pages;

/// <summary>
/// <c>GET /f/{code}</c>: where what one follows stands, and a button to follow no longer. The code of the text message is
/// all that it takes: it shows nothing of the reporter and can do nothing to the report.
/// </summary>
public sealed class FollowerPage(IFollowerViews views, ReportAccess access, IProblemPage problems)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All);
    private static readonly TimeZoneInfo Riyadh = TimeZoneInfo.FindSystemTimeZoneById("Asia/Riyadh");

    [Function("FollowerPage")]
    [Access(Caller.AnyoneLimited)]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "f/{code:length(11)}")] HttpRequest request, string code, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var language = PageLanguage.OfAny(request);
        if (!IsCode(code) || await views.FindAsync(code, language, cancellationToken) is not { } view)
        {
            return problems.Show(request, request.Problem("notFound"));
        }

        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        // Not no-referrer: with it a browser calls the form's origin null, and its post would be refused.
        headers["Referrer-Policy"] = "same-origin";
        return Results.Content(Render(view, code, language), "text/html; charset=utf-8", Encoding.UTF8);
    }

    [Function("FollowerPageUnfollow")]
    [Access(Caller.AnyoneLimited)]
    public async Task<IResult> UnfollowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "f/{code:length(11)}/unfollow")] HttpRequest request, string code, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!access.IsOwnOrigin(request))
        {
            return request.Problem("unauthorized");
        }

        if (!IsCode(code) || !await views.UnfollowAsync(code, cancellationToken))
        {
            return problems.Show(request, request.Problem("notFound"));
        }

        var language = PageLanguage.OfAny(request);
        return Results.Content(Page(language, PageWords.Of("stopped", language), string.Empty), "text/html; charset=utf-8", Encoding.UTF8);
    }

    private static bool IsCode(string code) => code.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    private static string Render(FollowedView view, string code, string language)
    {
        var html = new StringBuilder(4096);
        html.Append(Invariant($"<section><p class=\"status\">{E(PageWords.Of(view.Status, language))}</p><dl><dt>{E(PageWords.Of("category", language))}</dt><dd>{E(view.CategoryName)}</dd>"));
        if (view.MunicipalityName is { } place)
        {
            html.Append(Invariant($"<dt>{E(PageWords.Of("municipality", language))}</dt><dd>{E(place)}</dd>"));
        }

        html.Append(Invariant($"<dt>{E(PageWords.Of("followers", language))}</dt><dd>{view.Followers}</dd></dl></section><section><h2>{E(PageWords.Of("steps", language))}</h2><ol>"));
        foreach (var step in view.Timeline)
        {
            html.Append(Invariant($"<li>{E(step.Text)}<time datetime=\"{step.At.UtcDateTime:O}\">{TimeZoneInfo.ConvertTime(step.At, Riyadh).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}</time></li>"));
        }

        html.Append("</ol></section>");
        if (!view.Closed)
        {
            html.Append(Invariant($"<section><form method=\"post\" action=\"/f/{code}/unfollow\"><button>{E(PageWords.Of("stopFollowing", language))}</button></form></section>"));
        }

        return Page(language, PageWords.Of("following", language), html.ToString());
    }

    internal static string Page(string language, string title, string body) => Invariant(
        $"<!doctype html><html lang=\"{language}\" dir=\"{PageWords.DirectionOf(language)}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>{E(title)}</title><link rel=\"stylesheet\" href=\"{Assets.Address("page.css")}\"></head><body><main><header><h1>{E(title)}</h1></header>{body}</main></body></html>");

    private static string E(string text) => Encoder.Encode(text);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
