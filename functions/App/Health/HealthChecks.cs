using Azure;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Health;

/// <summary>
/// Asks each dependency one small question, at most once in five seconds however often it is called. A missing role shows
/// as the permission that is missing.
/// </summary>
public sealed class HealthChecks(TableServiceClient tables, BlobServiceClient blobs, ServiceBusClient bus, RefusedPermissions refused) : IDisposable
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

            var names = new[] { "tables", "blobs", "bus", "bus-receive" };
            var results = await Task.WhenAll(
                AskAsync(Names.Roles.Tables, token => tables.GetTableClient(Names.Tables.Reports).GetEntityIfExistsAsync<TableEntity>("health", "health", cancellationToken: token), cancellationToken),
                AskAsync(Names.Roles.Blobs, token => blobs.GetBlobContainerClient(Names.Containers.Media).ExistsAsync(token), cancellationToken),
                AskAsync(Names.Roles.BusSend, AskToSendAsync, cancellationToken),
                AskAsync(Names.Roles.BusReceive, AskToReceiveAsync, cancellationToken));
            var checks = names.Zip(results).ToDictionary(pair => pair.First, pair => pair.Second);
            foreach (var (service, role) in refused.Roles)
            {
                checks[service] = Missing(role);
            }

            _last = checks.Values.All(value => value == "ok") ? (Environment.TickCount64, checks) : null;
            return checks;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task AskToSendAsync(CancellationToken cancellationToken)
    {
        await using var sender = bus.CreateSender(Names.Queues.Commands);
        using var batch = await sender.CreateMessageBatchAsync(cancellationToken);
    }

    // A look at a queue without sessions takes nothing from it.
    private async Task AskToReceiveAsync(CancellationToken cancellationToken)
    {
        await using var receiver = bus.CreateReceiver(Names.Queues.Media);
        await receiver.PeekMessageAsync(cancellationToken: cancellationToken);
    }

    private static string Missing(string role) => "missing role: " + role;

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
            return Missing(role);
        }
        catch (UnauthorizedAccessException)
        {
            return Missing(role);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return "down: " + exception.GetType().Name;
        }
    }
}
