namespace Azure.Data.Tables;

/// <summary>What every entity has: its two keys, the version it was read at, and when the service last wrote it.</summary>
public interface ITableEntity
{
    string PartitionKey { get; set; }

    string RowKey { get; set; }

    /// <summary>When the service last wrote the entity; never sent.</summary>
    DateTimeOffset? Timestamp { get; set; }

    ETag ETag { get; set; }
}
