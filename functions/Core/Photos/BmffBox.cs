using System.Buffers.Binary;

namespace Serverless940.Core.Photos;

/// <summary>A box header of the ISO base media file format (ISO/IEC 14496-12).</summary>
/// <param name="Type">The four characters, big-endian.</param>
/// <param name="HeaderLength">8, or 16 with a long size.</param>
/// <param name="BodyLength">Bytes behind the header; null when the box runs to the end of the file.</param>
internal readonly record struct BmffBox(uint Type, int HeaderLength, long? BodyLength)
{
    private static readonly ReadOnlyMemory<byte> _free = "free"u8.ToArray();

    /// <summary>Looks at the next header without consuming it; null at the end of the file.</summary>
    public static async ValueTask<BmffBox?> ReadAsync(ByteSource source, string noEnd, CancellationToken cancellationToken)
    {
        if (!await source.TryEnsureAsync(1, cancellationToken))
        {
            return null;
        }

        await source.EnsureAsync(8, noEnd, cancellationToken);
        if (BinaryPrimitives.ReadUInt32BigEndian(source.Buffered.Span) == 1)
        {
            await source.EnsureAsync(16, noEnd, cancellationToken);
        }

        return TryRead(source.Buffered.Span, out var box) ? box : throw MediaRefusedException.Malformed("box-size");
    }

    /// <summary>Reads a header from memory; false when it is cut short or its size cannot be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out BmffBox box)
    {
        box = default;
        if (bytes.Length < 8)
        {
            return false;
        }

        ulong size = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var type = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        if (size == 0)
        {
            box = new(type, 8, null);
            return true;
        }

        var header = size == 1 ? 16 : 8;
        if (bytes.Length < header)
        {
            return false;
        }

        size = size == 1 ? BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) : size;
        if (size < (ulong)header || size > long.MaxValue / 2)
        {
            return false;
        }

        box = new(type, header, (long)size - header);
        return true;
    }

    /// <summary>Turns the next box into free space of the same length: its size stays, its type and content go.</summary>
    public static async ValueTask BlankAsync(
        BmffBox box, ByteSource source, ByteSink sink, string noEnd, CancellationToken cancellationToken)
    {
        await source.EnsureAsync(box.HeaderLength, noEnd, cancellationToken);
        _free.CopyTo(source.Buffered[4..]);
        await sink.CopyAsync(source, box.HeaderLength, noEnd, cancellationToken);
        if (box.BodyLength is { } length)
        {
            await sink.BlankAsync(source, length, noEnd, cancellationToken);
            return;
        }

        while (await source.TryEnsureAsync(1, cancellationToken))
        {
            await sink.BlankAsync(source, source.Buffered.Length, noEnd, cancellationToken);
        }
    }

    /// <summary>As <see cref="BlankAsync"/>, for a whole box in memory.</summary>
    public static void Blank(Span<byte> whole, int headerLength)
    {
        _free.Span.CopyTo(whole[4..]);
        whole[headerLength..].Clear();
    }
}
