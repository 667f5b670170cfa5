using Microsoft.AspNetCore.Http;

namespace Serverless940.Local.Simulators.Control;

/// <summary>
/// Changes under <c>/local</c> come from the simulators' own pages or from a program, never from another site that a
/// browser on this machine happens to show.
/// </summary>
internal static class OriginGuard
{
    internal static async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        if (request.Path.StartsWithSegments("/local", StringComparison.OrdinalIgnoreCase) && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && IsForeign(request))
        {
            await Problems.Of(http, StatusCodes.Status403Forbidden, "لا يُقبل هذا الطلب إلا من صفحة المحاكي نفسها.", "Only the simulator's own page may do this.")
                .ExecuteAsync(http);
            return;
        }

        await next(http);
    }

    private static bool IsForeign(HttpRequest request) =>
        request.Headers.TryGetValue("Origin", out var origin)
            ? !string.Equals(origin.ToString(), $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)
            : request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
}
