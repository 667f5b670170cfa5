using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Serverless940.Functions.Pages;

/// <summary>A file of the pages, ready to be sent.</summary>
/// <param name="Brotli">The same compressed, or <see langword="null"/> when it is packed already.</param>
/// <param name="Gzip">The same for who knows no Brotli.</param>
public sealed record Asset(string Address, string ContentType, byte[] Bytes, Lazy<byte[]>? Brotli, Lazy<byte[]>? Gzip);

/// <summary>
/// Files of the pages, built into the app, under names that change with their content. Where one names another as
/// <c>./name</c>, it is given that name, so a change reaches everyone who holds an older copy of either.
/// </summary>
public static partial class Assets
{
    private const string Prefix = "Serverless940.Functions.Pages.assets.";

    private static readonly FrozenDictionary<string, Asset> ByName = new Builder().Build();

    private static readonly FrozenDictionary<string, Asset> ByAddress = ByName.Values.ToFrozenDictionary(asset => asset.Address);

    /// <summary>The address of a file by its plain name (<c>page.css</c>).</summary>
    public static string Address(string name) => ByName[name].Address;

    public static Asset? Find(string hashedName) => ByAddress.GetValueOrDefault("/assets/" + hashedName);

    /// <summary>A file that has an address of its own (<c>sw.js</c>).</summary>
    public static Asset Get(string name) => ByName[name];

    internal static byte[] Resource(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} was not built in.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    internal static Asset Packed(string address, string contentType, byte[] bytes) => new(
        address, contentType, bytes,
        new Lazy<byte[]>(() => Pack(bytes, target => new BrotliStream(target, CompressionLevel.SmallestSize))),
        new Lazy<byte[]>(() => Pack(bytes, target => new GZipStream(target, CompressionLevel.SmallestSize))));

    private static byte[] Pack(byte[] bytes, Func<Stream, Stream> packer)
    {
        using var target = new MemoryStream();
        using (var stream = packer(target))
        {
            stream.Write(bytes);
        }

        return target.ToArray();
    }

    [GeneratedRegex(@"(?<=["" '(])\./(?<name>[a-z0-9-]+\.(?:js|css|woff2|svg))(?=["" ')])")]
    private static partial Regex Mentions();

    // Each after those that it names, because their names are part of it.
    private sealed class Builder
    {
        private readonly Dictionary<string, Asset> _built = new(StringComparer.Ordinal);

        public FrozenDictionary<string, Asset> Build()
        {
            foreach (var resource in typeof(Assets).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
            {
                BuildOne(resource[Prefix.Length..]);
            }

            return _built.ToFrozenDictionary();
        }

        private Asset BuildOne(string name)
        {
            if (_built.TryGetValue(name, out var known))
            {
                return known;
            }

            var bytes = Resource(Prefix + name);
            var dot = name.LastIndexOf('.');
            var contentType = name[dot..] switch
            {
                ".css" => "text/css; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                ".svg" => "image/svg+xml",
                _ => "font/woff2",
            };
            var isText = name[dot..] != ".woff2";
            if (isText)
            {
                bytes = Encoding.UTF8.GetBytes(Mentions().Replace(Encoding.UTF8.GetString(bytes), mention => BuildOne(mention.Groups["name"].Value).Address));
            }

            var address = $"/assets/{name[..dot]}.{Convert.ToHexStringLower(SHA256.HashData(bytes))[..8]}{name[dot..]}";
            return _built[name] = isText ? Packed(address, contentType, bytes) : new Asset(address, contentType, bytes, null, null);
        }
    }
}
