namespace Serverless940.Core.Photos;

/// <summary>
/// Takes a photo or voice note in by its bytes and writes it out again without its metadata.
/// Containers are parsed as they stream by; pixels and sound are copied, never decoded. The input is
/// read once, forward; memory per file is at most 320 KB of pooled buffers, whatever its size.
/// </summary>
public static class MediaRewriter
{
    /// <summary>Rewrites <paramref name="input"/> to <paramref name="output"/>. The input is read to its end (or its limit)
    /// even where the picture ends earlier. Neither stream is flushed or closed.</summary>
    /// <returns>What it was, or why it was not taken; no input of any kind throws. Only the streams' own errors
    /// and cancellation do.</returns>
    public static async Task<MediaResult> RewriteAsync(
        Stream input, Stream output, MediaLimits limits, CancellationToken cancellationToken)
    {
        using var source = new ByteSource(input, limits);
        using var sink = new ByteSink(output, limits);
        var facts = new MediaFacts();
        try
        {
            if (!await source.TryEnsureAsync(1, cancellationToken))
            {
                return new MediaResult.Refused(MediaRefusal.Empty, "no-bytes", MediaType.Unknown);
            }

            await source.TryEnsureAsync(MediaSniffer.HeadLength, cancellationToken);
            facts.Type = MediaSniffer.Sniff(source.Buffered.Span);
            await DispatchAsync(source, sink, limits, facts, cancellationToken);
            await source.DrainAsync(cancellationToken);
            await sink.FlushAsync(cancellationToken);
            return facts.Accept(source, sink);
        }
        catch (MediaRefusedException refusal)
        {
            return new MediaResult.Refused(refusal.Reason, refusal.Message, facts.Type);
        }
    }

    private static Task DispatchAsync(
        ByteSource source, ByteSink sink, MediaLimits limits, MediaFacts facts, CancellationToken cancellationToken) =>
        facts.Type.Format switch
        {
            MediaFormat.Jpeg => new JpegRewriter(source, sink, limits, facts).RewriteAsync(cancellationToken),
            MediaFormat.Png => new PngRewriter(source, sink, limits, facts).RewriteAsync(cancellationToken),
            MediaFormat.WebP => new WebpRewriter(source, sink, limits, facts).RewriteAsync(cancellationToken),
            MediaFormat.Heic or MediaFormat.Avif => new HeifRewriter(source, sink, limits, facts).RewriteAsync(cancellationToken),
            MediaFormat.M4a or MediaFormat.Mp4 or MediaFormat.ThreeGp =>
                new Mp4AudioRewriter(source, sink, facts).RewriteAsync(cancellationToken),
            MediaFormat.Webm => new WebmAudioRewriter(source, sink, facts).RewriteAsync(cancellationToken),
            MediaFormat.Wav => new WavRewriter(source, sink).RewriteAsync(cancellationToken),
            MediaFormat.OggOpus => OggRewriter.RewriteAsync(source, sink, cancellationToken),
            MediaFormat.Amr or MediaFormat.AmrWideband => AmrRewriter.RewriteAsync(source, sink, facts, cancellationToken),
            MediaFormat.Mp3 or MediaFormat.Aac => MpegAudioRewriter.RewriteAsync(source, sink, facts, cancellationToken),
            MediaFormat.Gif => throw MediaRefusedException.Unsupported("gif"),
            MediaFormat.Pdf => throw MediaRefusedException.Unsupported("pdf"),
            MediaFormat.Ogg => throw MediaRefusedException.Unsupported("ogg-not-opus"),
            _ => throw new MediaRefusedException(MediaRefusal.Unrecognised, "unknown-format"),
        };
}

/// <summary>What a rewriter learns on the way.</summary>
internal sealed class MediaFacts
{
    public MediaType Type { get; set; } = MediaType.Unknown;

    public int? Width { get; private set; }

    public int? Height { get; private set; }

    public ExifFacts Exif { get; set; }

    /// <summary>Notes the dimensions, or refuses them: called before any pixel data is copied.</summary>
    public void SetSize(long width, long height, MediaLimits limits)
    {
        CheckSize(width, height, limits);
        (Width, Height) = ((int)width, (int)height);
    }

    public static void CheckSize(long width, long height, MediaLimits limits)
    {
        if (width <= 0 || height <= 0)
        {
            throw MediaRefusedException.Malformed("no-pixels");
        }

        if (width > limits.MaxSide || height > limits.MaxSide || width * height > limits.MaxPixels)
        {
            throw new MediaRefusedException(MediaRefusal.TooManyPixels, "pixels-over-limit");
        }
    }

    public MediaResult.Accepted Accept(ByteSource source, ByteSink sink) => new(Type, source.TotalRead, sink.TotalWritten)
    {
        Width = Width,
        Height = Height,
        Gps = Exif.Gps,
        TakenAt = Exif.TakenAt,
        TakenAtOffset = Exif.TakenAtOffset,
        Sha256OfInput = source.Hash,
        Sha256OfOutput = sink.Hash,
    };
}
