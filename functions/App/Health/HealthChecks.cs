using Azure;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using Serverless940.Functions.Platform;

namespace Serverless940.Functions.Health;

/// <summary>
/// Asks each dependency one small question, at most once in five seconds however often it is called. A missing role shows
/// as the permission that is missing.
/// </summary>
public sealed class HealthChecks(TableServiceClient tables, BlobServiceClient blobs, ServiceBusClient bus) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private (long At, IReadOnlyDictionary<string, string> Checks)? _last;

    /// <summary>Each dependency's answer: <c>ok</c>, or what is wrong with it.</summary>
    public async Task<IReadOnlyDictionary<string, string>> AskAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
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
                AskAsync("Azure Service Bus Data Sender", AskBusAsync, cancellationToken));
            var checks = names.Zip(results).ToDictionary(pair => pair.First, pair => pair.Second);
            _last = checks.Values.All(value => value == "ok") ? (Environment.TickCount64, checks) : null;
            return checks;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task AskBusAsync(CancellationToken cancellationToken)
    {
        await using var sender = bus.CreateSender(Names.Queues.Commands);
        using var batch = await sender.CreateMessageBatchAsync(cancellationToken);
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
