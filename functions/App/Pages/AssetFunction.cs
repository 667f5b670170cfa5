using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Pages;

/// <summary>Files of the pages, built into the app, under names that change with their content.</summary>
public static class Assets
{
    private const string Prefix = "Serverless940.Functions.Pages.assets.";

    private static readonly FrozenDictionary<string, (byte[] Bytes, string ContentType)> ByName = Load();

    private static readonly FrozenDictionary<string, string> Hashed = ByName.Keys
        .ToFrozenDictionary(name => name[..name.IndexOf('.', StringComparison.Ordinal)] + name[name.LastIndexOf('.')..]);

    /// <summary>The address of a file by its plain name (<c>page.css</c>).</summary>
    public static string Address(string name) => "/assets/" + Hashed[name];

    public static (byte[] Bytes, string ContentType)? Find(string hashedName) => ByName.TryGetValue(hashedName, out var found) ? found : null;

    private static FrozenDictionary<string, (byte[], string)> Load()
    {
        var assembly = typeof(Assets).Assembly;
        var assets = new Dictionary<string, (byte[], string)>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var name = resource[Prefix.Length..];
            var dot = name.LastIndexOf('.');
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..8];
            assets[$"{name[..dot]}.{hash}{name[dot..]}"] = (bytes, name[dot..] == ".css" ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8");
        }

        return assets.ToFrozenDictionary();
    }
}

/// <summary><c>GET /assets/{file}</c>: kept by browsers for a year, for its name would change with it.</summary>
public sealed class AssetFunction
{
    [Function("Asset")]
    [Access(Caller.Anyone)]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assets/{file}")] HttpRequest request, string file)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Assets.Find(file) is not var (bytes, contentType))
        {
            return request.Problem("notFound");
        }

        request.HttpContext.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        request.HttpContext.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(bytes, contentType);
    }
}
