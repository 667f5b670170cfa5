#nullable enable
namespace Serverless940.Local.Tables;

/// <summary>Names the Table REST API fixes.</summary>
internal static class WireNames
{
    public const string ETag = "odata.etag";
    public const string Metadata = "odata.metadata";
    public const string TypeSuffix = "@odata.type";
    public const string Timestamp = "Timestamp";
    public const string Binary = "Edm.Binary";
    public const string DateTime = "Edm.DateTime";
    public const string Double = "Edm.Double";
    public const string Guid = "Edm.Guid";
    public const string Int64 = "Edm.Int64";
    public const string MinimalMetadata = "application/json;odata=minimalmetadata";
}
