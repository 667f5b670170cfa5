using System.Buffers.Binary;

namespace Serverless940.Core.Photos;

/// <summary>
/// JPEG (ITU-T T.81): keeps what a decoder needs (tables, frame, scans, restart interval, JFIF without its
/// thumbnail, Adobe's colour transform, the ICC profile) and drops every other APPn, comments, and whatever
/// follows the end of the image: thumbnails, second images, archives glued on.
/// </summary>
internal sealed class JpegRewriter(ByteSource source, ByteSink sink, MediaLimits limits, MediaFacts facts)
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;
    private const int MaxProfileBytes = 1024 * 1024;

    // Real progressive files have about ten. More scans only serve to keep a viewer busy.
    private const int MaxScans = 100;

    private readonly byte[] _header = new byte[4];
    private bool _frameSeen;
    private bool _exifSeen;
    private int _scans;
    private int _profileBytes;

    public async Task RewriteAsync(CancellationToken cancellationToken)
    {
        await sink.CopyAsync(source, 2, "jpeg-no-end", cancellationToken);
        while (true)
        {
            var marker = await ReadMarkerAsync(cancellationToken);
            switch (marker)
            {
                case EndOfImage when _scans == 0:
                    throw MediaRefusedException.Malformed("jpeg-no-picture");
                case EndOfImage:
                    _header[0] = 0xFF;
                    _header[1] = EndOfImage;
                    await sink.WriteAsync(_header.AsMemory(0, 2), cancellationToken);
                    return;
                case 0x01: // TEM carries nothing
                    break;
                case < 0xC0 or (>= 0xD0 and <= 0xD8):
                    throw MediaRefusedException.Malformed("jpeg-marker");
                default:
                    await RewriteSegmentAsync(marker, cancellationToken);
                    break;
            }

            if (marker == StartOfScan)
            {
                await CopyScanAsync(cancellationToken);
            }
        }
    }

    private async ValueTask<byte> ReadMarkerAsync(CancellationToken cancellationToken)
    {
        await source.EnsureAsync(2, "jpeg-no-end", cancellationToken);
        if (source.Buffered.Span[0] != 0xFF)
        {
            throw MediaRefusedException.Malformed("jpeg-marker");
        }

        while (source.Buffered.Span[1] == 0xFF)
        {
            source.Advance(1); // fill bytes
            await source.EnsureAsync(2, "jpeg-no-end", cancellationToken);
        }

        var marker = source.Buffered.Span[1];
        source.Advance(2);
        return marker;
    }

    private async ValueTask RewriteSegmentAsync(byte marker, CancellationToken cancellationToken)
    {
        await source.EnsureAsync(2, "jpeg-no-end", cancellationToken);
        int length = BinaryPrimitives.ReadUInt16BigEndian(source.Buffered.Span);
        if (length < 2)
        {
            throw MediaRefusedException.Malformed("jpeg-segment-length");
        }

        await source.EnsureAsync(length, "jpeg-no-end", cancellationToken);
        ReadOnlyMemory<byte> body = source.Buffered[2..length];
        var kept = Keep(marker, body);
        if (!kept.IsEmpty)
        {
            _header[0] = 0xFF;
            _header[1] = marker;
            BinaryPrimitives.WriteUInt16BigEndian(_header.AsSpan(2), (ushort)(kept.Length + 2));
            await sink.WriteAsync(_header, cancellationToken);
            await sink.WriteAsync(kept, cancellationToken);
        }

        source.Advance(length);
    }

    /// <summary>The body to write for a segment; empty to drop it.</summary>
    private ReadOnlyMemory<byte> Keep(byte marker, ReadOnlyMemory<byte> body)
    {
        switch (marker)
        {
            case 0xDB:
                JpegSegments.CheckQuantization(body.Span);
                return body;
            case 0xC4:
                JpegSegments.CheckHuffman(body.Span);
                return body;
            case 0xCC: // arithmetic conditioning: pairs
                return body.Length % 2 == 0 ? body : throw MediaRefusedException.Malformed("jpeg-table");
            case 0xDD:
                return body.Length == 2 ? body : throw MediaRefusedException.Malformed("jpeg-restart-interval");
            case 0xDC: // may restate the height, never change it
                return body.Length == 2 && BinaryPrimitives.ReadUInt16BigEndian(body.Span) == facts.Height
                    ? body
                    : throw MediaRefusedException.Malformed("jpeg-height");
            case 0xC8 or 0xDE or 0xDF: // extensions and hierarchical frames: no viewer shows them
                throw MediaRefusedException.Unsupported("jpeg-hierarchical");
            case >= 0xC0 and <= 0xCF:
                ReadFrame(body.Span);
                return body;
            case StartOfScan:
                CheckScan(body.Span);
                return body;
            case 0xE0:
                return JpegSegments.Jfif(body.Span);
            case 0xE1:
                return Exif(body.Span);
            case 0xE2:
                return Profile(body);
            case 0xEE:
                return body.Length >= 12 && body.Span.StartsWith("Adobe"u8) ? body[..12] : default;
            default:
                return default;
        }
    }

    private void ReadFrame(ReadOnlySpan<byte> body)
    {
        if (_frameSeen || body.Length < 9 || body[5] is 0 or > 4 || body.Length != 6 + (3 * body[5]))
        {
            throw MediaRefusedException.Malformed("jpeg-frame");
        }

        _frameSeen = true;
        facts.SetSize(
            BinaryPrimitives.ReadUInt16BigEndian(body[3..]), BinaryPrimitives.ReadUInt16BigEndian(body[1..]), limits);
    }

    private void CheckScan(ReadOnlySpan<byte> body)
    {
        if (!_frameSeen || body.Length < 6 || body[0] is 0 or > 4 || body.Length != 4 + (2 * body[0]))
        {
            throw MediaRefusedException.Malformed("jpeg-scan");
        }

        if (++_scans > MaxScans)
        {
            throw MediaRefusedException.Malformed("jpeg-too-many-scans");
        }
    }

    private byte[] Exif(ReadOnlySpan<byte> body)
    {
        if (_exifSeen || !body.StartsWith("Exif\0"u8))
        {
            return [];
        }

        _exifSeen = true;
        facts.Exif = ExifReader.Read(body);
        return facts.Exif.IsTurned ? OrientationExif.App1(facts.Exif.Orientation) : [];
    }

    private ReadOnlyMemory<byte> Profile(ReadOnlyMemory<byte> body)
    {
        // The other APP2 is the multi-picture index, whose pictures lie behind the end that is kept.
        if (_scans > 0 || body.Length < 14 || !body.Span.StartsWith("ICC_PROFILE\0"u8))
        {
            return default;
        }

        _profileBytes += body.Length;
        return _profileBytes <= MaxProfileBytes ? body : default;
    }

    private async ValueTask CopyScanAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await source.EnsureAsync(2, "jpeg-no-end", cancellationToken);
            var length = JpegSegments.EntropyLength(source.Buffered.Span, out var fill, out var ended);
            await sink.WriteAsync(source.Buffered[..length], cancellationToken);
            source.Advance(length + fill);
            if (ended)
            {
                return;
            }
        }
    }
}

/// <summary>The parts of a JPEG that are checked byte by byte.</summary>
internal static class JpegSegments
{
    /// <summary>How many bytes at the front are entropy-coded data, stuffed zeros and restart markers included.</summary>
    /// <param name="data">At least two bytes, in a scan.</param>
    /// <param name="fill">How many fill bytes follow it, to be dropped: they may stand before any marker and mean nothing.</param>
    /// <param name="ended">True when a marker follows; false when there is more to look at or to read.
    /// Either this is true or the two counts are not both zero.</param>
    public static int EntropyLength(ReadOnlySpan<byte> data, out int fill, out bool ended)
    {
        fill = 0;
        ended = false;
        var at = 0;
        while (true)
        {
            var next = data[at..].IndexOf((byte)0xFF);
            if (next < 0)
            {
                return data.Length;
            }

            at += next;
            if (at + 1 == data.Length)
            {
                return at; // held back until its successor is known
            }

            switch (data[at + 1])
            {
                case 0 or (>= 0xD0 and <= 0xD7):
                    at += 2;
                    break;
                case 0xFF:
                    var others = data[at..].IndexOfAnyExcept((byte)0xFF);
                    fill = (others < 0 ? data.Length - at : others) - 1;
                    return at;
                default:
                    ended = true;
                    return at;
            }
        }
    }

    /// <summary>Tables are checked so that nothing can be hidden in their segment.</summary>
    public static void CheckQuantization(ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            var length = 1 + ((body[0] >> 4) == 0 ? 64 : 128);
            if (body[0] >> 4 > 1 || (body[0] & 15) > 3 || body.Length < length)
            {
                throw MediaRefusedException.Malformed("jpeg-table");
            }

            body = body[length..];
        }
    }

    public static void CheckHuffman(ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            var length = 17;
            for (var index = 1; index < Math.Min(17, body.Length); index++)
            {
                length += body[index];
            }

            if (length > 17 + 256 || body.Length < length)
            {
                throw MediaRefusedException.Malformed("jpeg-table");
            }

            body = body[length..];
        }
    }

    /// <summary>A JFIF header without its thumbnail; empty for anything else in APP0.</summary>
    public static byte[] Jfif(ReadOnlySpan<byte> body)
    {
        if (body.Length < 14 || !body.StartsWith("JFIF\0"u8))
        {
            return [];
        }

        var plain = body[..14].ToArray();
        plain[12] = plain[13] = 0;
        return plain;
    }
}
