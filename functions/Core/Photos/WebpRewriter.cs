using System.Buffers.Binary;

namespace Serverless940.Core.Photos;

/// <summary>
/// WebP (RFC 9649). The simple form is one chunk, copied under a header of its own size. In the extended form
/// metadata is blanked in place (see <see cref="RiffChunks"/>): XMP and unknown chunks become JUNK and the XMP
/// flag is cleared; the EXIF chunk comes after the flag that announces it, so where that flag is set the chunk
/// stays and holds an orientation and zeros. Animations are refused: a photo of a pothole does not move, and
/// each of their frames may carry chunks of its own.
/// </summary>
internal sealed class WebpRewriter(ByteSource source, ByteSink sink, MediaLimits limits, MediaFacts facts)
{
    private const uint Lossy = 0x20385056; // "VP8 "
    private const uint Lossless = 0x4C385056; // "VP8L"
    private const uint Extended = 0x58385056; // "VP8X"
    private const uint Alpha = 0x48504C41;
    private const uint Profile = 0x50434349;
    private const uint Exif = 0x46495845;
    private const uint Animation = 0x4D494E41;
    private const uint Frame = 0x464D4E41;
    private const int MaxProfileBytes = 1024 * 1024;
    private const string NoEnd = "webp-no-end";

    private const byte AnimationFlag = 0x02;
    private const byte XmpFlag = 0x04;
    private const byte ExifFlag = 0x08;
    private const byte KnownFlags = 0x3E;

    private readonly RiffChunks _chunks = new(source, sink, NoEnd);
    private bool _exifAnnounced;
    private bool _exifSeen;
    private bool _pictureSeen;

    public async Task RewriteAsync(CancellationToken cancellationToken)
    {
        switch (await _chunks.OpenAsync(cancellationToken))
        {
            case Lossy or Lossless:
                await RewriteSimpleAsync(cancellationToken);
                break;
            case Extended:
                await RewriteExtendedAsync(cancellationToken);
                break;
            default:
                throw MediaRefusedException.Malformed("webp-header");
        }
    }

    private async ValueTask RewriteSimpleAsync(CancellationToken cancellationToken)
    {
        var size = BinaryPrimitives.ReadUInt32LittleEndian(source.Buffered.Span[16..]);
        if (size > uint.MaxValue - 16)
        {
            throw MediaRefusedException.Malformed("riff-chunk-size");
        }

        await _chunks.WriteFileHeaderAsync(12 + size + (size & 1), cancellationToken);
        var (type, _) = (await _chunks.NextAsync(cancellationToken))!.Value;
        var (width, height) = await ReadPictureHeaderAsync(type, size, cancellationToken);
        facts.SetSize(width, height, limits);
        await _chunks.WriteHeaderAsync(type, size, cancellationToken);
        await sink.CopyAsync(source, size, NoEnd, cancellationToken);
        await sink.WriteZerosAsync(size & 1, cancellationToken);
    }

    private async ValueTask RewriteExtendedAsync(CancellationToken cancellationToken)
    {
        await _chunks.WriteFileHeaderAsync(null, cancellationToken);
        await RewriteCanvasAsync(cancellationToken);
        while (await _chunks.NextAsync(cancellationToken) is var (type, size))
        {
            switch (type)
            {
                case Animation or Frame:
                    throw MediaRefusedException.Unsupported("webp-animated");
                case Lossy or Lossless when !_pictureSeen:
                    await CheckPictureAsync(type, size, cancellationToken);
                    await _chunks.KeepAsync(type, size, cancellationToken);
                    break;
                case Alpha when !_pictureSeen:
                case Profile when !_pictureSeen && size <= MaxProfileBytes:
                    await _chunks.KeepAsync(type, size, cancellationToken);
                    break;
                case Exif when !_exifSeen:
                    await RewriteExifAsync(size, cancellationToken);
                    break;
                default:
                    await _chunks.BlankAsync(size, cancellationToken);
                    break;
            }
        }

        if (!_pictureSeen)
        {
            throw MediaRefusedException.Malformed("webp-no-picture");
        }
    }

    private async ValueTask RewriteCanvasAsync(CancellationToken cancellationToken)
    {
        if (await _chunks.NextAsync(cancellationToken) is not (Extended, 10))
        {
            throw MediaRefusedException.Malformed("webp-header");
        }

        await source.EnsureAsync(10, NoEnd, cancellationToken);
        var canvas = source.Buffered[..10];
        var flags = canvas.Span[0];
        if ((flags & AnimationFlag) != 0)
        {
            throw MediaRefusedException.Unsupported("webp-animated");
        }

        facts.SetSize(1 + UInt24(canvas.Span[4..]), 1 + UInt24(canvas.Span[7..]), limits);
        _exifAnnounced = (flags & ExifFlag) != 0;
        canvas.Span[0] = (byte)(flags & KnownFlags & ~XmpFlag);
        canvas.Span[1..4].Clear();
        await _chunks.KeepAsync(Extended, 10, cancellationToken);
    }

    private async ValueTask CheckPictureAsync(uint type, uint size, CancellationToken cancellationToken)
    {
        _pictureSeen = true;
        if (await ReadPictureHeaderAsync(type, size, cancellationToken) != (facts.Width, facts.Height))
        {
            throw MediaRefusedException.Malformed("webp-canvas");
        }
    }

    private async ValueTask<(int Width, int Height)> ReadPictureHeaderAsync(uint type, uint size, CancellationToken cancellationToken)
    {
        var length = type == Lossy ? 10 : 5;
        if (size < length)
        {
            throw MediaRefusedException.Malformed("webp-picture");
        }

        await source.EnsureAsync(length, NoEnd, cancellationToken);
        ReadOnlySpan<byte> data = source.Buffered.Span;
        if (type == Lossy)
        {
            var isKeyFrame = (data[0] & 1) == 0 && data[3] == 0x9D && data[4] == 0x01 && data[5] == 0x2A;
            return isKeyFrame
                ? (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF)
                : throw MediaRefusedException.Malformed("webp-picture");
        }

        var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
        return data[0] == 0x2F && bits >> 29 == 0
            ? ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1)
            : throw MediaRefusedException.Malformed("webp-picture");
    }

    private async ValueTask RewriteExifAsync(uint size, CancellationToken cancellationToken)
    {
        _exifSeen = true;
        var readable = (int)Math.Min(size, ByteSource.MaxWindow);
        await source.EnsureAsync(readable, NoEnd, cancellationToken);
        facts.Exif = ExifReader.Read(source.Buffered.Span[..readable]);
        if (!_exifAnnounced)
        {
            await _chunks.BlankAsync(size, cancellationToken);
            return;
        }

        var orientation = Math.Max(1, facts.Exif.Orientation);
        ReadOnlyMemory<byte> body = size >= OrientationExif.TiffLength ? OrientationExif.Tiff(orientation) : default;
        await _chunks.ReplaceAsync(Exif, size, body, cancellationToken);
    }

    private static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
