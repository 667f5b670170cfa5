using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>Options of the pipeline that every request of a client runs through.</summary>
public class TableClientOptions : ClientOptions
{
    public TableClientOptions(ServiceVersion serviceVersion = ServiceVersion.V2020_12_06)
    {
        VersionString = serviceVersion switch
        {
            ServiceVersion.V2019_02_02 => "2019-02-02",
            ServiceVersion.V2020_12_06 => "2020-12-06",
            _ => throw new ArgumentOutOfRangeException(nameof(serviceVersion)),
        };
        foreach (var name in (ReadOnlySpan<string>)["$format", "$filter", "$top", "$select"])
        {
            Diagnostics.LoggedQueryParameters.Add(name);
        }
    }

    public enum ServiceVersion
    {
        V2019_02_02 = 1,
        V2020_12_06 = 2,
    }

    /// <summary>The cloud for whose table service tokens are asked; the public cloud unless set.</summary>
    public TableAudience? Audience { get; set; }

    /// <summary>Whether the tenant is learnt from the service's challenge to a first request without a token.</summary>
    public bool EnableTenantDiscovery { get; set; }

    internal string VersionString { get; }
}
