using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Hosting;

namespace Serverless940.Functions.Platform.Storage;

/// <summary>
/// Creates the tables and containers that are missing. In Azure the templates made them and the app's role may not, so
/// a refusal is no obstacle.
/// </summary>
public sealed class StorageLayout(TableServiceClient tables, BlobServiceClient blobs)
{
    public Task EnsureAsync(CancellationToken cancellationToken) => Task.WhenAll(
    [
        .. Names.Tables.All.Select(name => (Task)tables.CreateTableIfNotExistsAsync(name, cancellationToken)),
        .. Names.Containers.All.Select(name => (Task)blobs.GetBlobContainerClient(name).CreateIfNotExistsAsync(cancellationToken: cancellationToken)),
    ]);
}

/// <summary>Runs <see cref="StorageLayout"/> before the first function, on one machine only.</summary>
internal sealed class StorageLayoutStart(StorageLayout layout) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => layout.EnsureAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
