using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;

namespace Serverless940.Contract.Tests.Tables;

public enum Pressure
{
    Low,
    High,
}

/// <summary>A typed entity with a property of every kind.</summary>
public sealed class Reading : ITableEntity
{
    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string? Text { get; set; }

    public int Small { get; set; }

    public long Large { get; set; }

    public double Measured { get; set; }

    public bool Flag { get; set; }

    public DateTimeOffset At { get; set; }

    public DateTime Utc { get; set; }

    public Guid Id { get; set; }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1819", Justification = "A binary property.")]
    public byte[]? Bytes { get; set; }

    public BinaryData? Blob { get; set; }

    public Pressure Pressure { get; set; }

    public int? MaybeSmall { get; set; }

    public long? MaybeLarge { get; set; }

    public double? MaybeMeasured { get; set; }

    public bool? MaybeFlag { get; set; }

    public DateTimeOffset? MaybeAt { get; set; }

    public Guid? MaybeId { get; set; }

    public Pressure? MaybePressure { get; set; }

    [DataMember(Name = "renamed")]
    public string? Alias { get; set; }

    [IgnoreDataMember]
    public string? Private { get; set; }

    public int Doubled => Small * 2;
}
