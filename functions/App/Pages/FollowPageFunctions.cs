using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Text;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Pages;

/// <summary>
/// <c>GET /r/{number}</c> and its two forms. The cookie is bound to the report's path and to the same site; a form from
/// elsewhere is refused by its origin.
/// </summary>
public sealed class FollowPageFunctions(IReportViews views, ReportAccess access, IProblemPage problems)
{
    [Function("FollowPage")]
    [Access(Caller.ReportToken)]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "r/{number}")] HttpRequest request, string number, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Verify(request, number) is null)
        {
            return problems.Show(request, request.Problem("unauthorized"));
        }

        if (request.Query["t"] is [{ } token])
        {
            // The token must not stay in the address bar and the history.
            access.SetCookie(request, number, token);
            return Results.Redirect("/r/" + number);
        }

        if (request.Query["lang"] is [{ } chosen] && Languages.Find(chosen) is not null)
        {
            PageLanguage.Choose(request, chosen);
            return Results.Redirect("/r/" + number);
        }

        return await PageAsync(request, number, cancellationToken);
    }

    [Function("FollowPageRating")]
    [Access(Caller.ReportToken)]
    public Task<IResult> RateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "r/{number}/rating")] HttpRequest request, string number, CancellationToken cancellationToken) =>
        SubmitAsync(request, number, FollowPage.Rated, (form, token) => views.RateAsync(request, number, form, token), cancellationToken);

    [Function("FollowPageFollowUp")]
    [Access(Caller.ReportToken)]
    public Task<IResult> FollowUpAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "r/{number}/follow-up")] HttpRequest request, string number, CancellationToken cancellationToken) =>
        SubmitAsync(request, number, FollowPage.FollowedUp, (form, token) => views.FollowUpAsync(request, number, form, token), cancellationToken);

    private async Task<IResult> SubmitAsync(
        HttpRequest request, string number, string sent, Func<IFormCollection, CancellationToken, Task<IResult>> take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (access.Verify(request, number) is null || !access.IsOwnOrigin(request))
        {
            return problems.Show(request, request.Problem("unauthorized"));
        }

        if (request.ContentLength is null or > 32 * 1024 || !request.HasFormContentType)
        {
            return problems.Show(request, request.Problem("invalidRequest"), "/r/" + number);
        }

        var result = await take(await request.ReadFormAsync(cancellationToken), cancellationToken);
        // Accepted: back to the page by GET, so that a reload does not send again. The command is still on its way, so the
        // page is told what was sent: the report itself may not show it yet.
        return result is IStatusCodeHttpResult { StatusCode: StatusCodes.Status202Accepted }
            ? Results.Redirect($"/r/{number}?sent={sent}")
            : problems.Show(request, result, "/r/" + number);
    }

    private async Task<IResult> PageAsync(HttpRequest request, string number, CancellationToken cancellationToken)
    {
        var language = PageLanguage.OfAny(request);
        var (view, problem) = await views.ViewAsync(request, number, language, cancellationToken);
        if (problem is not null)
        {
            return problems.Show(request, problem);
        }

        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return Results.Content(FollowPage.Render(view!, language, request.Query["sent"]), "text/html; charset=utf-8", Encoding.UTF8);
    }
}
