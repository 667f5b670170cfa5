namespace Serverless940.Core.Photos;

/// <summary>AMR and AMR-WB (RFC 4867, section 5): frames of known lengths after a magic word; there is no metadata.</summary>
internal static class AmrRewriter
{
    public static async Task RewriteAsync(ByteSource source, ByteSink sink, MediaFacts facts, CancellationToken cancellationToken)
    {
        var wide = facts.Type.Format == MediaFormat.AmrWideband;
        await sink.CopyAsync(source, wide ? 9 : 6, "amr-no-sound", cancellationToken);
        var frames = 0;
        while (await source.TryEnsureAsync(1, cancellationToken))
        {
            var length = FrameLength(source.Buffered.Span[0], wide);
            if (length == 0)
            {
                throw MediaRefusedException.Malformed("amr-frame");
            }

            if (!await source.TryEnsureAsync(length, cancellationToken))
            {
                break; // recorders stop in the middle of a frame
            }

            await sink.CopyAsync(source, length, "amr-no-sound", cancellationToken);
            frames++;
        }

        if (frames == 0)
        {
            throw MediaRefusedException.Truncated("amr-no-sound");
        }
    }

    private static int FrameLength(byte header, bool wide)
    {
        if ((header & 0x83) != 0)
        {
            return 0;
        }

        ReadOnlySpan<byte> lengths = wide
            ? [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1]
            : [13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1];
        return lengths[(header >> 3) & 15];
    }
}

/// <summary>
/// MP3 and AAC as bare frames: tags in front (ID3v2) and behind (ID3v1, APE, Lyrics3) are dropped, and so is
/// noise between frames, up to a limit. A frame cut off at the end is dropped: streams just stop.
/// </summary>
internal static class MpegAudioRewriter
{
    private const int MaxNoise = 64 * 1024;
    private const int MinFrames = 3;

    public static async Task RewriteAsync(ByteSource source, ByteSink sink, MediaFacts facts, CancellationToken cancellationToken)
    {
        await SkipTagsAsync(source, cancellationToken);
        if (await source.TryEnsureAsync(7, cancellationToken) && MpegFrame.AdtsLength(source.Buffered.Span) > 0)
        {
            facts.Type = MediaType.Aac;
        }

        int frames = 0, noise = 0;
        uint? kind = null;
        while (await source.TryEnsureAsync(7, cancellationToken) && !(frames > 0 && IsTag(source.Buffered.Span)))
        {
            ReadOnlyMemory<byte> head = source.Buffered;
            var length = facts.Type.Format == MediaFormat.Aac ? MpegFrame.AdtsLength(head.Span) : MpegFrame.Mp3Length(head.Span);
            if (length == 0 || (kind is not null && kind != MpegFrame.Kind(head.Span)))
            {
                noise = noise < MaxNoise ? noise + 1 : throw MediaRefusedException.Malformed("mpeg-frames");
                source.Advance(1);
                continue;
            }

            kind ??= MpegFrame.Kind(head.Span);
            if (!await source.TryEnsureAsync(length, cancellationToken))
            {
                break;
            }

            await sink.CopyAsync(source, length, "mpeg-frames", cancellationToken);
            frames++;
        }

        if (frames < MinFrames)
        {
            throw MediaRefusedException.Malformed("mpeg-frames");
        }
    }

    private static async ValueTask SkipTagsAsync(ByteSource source, CancellationToken cancellationToken)
    {
        while (await source.TryEnsureAsync(10, cancellationToken) && source.Buffered.Span.StartsWith("ID3"u8))
        {
            var head = source.Buffered.Span;
            if (((head[6] | head[7] | head[8] | head[9]) & 0x80) != 0)
            {
                throw MediaRefusedException.Malformed("id3");
            }

            var footer = (head[5] & 0x10) != 0 ? 10 : 0;
            var length = (head[6] << 21) | (head[7] << 14) | (head[8] << 7) | head[9];
            await source.SkipAsync(10L + length + footer, "id3", cancellationToken);
        }
    }

    private static bool IsTag(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("TAG"u8) || bytes.StartsWith("APETAGE"u8) || bytes.StartsWith("LYRICSB"u8) || bytes.StartsWith("ID3"u8);
}

/// <summary>Headers of MPEG audio frames.</summary>
internal static class MpegFrame
{
    /// <summary>The length of a layer III frame (ISO/IEC 11172-3, 13818-3) in bytes, its header included; 0 when it is none.</summary>
    public static int Mp3Length(ReadOnlySpan<byte> head)
    {
        // Eleven bits of sync, not the reserved version, layer III, neither free nor bad bit rate, no reserved rate.
        if (head.Length < 4 || head[0] != 0xFF || (head[1] & 0xE6) != 0xE2 || (head[1] & 0x18) == 0x08
            || head[2] >> 4 is 0 or 15 || (head[2] & 0x0C) == 0x0C)
        {
            return 0;
        }

        var version = (head[1] >> 3) & 3; // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
        ReadOnlySpan<short> kilobits = version == 3
            ? [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
            : [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
        ReadOnlySpan<int> rates = [44100, 48000, 32000];
        var rate = rates[(head[2] >> 2) & 3] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
        return ((version == 3 ? 144 : 72) * kilobits[head[2] >> 4] * 1000 / rate) + ((head[2] >> 1) & 1);
    }

    /// <summary>The length of an ADTS frame (ISO/IEC 13818-7) in bytes, its header included; 0 when it is none.</summary>
    public static int AdtsLength(ReadOnlySpan<byte> head)
    {
        if (head.Length < 7 || head[0] != 0xFF || (head[1] & 0xF6) != 0xF0 || ((head[2] >> 2) & 15) > 12)
        {
            return 0;
        }

        var length = ((head[3] & 3) << 11) | (head[4] << 3) | (head[5] >> 5);
        return length > 7 ? length : 0;
    }

    /// <summary>What stays the same from frame to frame in one recording: version, layer and sampling rate.</summary>
    public static uint Kind(ReadOnlySpan<byte> head) =>
        (head[1] & 0xF6) == 0xF0
            ? ((head[1] & 0xFEu) << 8) | (head[2] & 0xFCu)
            : ((head[1] & 0xFEu) << 8) | (head[2] & 0x0Cu);
}
