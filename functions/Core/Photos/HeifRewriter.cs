using System.Buffers.Binary;

namespace Serverless940.Core.Photos;

/// <summary>
/// HEIC and AVIF (ISO/IEC 23008-12). The <c>meta</c> box says which bytes of the file belong to which item, so
/// when it comes before the data, everything that is not part of a picture can be overwritten with zeros as it
/// streams by: no byte moves, no offset changes, and no decoder is needed. What comes after the last picture
/// byte is cut off. A file whose structure leaves any doubt is refused with advice to send a JPEG.
/// </summary>
internal sealed class HeifRewriter(ByteSource source, ByteSink sink, MediaLimits limits, MediaFacts facts)
{
    private const uint Meta = 0x6D657461;
    private const uint MediaData = 0x6D646174;
    private const uint Movie = 0x6D6F6F76;
    private const uint Fragment = 0x6D6F6F66;
    private const int MaxTypeBox = 1024;
    private const string NoEnd = "heif-no-end";

    private HeifItems? _items;
    private bool _exifRead;

    public async Task RewriteAsync(CancellationToken cancellationToken)
    {
        var type = await BmffBox.ReadAsync(source, NoEnd, cancellationToken)
            ?? throw MediaRefusedException.Truncated(NoEnd);
        if (type.BodyLength is not <= MaxTypeBox)
        {
            throw MediaRefusedException.Malformed("heif-type");
        }

        await sink.CopyAsync(source, type.HeaderLength + type.BodyLength.Value, NoEnd, cancellationToken);
        while (_items is null || source.Position < _items.End)
        {
            var box = await BmffBox.ReadAsync(source, NoEnd, cancellationToken)
                ?? throw MediaRefusedException.Truncated(NoEnd);
            await RewriteBoxAsync(box, cancellationToken);
        }
    }

    private ValueTask RewriteBoxAsync(BmffBox box, CancellationToken cancellationToken) => box.Type switch
    {
        Movie or Fragment => throw MediaRefusedException.Unsupported("heif-sequence"),
        Meta when _items is null => RewriteMetaAsync(box, cancellationToken),
        Meta => throw MediaRefusedException.Unsupported("heif-second-index"),
        MediaData when _items is null => throw MediaRefusedException.Unsupported("heif-index-after-data"),
        MediaData => RewriteDataAsync(box, _items, cancellationToken),
        _ => BmffBox.BlankAsync(box, source, sink, NoEnd, cancellationToken),
    };

    private async ValueTask RewriteMetaAsync(BmffBox box, CancellationToken cancellationToken)
    {
        if (box.BodyLength is not <= ByteSource.MaxWindow - 16)
        {
            throw MediaRefusedException.Unsupported("heif-index-too-large");
        }

        var length = box.HeaderLength + (int)box.BodyLength.Value;
        await source.EnsureAsync(length, NoEnd, cancellationToken);
        _items = HeifItems.ReadAndClean(source.Buffered[box.HeaderLength..length], limits);
        facts.SetSize(_items.Width, _items.Height, limits);
        if (!_items.InnerExif.IsEmpty)
        {
            ReadExif(_items.InnerExif.Span);
            _items.InnerExif.Span.Clear();
        }

        await sink.CopyAsync(source, length, NoEnd, cancellationToken);
    }

    private async ValueTask RewriteDataAsync(BmffBox box, HeifItems items, CancellationToken cancellationToken)
    {
        await sink.CopyAsync(source, box.HeaderLength, NoEnd, cancellationToken);
        var end = box.BodyLength is { } body ? source.Position + body : long.MaxValue;
        while (source.Position < end)
        {
            if (box.BodyLength is null && source.Position >= items.End)
            {
                return; // "to the end of the file", and the last picture byte is written
            }

            var (keep, until) = items.Pictures.At(source.Position);
            until = Math.Min(until, box.BodyLength is null ? Math.Max(items.End, source.Position) : end);
            if (keep)
            {
                await sink.CopyAsync(source, until - source.Position, NoEnd, cancellationToken);
                continue;
            }

            await BlankAsync(until, items, cancellationToken);
        }
    }

    private async ValueTask BlankAsync(long until, HeifItems items, CancellationToken cancellationToken)
    {
        if (!_exifRead && items.Exif is { } exif && exif.Start >= source.Position && exif.Start < until)
        {
            await sink.BlankAsync(source, exif.Start - source.Position, NoEnd, cancellationToken);
            var readable = (int)Math.Min(ByteSource.MaxWindow, Math.Min(exif.End, until) - exif.Start);
            await source.EnsureAsync(readable, NoEnd, cancellationToken);
            ReadExif(source.Buffered.Span[..readable]);
        }

        await sink.BlankAsync(source, until - source.Position, NoEnd, cancellationToken);
    }

    /// <summary>An item's EXIF: the distance to the TIFF structure, then EXIF as elsewhere. Its orientation does not
    /// count in this format, which has a property of its own for it.</summary>
    private void ReadExif(ReadOnlySpan<byte> item)
    {
        _exifRead = true;
        if (item.Length < 8)
        {
            return;
        }

        var start = BinaryPrimitives.ReadUInt32BigEndian(item) + 4L;
        facts.Exif = start < item.Length ? ExifReader.Read(item[(int)start..]) : default;
    }
}
