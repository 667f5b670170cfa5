using System.Buffers.Binary;
using System.Text;

namespace Serverless940.Tests.Shared.Media;

/// <summary>Builds EXIF (a TIFF structure) field by field, honest or not.</summary>
public sealed class ExifSample
{
    /// <summary>Text planted in every sample; none of it may survive.</summary>
    public const string Secret = "SECRET-EXIF-OWNER";

    private readonly List<(ushort Tag, ushort Type, uint Count, byte[] Value)> _root = [];
    private readonly List<(ushort Tag, ushort Type, uint Count, byte[] Value)> _exif = [];
    private readonly List<(ushort Tag, ushort Type, uint Count, byte[] Value)> _gps = [];
    private readonly bool _little;

    private ExifSample(bool little) => _little = little;

    public static ExifSample LittleEndian() => new ExifSample(true).WithOwner();

    public static ExifSample BigEndian() => new ExifSample(false).WithOwner();

    public ExifSample WithOrientation(int value)
    {
        _root.Add((0x0112, 3, 1, UInt16((ushort)value)));
        return this;
    }

    public ExifSample TakenAt(string text, string? offset = null)
    {
        _exif.Add(Text(0x9003, text));
        if (offset is not null)
        {
            _exif.Add(Text(0x9011, offset));
        }

        return this;
    }

    /// <summary>A position as cameras write it: degrees, minutes and hundredths of seconds.</summary>
    public ExifSample At(double latitude, double longitude) =>
        WithAngle(1, 2, latitude >= 0 ? "N" : "S", Degrees(latitude)).WithAngle(3, 4, longitude >= 0 ? "E" : "W", Degrees(longitude));

    /// <summary>A position written raw: three numerators with their denominators.</summary>
    public ExifSample WithAngle(ushort referenceTag, ushort tag, string reference, params uint[] ratios)
    {
        _gps.Add(Text(referenceTag, reference));
        _gps.Add((tag, 5, (uint)ratios.Length / 2, [.. ratios.SelectMany(UInt32)]));
        return this;
    }

    public ExifSample WithField(ushort tag, ushort type, uint count, byte[] value)
    {
        _root.Add((tag, type, count, value));
        return this;
    }

    public byte[] Build()
    {
        var root = new List<(ushort Tag, ushort Type, uint Count, byte[] Value)>(_root);
        var rootLength = Length(root) + (_exif.Count > 0 ? 12 : 0) + (_gps.Count > 0 ? 12 : 0);
        var exifAt = 8 + rootLength;
        var gpsAt = exifAt + (_exif.Count > 0 ? Length(_exif) : 0);
        if (_exif.Count > 0)
        {
            root.Add((0x8769, 4, 1, UInt32((uint)exifAt)));
        }

        if (_gps.Count > 0)
        {
            root.Add((0x8825, 4, 1, UInt32((uint)gpsAt)));
        }

        return
        [
            .. _little ? "II*\0"u8 : "MM\0*"u8,
            .. UInt32(8),
            .. Directory(root, 8),
            .. _exif.Count > 0 ? Directory(_exif, exifAt) : [],
            .. _gps.Count > 0 ? Directory(_gps, gpsAt) : [],
        ];
    }

    private static int Length(List<(ushort Tag, ushort Type, uint Count, byte[] Value)> fields) =>
        6 + (fields.Count * 12) + fields.Sum(field => field.Value.Length > 4 ? field.Value.Length : 0);

    private static uint[] Degrees(double value)
    {
        var hundredths = (long)Math.Round(Math.Abs(value) * 360_000);
        return [(uint)(hundredths / 360_000), 1, (uint)(hundredths / 6000 % 60), 1, (uint)(hundredths % 6000), 100];
    }

    private static (ushort Tag, ushort Type, uint Count, byte[] Value) Text(ushort tag, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text + "\0");
        return (tag, 2, (uint)bytes.Length, bytes);
    }

    private ExifSample WithOwner()
    {
        _root.Add(Text(0x013B, Secret));
        return this;
    }

    private byte[] Directory(List<(ushort Tag, ushort Type, uint Count, byte[] Value)> fields, int at)
    {
        var bytes = new List<byte>(UInt16((ushort)fields.Count));
        var outside = new List<byte>();
        var outsideAt = at + 6 + (fields.Count * 12);
        foreach (var (tag, type, count, value) in fields)
        {
            bytes.AddRange(UInt16(tag));
            bytes.AddRange(UInt16(type));
            bytes.AddRange(UInt32(count));
            if (value.Length > 4)
            {
                bytes.AddRange(UInt32((uint)(outsideAt + outside.Count)));
                outside.AddRange(value);
            }
            else
            {
                bytes.AddRange(value);
                bytes.AddRange(new byte[4 - value.Length]);
            }
        }

        return [.. bytes, 0, 0, 0, 0, .. outside];
    }

    private byte[] UInt16(ushort value)
    {
        var bytes = new byte[2];
        if (_little)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        }

        return bytes;
    }

    private byte[] UInt32(uint value)
    {
        var bytes = new byte[4];
        if (_little)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        }

        return bytes;
    }
}
