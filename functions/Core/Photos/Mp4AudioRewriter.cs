using System.Buffers.Binary;

namespace Serverless940.Core.Photos;

/// <summary>
/// Sound in an MP4 container (M4A, voice memos, what Safari records): taken only when every track is sound.
/// Tags, user data and unknown boxes become free space of the same length, so sample offsets stay right
/// wherever the index lies.
/// </summary>
internal sealed class Mp4AudioRewriter(ByteSource source, ByteSink sink, MediaFacts facts)
{
    private const uint Handler = 0x68646C72; // hdlr
    private const uint Sound = 0x736F756E; // soun
    private const string NoEnd = "mp4-no-end";

    private readonly bool _isThreeGp = facts.Type.Format == MediaFormat.ThreeGp;
    private int _tracks;
    private bool _indexSeen;

    private enum Level
    {
        File,
        Movie,
        Track,
        Media,
    }

    public async Task RewriteAsync(CancellationToken cancellationToken)
    {
        await RewriteBoxesAsync(Level.File, long.MaxValue, cancellationToken);
        if (!_indexSeen || _tracks == 0)
        {
            throw MediaRefusedException.Truncated("mp4-no-index");
        }

        facts.Type = _isThreeGp ? MediaType.ThreeGpAudio : MediaType.M4a;
    }

    private async ValueTask RewriteBoxesAsync(Level level, long end, CancellationToken cancellationToken)
    {
        while (source.Position < end)
        {
            if (await BmffBox.ReadAsync(source, NoEnd, cancellationToken) is not { } box)
            {
                if (level == Level.File)
                {
                    return;
                }

                throw MediaRefusedException.Truncated(NoEnd);
            }

            if (box.BodyLength > end - source.Position - box.HeaderLength || (box.BodyLength is null && level != Level.File))
            {
                throw MediaRefusedException.Malformed("box-size");
            }

            await RewriteBoxAsync(level, box, cancellationToken);
        }
    }

    private async ValueTask RewriteBoxAsync(Level level, BmffBox box, CancellationToken cancellationToken)
    {
        if (Inside(level, box.Type) is { } inner && box.BodyLength is { } length)
        {
            _indexSeen |= inner == Level.Movie;
            await sink.CopyAsync(source, box.HeaderLength, NoEnd, cancellationToken);
            await RewriteBoxesAsync(inner, source.Position + length, cancellationToken);
        }
        else if (level == Level.Media && box.Type == Handler)
        {
            await RewriteHandlerAsync(box, cancellationToken);
        }
        else if (!IsKept(level, box.Type))
        {
            await BmffBox.BlankAsync(box, source, sink, NoEnd, cancellationToken);
        }
        else if (box.BodyLength is { } body)
        {
            await sink.CopyAsync(source, box.HeaderLength + body, NoEnd, cancellationToken);
        }
        else
        {
            while (await source.TryEnsureAsync(1, cancellationToken))
            {
                await sink.CopyAsync(source, source.Buffered.Length, NoEnd, cancellationToken);
            }
        }
    }

    private async ValueTask RewriteHandlerAsync(BmffBox box, CancellationToken cancellationToken)
    {
        if (box.BodyLength is not >= 20)
        {
            throw MediaRefusedException.Malformed("mp4-handler");
        }

        await source.EnsureAsync(box.HeaderLength + 20, NoEnd, cancellationToken);
        if (BinaryPrimitives.ReadUInt32BigEndian(source.Buffered.Span[(box.HeaderLength + 8)..]) != Sound)
        {
            throw MediaRefusedException.Unsupported("video");
        }

        _tracks++;
        await sink.CopyAsync(source, box.HeaderLength + 20, NoEnd, cancellationToken);
        await sink.BlankAsync(source, box.BodyLength.Value - 20, NoEnd, cancellationToken);
    }

    private static Level? Inside(Level level, uint type) => (level, type) switch
    {
        (Level.File, 0x6D6F6F76) => Level.Movie, // moov
        (Level.Movie, 0x7472616B) => Level.Track, // trak
        (Level.Track, 0x6D646961) => Level.Media, // mdia
        _ => null,
    };

    private static bool IsKept(Level level, uint type) => (level, type) switch
    {
        (Level.File, 0x66747970 or 0x73747970) => true, // ftyp styp
        (Level.File, 0x6D646174 or 0x6D6F6F66) => true, // mdat moof
        (Level.File, 0x73696478 or 0x6D667261) => true, // sidx mfra
        (Level.Movie, 0x6D766864 or 0x6D766578 or 0x696F6473) => true, // mvhd mvex iods
        (Level.Track, 0x746B6864 or 0x65647473 or 0x74726566) => true, // tkhd edts tref
        (Level.Media, 0x6D646864 or 0x6D696E66 or 0x656C6E67) => true, // mdhd minf elng
        _ => false,
    };
}
