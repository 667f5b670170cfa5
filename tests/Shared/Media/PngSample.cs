using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Serverless940.Tests.Shared.Media;

/// <summary>Small PNGs that any viewer decodes, with whatever chunks a test wants around the picture.</summary>
public static class PngSample
{
    public static byte[] Signature { get; } = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] Build(int width, int height, byte[][] before, byte[][] after) =>
    [
        .. Signature,
        .. Header(width, height),
        .. before.SelectMany(chunk => chunk),
        .. Data(width, height),
        .. after.SelectMany(chunk => chunk),
        .. Chunk("IEND", []),
    ];

    public static byte[] Header(long width, long height)
    {
        var body = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(body, (uint)width);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(4), (uint)height);
        body[8] = 8; // bits; colour type 0 is grey
        return Chunk("IHDR", body);
    }

    public static byte[] Data(int width, int height)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(new byte[(width + 1) * height]);
        }

        return Chunk("IDAT", packed.ToArray());
    }

    public static byte[] Chunk(string type, ReadOnlySpan<byte> body)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), .. body, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(chunk, (uint)body.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4), Crc(chunk.AsSpan()[4..^4]));
        return chunk;
    }

    /// <summary>The checksum bit by bit, as the standard words it.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
