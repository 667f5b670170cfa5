using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Pages;

/// <summary>
/// <c>GET /</c>: where a citizen reports, in under a minute, on a phone, with or without a network. The worker keeps the
/// page for the next time; what he wrote stays in his browser until it is sent.
/// </summary>
public sealed class CitizenPage(Policy policy, MapSettings map)
{
    private static readonly string[] Kept =
    [
        "page.css", "citizen.js", "plex-arabic-400.woff2", "plex-arabic-600.woff2", "plex-latin-400.woff2", "plex-latin-600.woff2",
        "page.js", "drafts.js", "photo.js", "sending.js", "categories.js", "map.js", "leaflet.js", "leaflet.css", "icon.svg",
    ];

    private readonly PageTemplate _template = new("citizen", new Dictionary<string, string>
    {
        ["tiles"] = map.Tiles ?? string.Empty,
        ["policy"] = policy.Version,
    });

    // An empty route is the function's name to the host; a segment of no letters is the root.
    [Function("CitizenPage")]
    [Access(Caller.Anyone)]
    public IResult Show([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{root:maxlength(0)?}")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return PageResults.Choice(request, "/") ?? PageResults.Page(request, _template.In(PageLanguage.Of(request)), map.TilesOrigin);
    }

    /// <summary>The worker knows every file by its name of now; its own bytes change with any of them.</summary>
    [Function("ServiceWorker")]
    [Access(Caller.Anyone)]
    public IResult Worker([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "sw.js")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var files = JsonSerializer.Serialize(Kept.Select(Assets.Address));
        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(files + _template.In("ar").Bytes.Length + _template.In("en").Bytes.Length)))[..8];
        var script = $"const version = \"{version}\";\nconst files = {files};\n{Encoding.UTF8.GetString(Assets.Get("worker.js").Bytes)}";
        request.HttpContext.Response.Headers.CacheControl = "no-cache";
        return PageResults.Send(request, Assets.Packed("/sw.js", "text/javascript; charset=utf-8", Encoding.UTF8.GetBytes(script)));
    }

    [Function("Manifest")]
    [Access(Caller.Anyone)]
    public IResult Manifest([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "manifest.webmanifest")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var language = PageLanguage.Of(request);
        var texts = PageTemplate.Texts("citizen", language);
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            id = "/", start_url = "/", scope = "/", display = "standalone", lang = language, dir = language == "ar" ? "rtl" : "ltr",
            name = texts["title"], short_name = texts["short"], background_color = "#f1f4f2", theme_color = "#0b6b4f",
            icons = new[] { new { src = Assets.Address("icon.svg"), sizes = "any", type = "image/svg+xml", purpose = "any" } },
        });
        request.HttpContext.Response.Headers.CacheControl = "no-cache";
        request.HttpContext.Response.Headers.Vary = "Cookie, Accept-Language";
        return PageResults.Send(request, Assets.Packed("/manifest.webmanifest", "application/manifest+json", manifest));
    }
}
