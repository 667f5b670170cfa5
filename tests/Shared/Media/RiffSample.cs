using System.Buffers.Binary;
using System.Text;

namespace Serverless940.Tests.Shared.Media;

/// <summary>RIFF files: WebP pictures of 3 by 2 pixels that any viewer decodes, and WAV sound.</summary>
public static class RiffSample
{
    private static readonly byte[] _lossy = Convert.FromBase64String(
        "UklGRjQAAABXRUJQVlA4ICgAAACQAQCdASoDAAIAAsBMJaACdLoAA5gA/ug4v43m81rW/1du1meDAAAA");

    private static readonly byte[] _lossless = Convert.FromBase64String("UklGRh4AAABXRUJQVlA4TBEAAAAvAkAAAAdQqIIWpP+BiOh/AAA=");

    public static byte[] LossyPicture { get; } = _lossy[12..];

    public static byte[] LosslessPicture { get; } = _lossless[12..];

    /// <summary>The extended form of WebP with these chunks around the lossy picture.</summary>
    public static byte[] ExtendedWebp(byte flags, byte[][] before, byte[][] after, int width = 3, int height = 2) =>
        Riff("WEBP", [Canvas(flags, width, height), .. before, LossyPicture, .. after]);

    public static byte[] Canvas(byte flags, int width, int height)
    {
        var (w, h) = (width - 1, height - 1);
        return Chunk("VP8X", [flags, 0, 0, 0, (byte)w, (byte)(w >> 8), (byte)(w >> 16), (byte)h, (byte)(h >> 8), (byte)(h >> 16)]);
    }

    /// <summary>One channel, 8 kHz, 8 bits.</summary>
    public static byte[] Wav(byte[] samples, params byte[][] extra) => Riff(
        "WAVE",
        [
            Chunk("fmt ", [1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x40, 0x1F, 0, 0, 1, 0, 8, 0]),
            .. extra,
            Chunk("data", samples),
        ]);

    public static byte[] Riff(string form, params byte[][] chunks)
    {
        byte[] file = [.. "RIFF"u8, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(form), .. chunks.SelectMany(chunk => chunk)];
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), (uint)file.Length - 8);
        return file;
    }

    public static byte[] Chunk(string type, ReadOnlySpan<byte> body)
    {
        byte[] chunk = [.. Encoding.ASCII.GetBytes(type), 0, 0, 0, 0, .. body, .. new byte[body.Length % 2]];
        BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(4), (uint)body.Length);
        return chunk;
    }
}
