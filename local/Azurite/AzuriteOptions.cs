namespace Serverless940.Local.Azurite;

/// <summary>How one Azurite is started.</summary>
public sealed record AzuriteOptions
{
    /// <summary>Where its data, its log and <c>azurite.json</c> live; one Azurite belongs to one data folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>
    /// Where the npm packages live; by default one folder per user and lock file under the user's cache, so that every
    /// clone and every data folder shares one installation.
    /// </summary>
    public string? InstallFolder { get; init; }

    /// <summary>Keeps blobs and tables in memory only.</summary>
    public bool InMemory { get; init; }

    /// <summary>
    /// Accounts as Azurite's <c>AZURITE_ACCOUNTS</c> has them (<c>name:key;name:key</c>, keys in Base64); by default the
    /// well-known development account alone.
    /// </summary>
    public string? AccountsEnv { get; init; }

    /// <summary>
    /// Ends with this process, however it ends, instead of living on to be adopted; for tests.
    /// </summary>
    public bool EndsWithCaller { get; init; }
}
