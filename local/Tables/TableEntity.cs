using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Serverless940.Local.Tables;

namespace Azure.Data.Tables;

/// <summary>An entity as a bag of properties.</summary>
public sealed class TableEntity : ITableEntity, IDictionary<string, object>
{
    private readonly Dictionary<string, object> _properties;

    public TableEntity()
    {
        _properties = [];
    }

    public TableEntity(string partitionKey, string rowKey)
    {
        _properties = [];
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    public TableEntity(IDictionary<string, object> values)
    {
        _properties = values is null ? [] : new Dictionary<string, object>(values);
    }

    public string PartitionKey
    {
        get => GetString(nameof(PartitionKey));
        set => _properties[nameof(PartitionKey)] = value;
    }

    public string RowKey
    {
        get => GetString(nameof(RowKey));
        set => _properties[nameof(RowKey)] = value;
    }

    public DateTimeOffset? Timestamp
    {
        get => GetDateTimeOffset(nameof(Timestamp));
        set => _properties[nameof(Timestamp)] = value;
    }

    public ETag ETag
    {
        get => new(GetString(WireNames.ETag));
        set => _properties[WireNames.ETag] = value.ToString();
    }

    public int Count => _properties.Count;

    public ICollection<string> Keys => _properties.Keys;

    ICollection<object> IDictionary<string, object>.Values => _properties.Values;

    bool ICollection<KeyValuePair<string, object>>.IsReadOnly => false;

    /// <summary>
    /// A property's value, or <see langword="null"/> where there is none. An <see cref="int"/> given to a property that
    /// holds a <see cref="long"/> or a <see cref="double"/> takes that type.
    /// </summary>
    public object this[string key]
    {
        get
        {
            Argument.NotNullOrEmpty(key, nameof(key));
            return _properties.GetValueOrDefault(key);
        }

        set
        {
            Argument.NotNullOrEmpty(key, nameof(key));
            _properties[key] = value is not null && _properties.TryGetValue(key, out var present) && present is not null
                ? Coerce(present, value)
                : value;
        }
    }

    /// <inheritdoc cref="GetInt64"/>
    public string GetString(string key) => (string)Get(key, typeof(string));

    /// <inheritdoc cref="GetInt64"/>
    public BinaryData GetBinaryData(string key) => (BinaryData)Get(key, typeof(BinaryData));

    /// <inheritdoc cref="GetInt64"/>
    public byte[] GetBinary(string key) => (byte[])Get(key, typeof(byte[]));

    /// <inheritdoc cref="GetInt64"/>
    public bool? GetBoolean(string key) => (bool?)Get(key, typeof(bool?));

    /// <inheritdoc cref="GetInt64"/>
    public DateTime? GetDateTime(string key) => (DateTime?)Get(key, typeof(DateTime?));

    /// <inheritdoc cref="GetInt64"/>
    public DateTimeOffset? GetDateTimeOffset(string key) => (DateTimeOffset?)Get(key, typeof(DateTimeOffset?));

    /// <inheritdoc cref="GetInt64"/>
    public double? GetDouble(string key) => (double?)Get(key, typeof(double?));

    /// <inheritdoc cref="GetInt64"/>
    public Guid? GetGuid(string key) => (Guid?)Get(key, typeof(Guid?));

    /// <inheritdoc cref="GetInt64"/>
    public int? GetInt32(string key) => (int?)Get(key, typeof(int?));

    /// <summary>The property's value, or <see langword="null"/> where there is none.</summary>
    /// <exception cref="InvalidOperationException">The property holds another type.</exception>
    public long? GetInt64(string key) => (long?)Get(key, typeof(long?));

    public void Add(string key, object value) => this[key] = value;

    public bool ContainsKey(string key) => _properties.ContainsKey(key);

    public bool Remove(string key) => _properties.Remove(key);

    public bool TryGetValue(string key, out object value) => _properties.TryGetValue(key, out value);

    public void Clear() => _properties.Clear();

    void ICollection<KeyValuePair<string, object>>.Add(KeyValuePair<string, object> item) => this[item.Key] = item.Value;

    bool ICollection<KeyValuePair<string, object>>.Contains(KeyValuePair<string, object> item) =>
        ((ICollection<KeyValuePair<string, object>>)_properties).Contains(item);

    void ICollection<KeyValuePair<string, object>>.CopyTo(KeyValuePair<string, object>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, object>>)_properties).CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, object>>.Remove(KeyValuePair<string, object> item) => Remove(item.Key);

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() => _properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _properties.GetEnumerator();

    internal Dictionary<string, object> Properties => _properties;

    private object Get(string key, Type type)
    {
        Argument.NotNullOrEmpty(key, nameof(key));
        if (!_properties.TryGetValue(key, out var value) || value is null)
        {
            return null;
        }

        return value switch
        {
            DateTimeOffset instant when type == typeof(DateTime?) => instant.UtcDateTime,
            DateTime instant when type == typeof(DateTimeOffset?) => new DateTimeOffset(instant),
            byte[] bytes when type == typeof(BinaryData) => BinaryData.FromBytes(bytes),
            _ when (Nullable.GetUnderlyingType(type) ?? type).IsInstanceOfType(value) => value,
            _ => throw new InvalidOperationException($"Cannot return {type} type for a {value.GetType()} typed property."),
        };
    }

    [SuppressMessage("Globalization", "CA1305", Justification = "An instant over a text takes the text of the running culture, as the official client has it.")]
    private static object Coerce(object present, object value) => (present, value) switch
    {
        (double, int number) => (double)number,
        (long, int number) => (long)number,
        (string, DateTime or DateTimeOffset) => value.ToString(),
        _ => value,
    };
}
