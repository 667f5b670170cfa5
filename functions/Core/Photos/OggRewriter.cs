using System.Buffers.Binary;

namespace Serverless940.Core.Photos;

/// <summary>
/// Opus in Ogg (RFC 3533, RFC 7845): pages are checked one by one and copied; what is no page at the end is
/// dropped. The comment packet keeps its length but holds no comment any more: an empty list and padding.
/// </summary>
internal static class OggRewriter
{
    private const string NoEnd = "ogg-no-end";
    private const int HeaderLength = 27;

    private static readonly uint[] _crcTable = BuildTable();

    public static async Task RewriteAsync(ByteSource source, ByteSink sink, CancellationToken cancellationToken)
    {
        var pages = 0;
        var inComments = false;
        while (await source.TryEnsureAsync(4, cancellationToken) && source.Buffered.Span.StartsWith("OggS"u8))
        {
            var page = await ReadPageAsync(source, cancellationToken);
            if (pages > 0 && (page.Span[5] & 2) != 0)
            {
                throw MediaRefusedException.Unsupported("ogg-second-stream");
            }

            if (pages == 1 || inComments)
            {
                inComments = BlankComments(page.Span, isFirst: pages == 1);
            }

            await sink.CopyAsync(source, page.Length, NoEnd, cancellationToken);
            pages++;
        }

        // Identification, comments, and at least one page of sound.
        if (pages < 3 || inComments)
        {
            throw MediaRefusedException.Truncated(NoEnd);
        }
    }

    private static async ValueTask<Memory<byte>> ReadPageAsync(ByteSource source, CancellationToken cancellationToken)
    {
        await source.EnsureAsync(HeaderLength, NoEnd, cancellationToken);
        if (source.Buffered.Span[4] != 0)
        {
            throw MediaRefusedException.Malformed("ogg-page");
        }

        var length = HeaderLength + source.Buffered.Span[26];
        await source.EnsureAsync(length, NoEnd, cancellationToken);
        foreach (var segment in source.Buffered.Span[HeaderLength..length])
        {
            length += segment;
        }

        await source.EnsureAsync(length, NoEnd, cancellationToken);
        return source.Buffered[..length];
    }

    /// <summary>Empties a page of the comment packet; true when the packet goes on in the next page.</summary>
    private static bool BlankComments(Span<byte> page, bool isFirst)
    {
        // The packet has its pages to itself: only the last segment of a page may end it.
        var segments = page.Slice(HeaderLength, page[26]);
        var body = page[(HeaderLength + segments.Length)..];
        if (segments.IsEmpty || segments[..^1].ContainsAnyExcept((byte)255)
            || (isFirst && (body.Length < 16 || !body.StartsWith("OpusTags"u8))))
        {
            throw MediaRefusedException.Malformed("ogg-comments");
        }

        // No vendor and no comments, eight zeros, then zeros that RFC 7845 lets readers ignore.
        body[(isFirst ? 8 : 0)..].Clear();
        page[22..26].Clear();
        var crc = 0u;
        foreach (var value in page)
        {
            crc = (crc << 8) ^ _crcTable[(int)(crc >> 24) ^ value];
        }

        BinaryPrimitives.WriteUInt32LittleEndian(page[22..], crc);
        return segments[^1] == 255;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[256];
        for (var index = 0u; index < 256; index++)
        {
            var value = index << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 0x80000000) == 0 ? value << 1 : (value << 1) ^ 0x04C11DB7;
            }

            table[index] = value;
        }

        return table;
    }
}
