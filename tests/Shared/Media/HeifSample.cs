using System.Buffers.Binary;
using System.Text;

namespace Serverless940.Tests.Shared.Media;

/// <summary>Box structures of HEIC and AVIF as phones write them; the coded picture inside is only a pattern.</summary>
public sealed class HeifSample
{
    public const string Secret = "SECRET-HEIF";

    private readonly List<(uint Id, string Type, byte[] Data, bool Inner)> _items = [];
    private readonly List<byte[]> _extraMeta = [];
    private readonly List<byte[]> _properties = [];

    public string Brand { get; set; } = "heic";

    public uint Width { get; set; } = 640;

    public uint Height { get; set; } = 480;

    /// <summary>True writes the index behind the data, as no phone does but the standard allows.</summary>
    public bool IndexLast { get; set; }

    /// <summary>True leaves the size of the data box open: "to the end of the file".</summary>
    public bool OpenEnd { get; set; }

    public static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(index => (byte)(1 + (index % 250)))];

    /// <summary>A picture with EXIF behind it, an XMP packet, and a description.</summary>
    public static HeifSample FromPhone(double latitude, double longitude) => new HeifSample()
        .WithItem("hvc1", Pattern(500))
        .WithExif(ExifSample.BigEndian().TakenAt("2026:03:01 14:05:09").At(latitude, longitude))
        .WithItem("mime", "<x:xmpmeta>SECRET-XMP</x:xmpmeta>"u8)
        .WithProperty("udes", "\0\0\0\0en\0SECRET-DESCRIPTION\0\0\0"u8);

    public HeifSample WithItem(string type, ReadOnlySpan<byte> data, bool inner = false)
    {
        _items.Add(((uint)_items.Count + 1, type, data.ToArray(), inner));
        return this;
    }

    public HeifSample WithExif(ExifSample exif, bool inner = false) =>
        WithItem("Exif", [0, 0, 0, 6, .. "Exif\0\0"u8, .. exif.Build()], inner);

    public HeifSample WithProperty(string type, ReadOnlySpan<byte> body)
    {
        _properties.Add(Box(type, body));
        return this;
    }

    public HeifSample WithMetaBox(string type, ReadOnlySpan<byte> body)
    {
        _extraMeta.Add(Box(type, body));
        return this;
    }

    public byte[] Build()
    {
        var type = Box("ftyp", [.. Encoding.ASCII.GetBytes(Brand), 0, 0, 0, 0, .. "mif1"u8, .. Encoding.ASCII.GetBytes(Brand)]);
        var metaLength = Meta(0).Length;
        var dataAt = type.Length + (IndexLast ? 0 : metaLength) + 8;
        var data = Box("mdat", [.. _items.Where(item => !item.Inner).SelectMany(item => item.Data)]);
        if (OpenEnd)
        {
            data.AsSpan(0, 4).Clear();
        }

        var meta = Meta(dataAt);
        return IndexLast ? [.. type, .. data, .. meta] : [.. type, .. meta, .. data];
    }

    public static byte[] Box(string type, ReadOnlySpan<byte> body) =>
        [.. UInt32((uint)body.Length + 8), .. Encoding.ASCII.GetBytes(type), .. body];

    private static byte[] UInt32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] UInt16(int value) => [(byte)(value >> 8), (byte)value];

    private byte[] Meta(int dataAt)
    {
        var locations = new List<byte>();
        int outer = dataAt, inner = 0;
        foreach (var item in _items)
        {
            locations.AddRange([.. UInt16((int)item.Id), .. UInt16(item.Inner ? 1 : 0), 0, 0, 0, 1]);
            locations.AddRange([.. UInt32((uint)(item.Inner ? inner : outer)), .. UInt32((uint)item.Data.Length)]);
            inner += item.Inner ? item.Data.Length : 0;
            outer += item.Inner ? 0 : item.Data.Length;
        }

        byte[] innerData = [.. _items.Where(item => item.Inner).SelectMany(item => item.Data)];
        byte[] size = Box("ispe", [0, 0, 0, 0, .. UInt32(Width), .. UInt32(Height)]);
        byte[] associations = Box("ipma", [0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1]);
        return Box(
            "meta",
            [
                0, 0, 0, 0,
                .. Box("hdlr", [0, 0, 0, 0, 0, 0, 0, 0, .. "pict"u8, .. new byte[12], .. Encoding.ASCII.GetBytes(Secret), 0]),
                .. Box("pitm", [0, 0, 0, 0, 0, 1]),
                .. Box("iinf", [0, 0, 0, 0, .. UInt16(_items.Count), .. _items.SelectMany(Info)]),
                .. Box("iprp", [.. Box("ipco", [.. size, .. _properties.SelectMany(property => property)]), .. associations]),
                .. innerData.Length > 0 ? Box("idat", innerData) : [],
                .. Box("iloc", [1, 0, 0, 0, 0x44, 0x00, .. UInt16(_items.Count), .. locations]),
                .. _extraMeta.SelectMany(box => box),
            ]);

        static byte[] Info((uint Id, string Type, byte[] Data, bool Inner) item) => Box(
            "infe",
            [
                2, 0, 0, 0, .. UInt16((int)item.Id), 0, 0, .. Encoding.ASCII.GetBytes(item.Type), .. Encoding.ASCII.GetBytes(Secret), 0,
                .. item.Type == "mime" ? "application/rdf+xml\0"u8 : [],
            ]);
    }
}
