#nullable enable
using System.Net;
using Azure.Data.Tables;

namespace Serverless940.Local.Tables;

/// <summary>
/// The service's address taken apart: <c>https://{account}.table.../{table}</c> in the cloud,
/// <c>http://{address}:{port}/{account}/{table}</c> at an emulator.
/// </summary>
internal sealed record TableAddress(Uri Endpoint, string Account, string? Table, string Sas)
{
    /// <summary>Cosmos DB's table API, which has scopes of its own.</summary>
    public bool IsCosmos =>
        (Endpoint.IsLoopback && Endpoint.Port == 8902) ||
        Endpoint.Host.Contains(".table.cosmosdb.", StringComparison.OrdinalIgnoreCase) ||
        Endpoint.Host.Contains(".table.cosmos.", StringComparison.OrdinalIgnoreCase);

    public static TableAddress Parse(Uri given)
    {
        var segments = given.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var pathStyle = given.IsLoopback || IPAddress.TryParse(given.Host.Trim('[', ']'), out _);
        var account = pathStyle
            ? segments.FirstOrDefault() ?? ""
            : given.Host.Contains('.', StringComparison.Ordinal) ? given.Host[..given.Host.IndexOf('.', StringComparison.Ordinal)] : "";
        var used = pathStyle ? 1 : 0;
        var table = segments.Length > used ? Uri.UnescapeDataString(segments[used]) : TableOfSas(given.Query);
        var endpoint = new UriBuilder(given.Scheme, given.Host, given.Port, pathStyle ? "/" + account : "").Uri;
        return new TableAddress(endpoint, account, table, given.Query.TrimStart('?'));
    }

    /// <summary>The table's own address.</summary>
    public Uri Of(string table) => new($"{Endpoint.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(table)}");

    private static string? TableOfSas(string query) => query.TrimStart('?').Split('&')
        .Where(pair => pair.StartsWith("tn=", StringComparison.Ordinal))
        .Select(pair => Uri.UnescapeDataString(pair[3..]))
        .FirstOrDefault();
}

/// <summary>A storage connection string: where the tables are and what opens them.</summary>
internal sealed record TableConnectionString(TableAddress Address, TableSharedKeyCredential? Key, string? Sas)
{
    private const string DevelopmentAccount = "devstoreaccount1";
    private const string DevelopmentKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <exception cref="InvalidOperationException">The text is no connection string, or lacks what opens the account.</exception>
    public static TableConnectionString Parse(string text)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !settings.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
            {
                throw new InvalidOperationException("The connection string must be of the form \"name1=value1;name2=value2\" without a name twice.");
            }
        }

        if (settings.TryGetValue("UseDevelopmentStorage", out var development) && bool.TryParse(development, out var use) && use)
        {
            var proxy = settings.GetValueOrDefault("DevelopmentStorageProxyUri", "http://127.0.0.1");
            return new TableConnectionString(
                TableAddress.Parse(new Uri($"{proxy.TrimEnd('/')}:10002/{DevelopmentAccount}")),
                new TableSharedKeyCredential(DevelopmentAccount, DevelopmentKey),
                null);
        }

        var account = settings.GetValueOrDefault("AccountName");
        var sas = settings.GetValueOrDefault("SharedAccessSignature");
        var key = account is not null && settings.TryGetValue("AccountKey", out var accountKey)
            ? new TableSharedKeyCredential(account, accountKey)
            : null;
        var endpoint = settings.GetValueOrDefault("TableEndpoint") ?? (account is null ? null :
            $"{settings.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{account}.table.{settings.GetValueOrDefault("EndpointSuffix", "core.windows.net")}");
        return endpoint is not null && (key is not null || sas is not null) && Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
            ? new TableConnectionString(TableAddress.Parse(uri), key, sas)
            : throw new InvalidOperationException("The connection string names no table endpoint, or neither an account key nor a shared access signature.");
    }
}
