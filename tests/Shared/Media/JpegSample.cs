using System.Text;

namespace Serverless940.Tests.Shared.Media;

/// <summary>Small baseline JPEGs that any viewer decodes (a grey picture), with whatever segments a test wants in front.</summary>
public static class JpegSample
{
    private static readonly byte[] _quantization = [0, .. Enumerable.Repeat((byte)1, 64)];

    // One code of one bit in each table: "no change" for the first coefficient, "end of block" for the others.
    private static readonly byte[] _direct = [0x00, 1, .. new byte[15], 0];
    private static readonly byte[] _alternating = [0x10, 1, .. new byte[15], 0];

    public static byte[] Jfif { get; } = Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]);

    /// <summary>A JPEG with these segments between its start and its tables.</summary>
    public static byte[] Build(int width, int height, params byte[][] segments) =>
    [
        0xFF, 0xD8,
        .. segments.SelectMany(segment => segment),
        .. Picture(width, height),
        0xFF, 0xD9,
    ];

    /// <summary>A photo as a phone takes it: position, time, orientation, owner, comment, XMP and IPTC.</summary>
    public static byte[] FromPhone(double latitude, double longitude, int orientation = 1, int width = 64, int height = 48) =>
        Build(
            width,
            height,
            Jfif,
            Exif(ExifSample.BigEndian().WithOrientation(orientation).TakenAt("2026:03:01 14:05:09", "+03:00").At(latitude, longitude)),
            Xmp("SECRET-XMP"),
            Segment(0xED, [.. "Photoshop 3.0\0"u8, .. "8BIM SECRET-IPTC"u8]),
            Segment(0xFE, "SECRET-COMMENT"u8));

    public static byte[] Exif(ExifSample exif) => Segment(0xE1, [.. "Exif\0\0"u8, .. exif.Build()]);

    public static byte[] Xmp(string text) =>
        Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Encoding.UTF8.GetBytes($"<x:xmpmeta>{text}</x:xmpmeta>")]);

    public static byte[] Segment(byte marker, ReadOnlySpan<byte> body) =>
        [0xFF, marker, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body];

    /// <summary>Tables, frame and scan: the bytes that must come through unchanged.</summary>
    public static byte[] Picture(int width, int height)
    {
        var blocks = (long)((width + 7) / 8) * ((height + 7) / 8);
        var bits = blocks * 2;
        var scan = new byte[(bits + 7) / 8];
        if (bits % 8 != 0)
        {
            scan[^1] = (byte)(0xFF >> (int)(bits % 8));
        }

        return [.. Head(width, height), .. scan];
    }

    /// <summary>Everything of <see cref="Picture"/> before the entropy-coded data.</summary>
    public static byte[] Head(int width, int height, byte frame = 0xC0) =>
    [
        .. Segment(0xDB, _quantization),
        .. Segment(frame, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0]),
        .. Segment(0xC4, _direct),
        .. Segment(0xC4, _alternating),
        .. Segment(0xDA, [1, 1, 0, 0, 63, 0]),
    ];
}
