using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Health;

/// <summary><c>GET /api/health</c>: 200 when every dependency answers, 503 with what is wrong when one does not.</summary>
public sealed class HealthFunction(HealthChecks health, Policy policy)
{
    [Function("Health")]
    [Access(Caller.Anyone)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/health")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var checks = await health.AskAsync(cancellationToken);
        var healthy = checks.Values.All(value => value == "ok");
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Results.Json(
            new { status = healthy ? "ok" : "degraded", checks, policy = policy.Version },
            statusCode: healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
