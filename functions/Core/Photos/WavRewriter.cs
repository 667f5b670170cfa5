using System.Buffers.Binary;

namespace Serverless940.Core.Photos;

/// <summary>WAV: format, sample count and samples stay; LIST, ID3, broadcast and unknown chunks are blanked in place.</summary>
internal sealed class WavRewriter(ByteSource source, ByteSink sink)
{
    private const uint Format = 0x20746D66;
    private const uint Fact = 0x74636166;
    private const uint Data = 0x61746164;
    private const string NoEnd = "wav-no-end";

    public async Task RewriteAsync(CancellationToken cancellationToken)
    {
        var chunks = new RiffChunks(source, sink, NoEnd);
        await chunks.OpenAsync(cancellationToken);
        await chunks.WriteFileHeaderAsync(null, cancellationToken);
        bool formatSeen = false, dataSeen = false;
        while (await chunks.NextAsync(cancellationToken) is var (type, size))
        {
            switch (type)
            {
                case Format when !formatSeen && size is >= 16 and <= 128:
                    await source.EnsureAsync(16, NoEnd, cancellationToken);
                    formatSeen = BinaryPrimitives.ReadUInt16LittleEndian(source.Buffered.Span[2..]) is > 0 and <= 8
                        ? true
                        : throw MediaRefusedException.Malformed("wav-format");
                    await chunks.KeepAsync(type, size, cancellationToken);
                    break;
                case Fact when size <= 16:
                    await chunks.KeepAsync(type, size, cancellationToken);
                    break;
                case Data when formatSeen && !dataSeen:
                    dataSeen = true;
                    await chunks.KeepAsync(type, size, cancellationToken);
                    break;
                default:
                    await chunks.BlankAsync(size, cancellationToken);
                    break;
            }
        }

        if (!dataSeen)
        {
            throw MediaRefusedException.Malformed("wav-no-sound");
        }
    }
}
