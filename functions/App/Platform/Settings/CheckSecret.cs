using System.Text;

namespace Serverless940.Functions.Platform.Settings;

/// <summary>
/// A secret by which others prove themselves to us. While a provider changes over to a new one, the one before it counts
/// too: its setting has the same name with <c>Previous</c> behind it.
/// </summary>
public sealed record CheckSecret(string Current, string? Previous = null)
{
    /// <summary>Every secret that counts now, as bytes.</summary>
    public IReadOnlyList<byte[]> Keys { get; } =
        Previous is null ? [Encoding.UTF8.GetBytes(Current)] : [Encoding.UTF8.GetBytes(Current), Encoding.UTF8.GetBytes(Previous)];
}
