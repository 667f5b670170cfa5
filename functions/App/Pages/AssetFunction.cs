using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Functions.Platform.Http;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Pages;

/// <summary><c>GET /assets/{file}</c>: kept by browsers for a year, for its name would change with it.</summary>
public sealed class AssetFunction
{
    [Function("Asset")]
    [Access(Caller.Anyone)]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assets/{file}")] HttpRequest request, string file)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Assets.Find(file) is not { } asset)
        {
            return request.Problem("notFound");
        }

        request.HttpContext.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return PageResults.Send(request, asset);
    }
}
