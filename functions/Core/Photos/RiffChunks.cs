using System.Buffers.Binary;

namespace Serverless940.Core.Photos;

/// <summary>
/// Walks the chunks of a RIFF file. A RIFF header states the size of all that follows, and in one forward pass
/// nobody knows what will have to go. So nothing is taken out: a chunk that must not stay becomes a <c>JUNK</c>
/// chunk of zeros of the same length, which readers skip by the format's own rule. Every size stays right and
/// nothing is held back in memory.
/// </summary>
internal sealed class RiffChunks(ByteSource source, ByteSink sink, string noEnd)
{
    public const uint Junk = 0x4B4E554A;

    private readonly byte[] _header = new byte[8];
    private long _end;

    /// <summary>Reads the 12 bytes in front, leaving them for <see cref="WriteFileHeaderAsync"/>.</summary>
    /// <returns>The first chunk's FourCC.</returns>
    public async ValueTask<uint> OpenAsync(CancellationToken cancellationToken)
    {
        await source.EnsureAsync(20, noEnd, cancellationToken);
        _end = 8L + BinaryPrimitives.ReadUInt32LittleEndian(source.Buffered.Span[4..]);
        if (_end < 20)
        {
            throw MediaRefusedException.Malformed("riff-size");
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(source.Buffered.Span[12..]);
    }

    /// <summary>Writes the 12 bytes in front, with the file's own size or <paramref name="size"/>, and steps behind them.</summary>
    public async ValueTask WriteFileHeaderAsync(uint? size, CancellationToken cancellationToken)
    {
        if (size is { } known)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(source.Buffered.Span[4..], known);
        }

        await sink.CopyAsync(source, 12, noEnd, cancellationToken);
    }

    /// <summary>The next chunk's FourCC and size, its header consumed but not written; null at the end the file header stated.</summary>
    public async ValueTask<(uint Type, uint Size)?> NextAsync(CancellationToken cancellationToken)
    {
        var left = _end - source.Position;
        if (left == 0)
        {
            return null;
        }

        if (left < 8)
        {
            throw MediaRefusedException.Malformed("riff-size");
        }

        await source.EnsureAsync(8, noEnd, cancellationToken);
        var type = BinaryPrimitives.ReadUInt32LittleEndian(source.Buffered.Span);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(source.Buffered.Span[4..]);
        if (size > left - 8)
        {
            throw MediaRefusedException.Malformed("riff-chunk-size");
        }

        source.Advance(8);
        return (type, size);
    }

    public ValueTask WriteHeaderAsync(uint type, uint size, CancellationToken cancellationToken)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_header, type);
        BinaryPrimitives.WriteUInt32LittleEndian(_header.AsSpan(4), size);
        return sink.WriteAsync(_header, cancellationToken);
    }

    public async ValueTask KeepAsync(uint type, uint size, CancellationToken cancellationToken)
    {
        await WriteHeaderAsync(type, size, cancellationToken);
        await sink.CopyAsync(source, size, noEnd, cancellationToken);
        await PadAsync(size, cancellationToken);
    }

    public async ValueTask BlankAsync(uint size, CancellationToken cancellationToken)
    {
        await WriteHeaderAsync(Junk, size, cancellationToken);
        await sink.BlankAsync(source, size, noEnd, cancellationToken);
        await PadAsync(size, cancellationToken);
    }

    /// <summary>Replaces a chunk's content by <paramref name="body"/> and zeros up to its old size.</summary>
    public async ValueTask ReplaceAsync(uint type, uint size, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        await WriteHeaderAsync(type, size, cancellationToken);
        await sink.WriteAsync(body, cancellationToken);
        await source.SkipAsync(body.Length, noEnd, cancellationToken);
        await sink.BlankAsync(source, size - body.Length, noEnd, cancellationToken);
        await PadAsync(size, cancellationToken);
    }

    private async ValueTask PadAsync(uint size, CancellationToken cancellationToken)
    {
        // Some writers leave the last chunk's pad byte out and do not count it either.
        if (size % 2 == 1 && source.Position < _end)
        {
            await sink.BlankAsync(source, 1, noEnd, cancellationToken);
        }
    }
}
