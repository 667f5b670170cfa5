using Microsoft.AspNetCore.Http;

namespace Serverless940.Functions.Pages;

/// <summary>How files and pages go out: packed as the browser can unpack them, and never as more than they are.</summary>
internal static class PageResults
{
    /// <summary>The file in the smallest form that the caller takes.</summary>
    public static IResult Send(HttpRequest request, Asset asset)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (asset.Brotli is null)
        {
            return Results.Bytes(asset.Bytes, asset.ContentType);
        }

        headers.Append("Vary", "Accept-Encoding");
        var accepted = request.Headers.AcceptEncoding.ToString();
        var (encoding, bytes) = accepted.Contains("br", StringComparison.OrdinalIgnoreCase) ? ("br", asset.Brotli.Value)
            : accepted.Contains("gzip", StringComparison.OrdinalIgnoreCase) ? ("gzip", asset.Gzip!.Value)
            : (null, asset.Bytes);
        if (encoding is not null)
        {
            headers.ContentEncoding = encoding;
        }

        return Results.Bytes(bytes, asset.ContentType);
    }

    /// <summary>Keeps a choice of language (<c>?lang=</c>) and leads back to the page; <see langword="null"/> when none was made.</summary>
    public static IResult? Choice(HttpRequest request, string page)
    {
        if (request.Query["lang"] is not [("ar" or "en") and { } chosen])
        {
            return null;
        }

        PageLanguage.Choose(request, chosen);
        return Results.Redirect(page);
    }

    /// <summary>A page with scripts of ours and of nobody else.</summary>
    /// <param name="pictures">Where pictures may come from besides: the map's tiles.</param>
    public static IResult Page(HttpRequest request, Asset page, string? pictures)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-cache";
        headers.Append("Vary", "Cookie, Accept-Language");
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob: data:{(pictures is null ? string.Empty : " " + pictures)}; media-src 'self' blob:; "
            + "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "geolocation=(self), camera=(self), microphone=(self)";
        return Send(request, page);
    }
}
