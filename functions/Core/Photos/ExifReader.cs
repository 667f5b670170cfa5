using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Serverless940.Core.Photos;

/// <summary>The little that is taken from a photo's EXIF before it is dropped.</summary>
/// <param name="Orientation">1 to 8; 0 when the photo does not say.</param>
internal readonly record struct ExifFacts(int Orientation, PhotoPosition? Gps, DateTime? TakenAt, TimeSpan? TakenAtOffset)
{
    /// <summary>True when a viewer would show the picture turned or mirrored.</summary>
    public bool IsTurned => Orientation is > 1 and <= 8;
}

/// <summary>
/// Reads position, capture time and orientation from EXIF (CIPA DC-008, a TIFF structure). Three directories
/// are visited by name and no chain is followed, so hostile offsets and loops lead nowhere; whatever is out of
/// bounds or implausible counts as not there.
/// </summary>
internal static class ExifReader
{
    private const ushort Ascii = 2;
    private const ushort Short = 3;
    private const ushort Long = 4;
    private const ushort Rational = 5;

    /// <summary>Reads a TIFF structure, with or without the <c>Exif\0\0</c> that JPEG puts before it.</summary>
    public static ExifFacts Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("Exif\0"u8) && bytes.Length > 6)
        {
            bytes = bytes[6..];
        }

        if (!Tiff.TryOpen(bytes, out var tiff))
        {
            return default;
        }

        var root = tiff.UInt32(4) ?? 0;
        var exif = tiff.Pointer(root, 0x8769);
        return new(
            tiff.Number(root, 0x0112) is >= 1 and <= 8 and var orientation ? (int)orientation : 0,
            Position(tiff, tiff.Pointer(root, 0x8825)),
            Time(tiff, exif, 0x9003) ?? Time(tiff, exif, 0x9004),
            Offset(tiff.Text(exif, 0x9011)));
    }

    private static PhotoPosition? Position(Tiff tiff, uint gps)
    {
        var latitude = Angle(tiff, gps, 2) * Sign(tiff.Text(gps, 1), 'N', 'S');
        var longitude = Angle(tiff, gps, 4) * Sign(tiff.Text(gps, 3), 'E', 'W');

        // Cameras without a fix write zeros: nobody reports a pothole in the Gulf of Guinea.
        return latitude is >= -90 and <= 90 && longitude is >= -180 and <= 180 && (latitude != 0 || longitude != 0)
            ? new PhotoPosition(latitude.Value, longitude.Value)
            : null;
    }

    private static double? Angle(Tiff tiff, uint gps, ushort tag)
    {
        var degrees = tiff.Ratio(gps, tag, 0);
        var minutes = tiff.Ratio(gps, tag, 1);
        var seconds = tiff.Ratio(gps, tag, 2);
        return degrees <= 180 && minutes <= 60 && seconds <= 60 ? degrees + (minutes / 60) + (seconds / 3600) : null;
    }

    private static double? Sign(string? reference, char positive, char negative) =>
        reference is not { Length: 1 } ? null
        : char.ToUpperInvariant(reference[0]) == positive ? 1
        : char.ToUpperInvariant(reference[0]) == negative ? -1
        : null;

    private static DateTime? Time(Tiff tiff, uint exif, ushort tag) =>
        DateTime.TryParseExact(
            tiff.Text(exif, tag), "yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            && time.Year >= 1990
            ? time
            : null;

    private static TimeSpan? Offset(string? text)
    {
        if (text is not { Length: 6 } || text[0] is not ('+' or '-'))
        {
            return null;
        }

        return TimeSpan.TryParseExact(text[1..], "hh\\:mm", CultureInfo.InvariantCulture, out var offset) && offset.TotalHours <= 14
            ? text[0] == '-' ? -offset : offset
            : null;
    }

    private readonly ref struct Tiff
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private readonly bool _little;

        private Tiff(ReadOnlySpan<byte> bytes, bool little)
        {
            _bytes = bytes;
            _little = little;
        }

        public static bool TryOpen(ReadOnlySpan<byte> bytes, out Tiff tiff)
        {
            var little = bytes.StartsWith("II*\0"u8);
            tiff = new(bytes, little);
            return little || bytes.StartsWith("MM\0*"u8);
        }

        public uint? UInt32(long at) =>
            at < 0 || at + 4 > _bytes.Length ? null
            : _little ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes[(int)at..])
            : BinaryPrimitives.ReadUInt32BigEndian(_bytes[(int)at..]);

        /// <summary>The offset of a sub-directory, 0 when there is none.</summary>
        public uint Pointer(uint directory, ushort tag) =>
            Find(directory, tag, out var type, out _, out var at) && type == Long ? UInt32(at) ?? 0 : 0;

        public uint? Number(uint directory, ushort tag) =>
            !Find(directory, tag, out var type, out _, out var at) ? null
            : type == Short ? UInt16(at)
            : type == Long ? UInt32(at)
            : null;

        public double? Ratio(uint directory, ushort tag, int index)
        {
            if (!Find(directory, tag, out var type, out var count, out var at) || type != Rational || index >= count)
            {
                return null;
            }

            var denominator = UInt32(at + (index * 8) + 4);
            return denominator is null or 0 ? null : UInt32(at + (index * 8)) / (double)denominator;
        }

        /// <summary>ASCII text up to its first NUL; null when it is absent or longer than any field we read.</summary>
        public string? Text(uint directory, ushort tag)
        {
            if (!Find(directory, tag, out var type, out var count, out var at) || type != Ascii || count > 64
                || at + count > _bytes.Length)
            {
                return null;
            }

            var text = _bytes.Slice((int)at, (int)count);
            var end = text.IndexOf((byte)0);
            return Encoding.ASCII.GetString(end < 0 ? text : text[..end]).Trim();
        }

        private ushort? UInt16(long at) =>
            at < 0 || at + 2 > _bytes.Length ? null
            : _little ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes[(int)at..])
            : BinaryPrimitives.ReadUInt16BigEndian(_bytes[(int)at..]);

        private bool Find(uint directory, ushort tag, out ushort type, out uint count, out long valueAt)
        {
            (type, count, valueAt) = (0, 0, 0);
            if (directory < 8 || UInt16(directory) is not { } entries)
            {
                return false;
            }

            for (var index = 0; index < entries; index++)
            {
                var entry = directory + 2L + (index * 12L);
                if (entry + 12 > _bytes.Length)
                {
                    return false;
                }

                if (UInt16(entry) != tag)
                {
                    continue;
                }

                type = UInt16(entry + 2)!.Value;
                count = UInt32(entry + 4)!.Value;
                var size = type switch { Ascii => 1L, Short => 2L, Long => 4L, Rational => 8L, _ => 0L };
                valueAt = size * count <= 4 ? entry + 8 : UInt32(entry + 8)!.Value;
                return size > 0 && count > 0;
            }

            return false;
        }
    }
}

/// <summary>The only EXIF that is ever written: an orientation and nothing else.</summary>
internal static class OrientationExif
{
    /// <summary>Length of <see cref="Tiff"/>.</summary>
    public const int TiffLength = 26;

    public static byte[] Tiff(int orientation) =>
    [
        (byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0,
        1, 0,
        0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0,
        0, 0, 0, 0,
    ];

    /// <summary>As the body of a JPEG APP1 segment.</summary>
    public static byte[] App1(int orientation) => [.. "Exif\0\0"u8, .. Tiff(orientation)];
}
