#nullable enable
using Azure;
using Azure.Core;
using Azure.Data.Tables;

namespace Serverless940.Local.Tables;

/// <summary>Opens the service by what the caller has: a connection string, a key, a signature, a token.</summary>
internal static class RestFactory
{
    public static TableRest FromConnectionString(string connectionString, TableClientOptions? options)
    {
        Argument.NotNull(connectionString, nameof(connectionString));
        var parsed = TableConnectionString.Parse(connectionString);
        return parsed.Key is not null
            ? new TableRest(parsed.Address, new SharedKeyPolicy(parsed.Key), options, parsed.Key)
            : new TableRest(parsed.Address, new SasPolicy(new AzureSasCredential(parsed.Sas!)), options, null);
    }

    /// <summary>The endpoint alone: its query, if any, is a shared access signature.</summary>
    public static TableRest FromEndpoint(Uri endpoint, TableClientOptions? options)
    {
        Argument.NotNull(endpoint, nameof(endpoint));
        var address = TableAddress.Parse(endpoint);
        return new TableRest(address, address.Sas.Length == 0 ? null : new SasPolicy(new AzureSasCredential(address.Sas)), options, null);
    }

    public static TableRest FromSas(Uri endpoint, AzureSasCredential credential, TableClientOptions? options)
    {
        Argument.NotNull(endpoint, nameof(endpoint));
        Argument.NotNull(credential, nameof(credential));
        if (endpoint.Scheme != Uri.UriSchemeHttps && !endpoint.IsLoopback)
        {
            throw new ArgumentException("Cannot use AzureSasCredential without HTTPS.", nameof(endpoint));
        }

        return new TableRest(TableAddress.Parse(endpoint), new SasPolicy(credential), options, null);
    }

    public static TableRest FromKey(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions? options)
    {
        Argument.NotNull(endpoint, nameof(endpoint));
        Argument.NotNull(credential, nameof(credential));
        return new TableRest(TableAddress.Parse(endpoint), new SharedKeyPolicy(credential), options, credential);
    }

    public static TableRest FromToken(Uri endpoint, TokenCredential credential, TableClientOptions? options)
    {
        Argument.NotNull(endpoint, nameof(endpoint));
        Argument.NotNull(credential, nameof(credential));
        var address = TableAddress.Parse(endpoint);
        var scope = (options?.Audience ?? TableAudience.AzurePublicCloud).DefaultScope(address.IsCosmos);
        return new TableRest(address, new BearerPolicy(credential, scope, options?.EnableTenantDiscovery ?? false), options, null);
    }
}
