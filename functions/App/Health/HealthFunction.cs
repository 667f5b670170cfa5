using Azure;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Health;

/// <summary>
/// <c>GET /api/health</c>: asks each dependency one small question, at most once in five seconds however often it is
/// called. A missing role shows as the permission that is missing.
/// </summary>
public sealed class HealthFunction(TableServiceClient tables, BlobServiceClient blobs, ServiceBusClient bus, Policy policy)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static (long At, Dictionary<string, string> Checks)? _last;

    [Function("Health")]
    [Access(Caller.Anyone)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/health")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var checks = await ChecksAsync(cancellationToken);
        var healthy = checks.Values.All(value => value == "ok");
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Results.Json(
            new { status = healthy ? "ok" : "degraded", checks, policy = policy.Version },
            statusCode: healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private async Task<Dictionary<string, string>> ChecksAsync(CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && Environment.TickCount64 - last.At < Fresh.TotalMilliseconds)
            {
                return last.Checks;
            }

            var names = new[] { "tables", "blobs", "bus" };
            var results = await Task.WhenAll(
                AskAsync("Storage Table Data Contributor", token => tables.GetTableClient(Names.Tables.Reports).GetEntityIfExistsAsync<TableEntity>("health", "health", cancellationToken: token), cancellationToken),
                AskAsync("Storage Blob Data Contributor", token => blobs.GetBlobContainerClient(Names.Containers.Media).ExistsAsync(token), cancellationToken),
                AskAsync("Azure Service Bus Data Sender", async token =>
                {
                    await using var sender = bus.CreateSender(Names.Queues.Commands);
                    using var batch = await sender.CreateMessageBatchAsync(token);
                }, cancellationToken));
            var checks = names.Zip(results).ToDictionary(pair => pair.First, pair => pair.Second);
            _last = checks.Values.All(value => value == "ok") ? (Environment.TickCount64, checks) : null;
            return checks;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<string> AskAsync(string role, Func<CancellationToken, Task> question, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await question(limit.Token);
            return "ok";
        }
        catch (RequestFailedException exception) when (exception.Status == 403)
        {
            return "missing role: " + role;
        }
        catch (UnauthorizedAccessException)
        {
            return "missing role: " + role;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return "down: " + exception.GetType().Name;
        }
    }
}
