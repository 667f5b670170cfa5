namespace Serverless940.Core.Photos;

/// <summary>
/// Sound in WebM (RFC 8794, RFC 9559), as browsers record it: taken only when every track is sound.
/// Titles, dates, names, tags, attachments and chapters become Void elements of the same length, so positions
/// stay right. Segments and clusters of unknown size, which live recorders write, are understood.
/// </summary>
internal sealed class WebmAudioRewriter(ByteSource source, ByteSink sink, MediaFacts facts)
{
    private const int MaxBuffered = 64 * 1024;
    private const byte Void = 0xEC;
    private const uint Segment = 0x18538067;
    private const uint Tracks = 0x1654AE6B;
    private const uint Info = 0x1549A966;
    private const uint Cluster = 0x1F43B675;
    private const string NoEnd = "webm-no-end";

    private bool _tracksSeen;
    private bool _soundSeen;

    public async Task RewriteAsync(CancellationToken cancellationToken)
    {
        var header = await ReadAsync(cancellationToken) ?? throw MediaRefusedException.Truncated(NoEnd);
        if (header.Size is not <= MaxBuffered)
        {
            throw MediaRefusedException.Malformed("webm-header");
        }

        await sink.CopyAsync(source, header.HeaderLength + header.Size.Value, NoEnd, cancellationToken);
        var segment = await ReadAsync(cancellationToken) ?? throw MediaRefusedException.Truncated(NoEnd);
        if (segment.Id != Segment)
        {
            throw MediaRefusedException.Malformed("webm-segment");
        }

        await sink.CopyAsync(source, segment.HeaderLength, NoEnd, cancellationToken);
        await RewriteSegmentAsync(segment.Size is { } size ? source.Position + size : null, cancellationToken);
        if (!_tracksSeen || !_soundSeen)
        {
            throw MediaRefusedException.Truncated("webm-no-sound");
        }

        facts.Type = MediaType.WebmAudio;
    }

    private async ValueTask RewriteSegmentAsync(long? end, CancellationToken cancellationToken)
    {
        while (end is null || source.Position < end)
        {
            if (await ReadAsync(cancellationToken) is not { } element)
            {
                if (end is null)
                {
                    return;
                }

                throw MediaRefusedException.Truncated(NoEnd);
            }

            if (element.Size > end - source.Position - element.HeaderLength)
            {
                throw MediaRefusedException.Malformed("webm-size");
            }

            await RewriteElementAsync(element, cancellationToken);
        }
    }

    private async ValueTask RewriteElementAsync(Element element, CancellationToken cancellationToken)
    {
        if (element.Id == Cluster)
        {
            // With the size unknown, the blocks inside are met one by one as if they were beside it.
            _soundSeen = true;
            await sink.CopyAsync(source, element.HeaderLength + (element.Size ?? 0), NoEnd, cancellationToken);
            return;
        }

        if (element.Size is not { } size)
        {
            throw MediaRefusedException.Malformed("webm-size");
        }

        switch (element.Id)
        {
            case Tracks or Info:
                await RewriteBufferedAsync(element, size, cancellationToken);
                break;
            case 0x114D9B74 or 0x1C53BB6B: // SeekHead, Cues
            case 0xE7 or 0xA3 or 0xA0 or 0xA7 or 0xAB or 0xBF: // Timestamp, SimpleBlock, BlockGroup, Position, PrevSize, CRC-32
                await sink.CopyAsync(source, element.HeaderLength + size, NoEnd, cancellationToken);
                break;
            default:
                Blank(source.Buffered.Span, element);
                await sink.CopyAsync(source, element.HeaderLength, NoEnd, cancellationToken);
                await sink.BlankAsync(source, size, NoEnd, cancellationToken);
                break;
        }
    }

    private async ValueTask RewriteBufferedAsync(Element element, long size, CancellationToken cancellationToken)
    {
        if (size > MaxBuffered)
        {
            throw MediaRefusedException.Malformed("webm-size");
        }

        var length = element.HeaderLength + (int)size;
        await source.EnsureAsync(length, NoEnd, cancellationToken);
        var body = source.Buffered[element.HeaderLength..length];
        if (element.Id == Tracks)
        {
            ForEach(body.Span, CleanTrack);
            _tracksSeen = true;
        }
        else
        {
            ForEach(body.Span, CleanInfo);
        }

        await sink.CopyAsync(source, length, NoEnd, cancellationToken);
    }

    private static void CleanInfo(Span<byte> whole, Element element)
    {
        if (element.Id is not (0x2AD7B1 or 0x4489 or 0x4D80 or 0x5741)) // time scale, duration, and the two programs, which are mandatory
        {
            BlankWhole(whole, element);
        }
    }

    private static void CleanTrack(Span<byte> whole, Element element)
    {
        if (element.Id != 0xAE)
        {
            BlankWhole(whole, element);
            return;
        }

        var isSound = false;
        ForEach(whole[element.HeaderLength..], (inner, field) =>
        {
            switch (field.Id)
            {
                case 0x83 when inner.Length == field.HeaderLength + 1 && inner[^1] == 2:
                    isSound = true;
                    break;
                case 0x83:
                    throw MediaRefusedException.Unsupported("video");
                case 0x536E or 0x258688: // the track's and the codec's names for people
                    BlankWhole(inner, field);
                    break;
                default:
                    break;
            }
        });

        if (!isSound)
        {
            throw MediaRefusedException.Malformed("webm-track");
        }
    }

    private static void ForEach(Span<byte> elements, Visitor visit)
    {
        while (!elements.IsEmpty)
        {
            if (!Element.TryRead(elements, out var element) || element.Size is not { } size
                || size > elements.Length - element.HeaderLength)
            {
                throw MediaRefusedException.Malformed("webm-size");
            }

            var length = element.HeaderLength + (int)size;
            visit(elements[..length], element);
            elements = elements[length..];
        }
    }

    private static void BlankWhole(Span<byte> whole, Element element)
    {
        Blank(whole, element);
        whole[element.HeaderLength..].Clear();
    }

    /// <summary>Writes a Void header over another element's: the size field takes the room that the longer name leaves.</summary>
    private static void Blank(Span<byte> header, Element element)
    {
        var width = Math.Min(8, element.HeaderLength - 1);
        var size = element.Size!.Value + (element.HeaderLength - 1 - width);
        header[0] = Void;
        for (var index = width; index > 0; index--)
        {
            header[index] = (byte)size;
            size >>= 8;
        }

        header[1] |= (byte)(0x80 >> (width - 1));
        header[(1 + width)..element.HeaderLength].Clear();
    }

    private async ValueTask<Element?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await source.TryEnsureAsync(1, cancellationToken))
        {
            return null;
        }

        await source.TryEnsureAsync(Element.LongestHeader, cancellationToken);
        return Element.TryRead(source.Buffered.Span, out var element) ? element
            : source.Buffered.Length < Element.LongestHeader ? throw MediaRefusedException.Truncated(NoEnd)
            : throw MediaRefusedException.Malformed("webm-element");
    }

    private delegate void Visitor(Span<byte> whole, Element element);

    /// <summary>An element's header; the size is null where it is unknown.</summary>
    private readonly record struct Element(uint Id, int HeaderLength, long? Size)
    {
        public const int LongestHeader = 12;

        public static bool TryRead(ReadOnlySpan<byte> bytes, out Element element)
        {
            element = default;
            var idLength = bytes.IsEmpty ? 5 : WidthOf(bytes[0]);
            if (idLength > 4 || bytes.Length <= idLength)
            {
                return false;
            }

            uint id = 0;
            foreach (var value in bytes[..idLength])
            {
                id = (id << 8) | value;
            }

            bytes = bytes[idLength..];
            var sizeLength = WidthOf(bytes[0]);
            if (sizeLength > 8 || bytes.Length < sizeLength)
            {
                return false;
            }

            var size = bytes[0] & ((1L << (8 - sizeLength)) - 1);
            foreach (var value in bytes[1..sizeLength])
            {
                size = (size << 8) | value;
            }

            var unknown = size == (1L << (7 * sizeLength)) - 1;
            element = new(id, idLength + sizeLength, unknown ? null : size);
            return true;
        }

        private static int WidthOf(byte first) => System.Numerics.BitOperations.LeadingZeroCount((uint)first) - 24 + 1;
    }
}
