using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;

namespace Serverless940.Functions.Platform.Storage;

/// <summary>Makes the one client of each service: by identity in Azure, by connection string on one machine.</summary>
public static class StorageClients
{
    /// <param name="policies">Pipeline policies that others want in every call.</param>
    public static TableServiceClient Tables(IConfiguration configuration, IEnumerable<HttpPipelinePolicy> policies)
    {
        var options = With(new TableClientOptions(), policies);
        return configuration["Storage"] is { Length: > 0 } connection
            ? new TableServiceClient(connection, options)
            : new TableServiceClient(Endpoint(configuration, "Storage:tableServiceUri"), Identity(configuration), options);
    }

    public static BlobServiceClient Blobs(IConfiguration configuration, IEnumerable<HttpPipelinePolicy> policies)
    {
        var options = With(new BlobClientOptions(), policies);
        return configuration["Storage"] is { Length: > 0 } connection
            ? new BlobServiceClient(connection, options)
            : new BlobServiceClient(Endpoint(configuration, "Storage:blobServiceUri"), Identity(configuration), options);
    }

    /// <summary>The app's own identity, explicitly: nothing else on the machine may stand in for it.</summary>
    public static TokenCredential Identity(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var client = configuration["AZURE_CLIENT_ID"];
        return new ManagedIdentityCredential(string.IsNullOrEmpty(client)
            ? ManagedIdentityId.SystemAssigned
            : ManagedIdentityId.FromUserAssignedClientId(client));
    }

    // The queue has the patience; a call that waits long inside a lock only loses the lock.
    private static T With<T>(T options, IEnumerable<HttpPipelinePolicy> policies)
        where T : ClientOptions
    {
        options.Retry.MaxRetries = 2;
        options.Retry.Delay = TimeSpan.FromMilliseconds(100);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(1);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(20);
        options.Diagnostics.IsLoggingEnabled = false;
        foreach (var policy in policies)
        {
            options.AddPolicy(policy, HttpPipelinePosition.PerRetry);
        }

        return options;
    }

    private static Uri Endpoint(IConfiguration configuration, string key) =>
        new(configuration[key] ?? throw new InvalidOperationException($"Setting {key.Replace(":", "__", StringComparison.Ordinal)} is missing."));
}
