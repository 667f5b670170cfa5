using System.Buffers.Binary;

namespace Serverless940.Core.Photos;

/// <summary>
/// PNG (ISO/IEC 15948): keeps the picture and the chunks that say how to show it, drops text, time, EXIF (but
/// an orientation) and everything unknown, including what follows IEND. An animated PNG becomes its still
/// picture. Compressed data is never inflated, so no bomb can go off here.
/// </summary>
internal sealed class PngRewriter(ByteSource source, ByteSink sink, MediaLimits limits, MediaFacts facts)
{
    private const int MaxProfileBytes = 1024 * 1024;
    private const string NoEnd = "png-no-end";

    private bool _dataSeen;
    private bool _dataOver;
    private bool _exifSeen;

    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public async Task RewriteAsync(CancellationToken cancellationToken)
    {
        await sink.CopyAsync(source, 8, NoEnd, cancellationToken);
        await ReadHeaderAsync(cancellationToken);
        while (true)
        {
            await source.EnsureAsync(8, NoEnd, cancellationToken);
            var length = BinaryPrimitives.ReadUInt32BigEndian(source.Buffered.Span);
            var type = BinaryPrimitives.ReadUInt32BigEndian(source.Buffered.Span[4..]);
            var keep = Keep(type, length);
            if (type == Types.Exif && !_exifSeen)
            {
                await RewriteExifAsync(length, cancellationToken);
            }
            else
            {
                await PassChunkAsync(length, keep, cancellationToken);
            }

            if (type == Types.End)
            {
                return;
            }
        }
    }

    private async ValueTask ReadHeaderAsync(CancellationToken cancellationToken)
    {
        await source.EnsureAsync(21, NoEnd, cancellationToken);
        ReadOnlySpan<byte> chunk = source.Buffered.Span;
        if (BinaryPrimitives.ReadUInt32BigEndian(chunk) != 13 || !chunk[4..8].SequenceEqual("IHDR"u8)
            || !IsColour(chunk[16], chunk[17]) || chunk[18] != 0 || chunk[19] != 0 || chunk[20] > 1)
        {
            throw MediaRefusedException.Malformed("png-header");
        }

        facts.SetSize(BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]), BinaryPrimitives.ReadUInt32BigEndian(chunk[12..]), limits);
        await PassChunkAsync(13, keep: true, cancellationToken);
    }

    private static bool IsColour(byte depth, byte colour) => colour switch
    {
        0 => depth is 1 or 2 or 4 or 8 or 16,
        3 => depth is 1 or 2 or 4 or 8,
        2 or 4 or 6 => depth is 8 or 16,
        _ => false,
    };

    private bool Keep(uint type, uint length)
    {
        if (length > int.MaxValue || !Types.IsName(type))
        {
            throw MediaRefusedException.Malformed("png-chunk");
        }

        if (type == Types.Data)
        {
            _dataSeen = true;
            return !_dataOver ? true : throw MediaRefusedException.Malformed("png-split-data");
        }

        _dataOver = _dataSeen;
        if (type == Types.End)
        {
            return _dataSeen && length == 0 ? true : throw MediaRefusedException.Malformed("png-no-picture");
        }

        if (Types.LongestKept(type) is { } longest)
        {
            // The only one that may be long is the colour profile; a picture does without it.
            return !_dataSeen && (length <= longest ? true
                : type == Types.Profile ? false
                : throw MediaRefusedException.Malformed("png-chunk-length"));
        }

        // A critical chunk we do not know changes the picture (Apple's CgBI): dropping it would break it.
        return Types.IsAncillary(type) ? false : throw MediaRefusedException.Unsupported("png-variant");
    }

    /// <summary>Copies or drops a chunk, its CRC checked either way.</summary>
    private async ValueTask PassChunkAsync(uint length, bool keep, CancellationToken cancellationToken)
    {
        var crc = Crc32.Update(Crc32.Start, source.Buffered.Span[4..8]);
        var left = length;
        if (keep)
        {
            await sink.WriteAsync(source.Buffered[..8], cancellationToken);
        }

        source.Advance(8);
        while (left > 0)
        {
            await source.EnsureAsync(1, NoEnd, cancellationToken);
            var part = source.Buffered[..(int)Math.Min(left, source.Buffered.Length)];
            crc = Crc32.Update(crc, part.Span);
            if (keep)
            {
                await sink.WriteAsync(part, cancellationToken);
            }

            source.Advance(part.Length);
            left -= (uint)part.Length;
        }

        await source.EnsureAsync(4, NoEnd, cancellationToken);
        if (BinaryPrimitives.ReadUInt32BigEndian(source.Buffered.Span) != ~crc)
        {
            throw MediaRefusedException.Malformed("png-checksum");
        }

        if (keep)
        {
            await sink.WriteAsync(source.Buffered[..4], cancellationToken);
        }

        source.Advance(4);
    }

    private async ValueTask RewriteExifAsync(uint length, CancellationToken cancellationToken)
    {
        _exifSeen = true;
        var readable = (int)Math.Min(length, ByteSource.MaxWindow - 8);
        await source.EnsureAsync(8 + readable, NoEnd, cancellationToken);
        facts.Exif = ExifReader.Read(source.Buffered.Span.Slice(8, readable));
        await PassChunkAsync(length, keep: false, cancellationToken);
        if (facts.Exif.IsTurned)
        {
            await sink.WriteAsync(OrientationChunk(facts.Exif.Orientation), cancellationToken);
        }
    }

    private static byte[] OrientationChunk(int orientation)
    {
        byte[] chunk = [0, 0, 0, OrientationExif.TiffLength, .. "eXIf"u8, .. OrientationExif.Tiff(orientation), 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4), ~Crc32.Update(Crc32.Start, chunk.AsSpan()[4..^4]));
        return chunk;
    }

    private static class Types
    {
        public const uint Data = 0x49444154;
        public const uint End = 0x49454E44;
        public const uint Exif = 0x65584966;
        public const uint Profile = 0x69434350;

        /// <summary>The most bytes a chunk that is kept can have by the standard; null for one that is not kept.</summary>
        public static uint? LongestKept(uint type) => type switch
        {
            0x504C5445 => 768, // PLTE
            0x74524E53 => 256, // tRNS
            0x67414D41 => 4, // gAMA
            0x6348524D => 32, // cHRM
            0x73524742 => 1, // sRGB
            0x63494350 => 4, // cICP
            0x73424954 => 4, // sBIT
            0x70485973 => 9, // pHYs
            0x624B4744 => 6, // bKGD
            Profile => MaxProfileBytes,
            _ => null,
        };

        public static bool IsAncillary(uint type) => (type & 0x20000000) != 0;

        public static bool IsName(uint type)
        {
            for (var shift = 0; shift < 32; shift += 8)
            {
                if (!char.IsAsciiLetter((char)(byte)(type >> shift)))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
