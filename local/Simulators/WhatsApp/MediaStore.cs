using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Serverless940.Local.Simulators.WhatsApp;

/// <summary>A file a citizen sent.</summary>
internal sealed record StoredMedia(string Id, string MimeType, string Sha256Hex, long FileSize)
{
    internal string Sha256Base64 => Convert.ToBase64String(Convert.FromHexString(Sha256Hex));
}

/// <summary>Media as the Cloud API keeps it: found by a numeric id, fetched by an address that lives five minutes.</summary>
internal sealed class MediaStore(string folder, byte[] key)
{
    internal const int LargestBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan _addressLife = TimeSpan.FromMinutes(5);

    internal async Task<StoredMedia> AddAsync(byte[] content, string mimeType, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var id = RandomNumberGenerator.GetInt32(100_000_000, 1_000_000_000).ToString(CultureInfo.InvariantCulture)
            + RandomNumberGenerator.GetInt32(100_000, 1_000_000).ToString(CultureInfo.InvariantCulture);
        var media = new StoredMedia(id, mimeType, Convert.ToHexStringLower(SHA256.HashData(content)), content.Length);
        await File.WriteAllBytesAsync(ContentPath(id), content, cancellationToken);
        await File.WriteAllBytesAsync(FactsPath(id), JsonSerializer.SerializeToUtf8Bytes(media, Wire.Json), cancellationToken);
        return media;
    }

    internal async Task<StoredMedia?> FindAsync(string id, CancellationToken cancellationToken) =>
        id.Length is > 0 and < 30 && id.All(char.IsAsciiDigit) && File.Exists(FactsPath(id))
            ? JsonSerializer.Deserialize<StoredMedia>(await File.ReadAllBytesAsync(FactsPath(id), cancellationToken), Wire.Json)
            : null;

    internal string ContentPath(string id) => Path.Combine(folder, id + ".bin");

    /// <summary>The query that opens <paramref name="id"/> for five minutes of real time.</summary>
    internal string AddressQuery(string id)
    {
        var expires = DateTimeOffset.UtcNow.Add(_addressLife).ToUnixTimeSeconds();
        return $"?mid={id}&ext={expires.ToString(CultureInfo.InvariantCulture)}&hash={Hash(id, expires)}";
    }

    internal bool IsOpen(string id, string? ext, string? hash) =>
        long.TryParse(ext, NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
        && expires >= DateTimeOffset.UtcNow.ToUnixTimeSeconds()
        && Wire.SameSecret(Hash(id, expires), hash);

    private string Hash(string id, long expires) => Convert.ToHexStringLower(HMACSHA256.HashData(
        key, Encoding.UTF8.GetBytes(id + "." + expires.ToString(CultureInfo.InvariantCulture))));

    private string FactsPath(string id) => Path.Combine(folder, id + ".json");
}
