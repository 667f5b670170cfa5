using System.ComponentModel;
using Serverless940.Local.Tables;

namespace Azure.Data.Tables;

/// <summary>The cloud for whose table service a token is asked.</summary>
public readonly struct TableAudience : IEquatable<TableAudience>
{
    private readonly string _value;

    public TableAudience(string value)
    {
        Argument.NotNullOrEmpty(value, nameof(value));
        _value = value;
    }

    public static TableAudience AzureChina { get; } = new("AzureChina");

    public static TableAudience AzureGovernment { get; } = new("AzureGov");

    public static TableAudience AzurePublicCloud { get; } = new("AzurePublic");

    public static implicit operator TableAudience(string value) => new(value);

    public static bool operator ==(TableAudience left, TableAudience right) => left.Equals(right);

    public static bool operator !=(TableAudience left, TableAudience right) => !left.Equals(right);

    public bool Equals(TableAudience other) => string.Equals(_value, other._value, StringComparison.OrdinalIgnoreCase);

    [EditorBrowsable(EditorBrowsableState.Never)]
    public override bool Equals(object obj) => obj is TableAudience other && Equals(other);

    [EditorBrowsable(EditorBrowsableState.Never)]
    public override int GetHashCode() => _value is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(_value);

    public override string ToString() => _value;

    internal string DefaultScope(bool cosmos)
    {
        var audience = _value switch
        {
            "AzureChina" => cosmos ? "https://cosmos.azure.cn" : "https://storage.azure.cn",
            "AzureGov" => cosmos ? "https://cosmos.azure.us" : "https://storage.azure.us",
            "AzurePublic" => cosmos ? "https://cosmos.azure.com" : "https://storage.azure.com",
            _ => _value,
        };
        return audience.EndsWith("/.default", StringComparison.OrdinalIgnoreCase) ? audience
            : audience.EndsWith('/') ? audience + ".default"
            : audience + "/.default";
    }
}
