using System.Buffers.Binary;
using System.Text;

namespace Serverless940.Core.Photos;

/// <summary>Reads big-endian fields one after another; running out of bytes is a refusal.</summary>
internal sealed class HeifFields(Memory<byte> bytes)
{
    public Memory<byte> Rest { get; private set; } = bytes;

    public (uint Version, uint Flags) FullBox()
    {
        var word = Take(4);
        return (word >> 24, word & 0xFFFFFF);
    }

    public uint Take(int size) => (uint)TakeLong(size);

    /// <summary>A field of 0, 1, 2, 4 or 8 bytes; a missing one is 0.</summary>
    public long TakeLong(int size)
    {
        if (size > Rest.Length || size is not (0 or 1 or 2 or 4 or 8))
        {
            throw MediaRefusedException.Malformed("heif-index");
        }

        var span = Rest.Span;
        Rest = Rest[size..];
        return size switch
        {
            0 => 0,
            1 => span[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(span),
            4 => BinaryPrimitives.ReadUInt32BigEndian(span),
            _ => (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(span), long.MaxValue / 8),
        };
    }

    public void Skip(int count) =>
        Rest = count <= Rest.Length ? Rest[count..] : throw MediaRefusedException.Malformed("heif-index");

    /// <summary>Visits boxes that fill a piece of memory exactly.</summary>
    public static void ForEachBox(Memory<byte> boxes, Action<string, int, Memory<byte>> visit)
    {
        while (!boxes.IsEmpty)
        {
            if (!BmffBox.TryRead(boxes.Span, out var box) || box.BodyLength is not { } body || body > boxes.Length - box.HeaderLength)
            {
                throw MediaRefusedException.Malformed("heif-index");
            }

            var length = box.HeaderLength + (int)body;
            visit(Encoding.Latin1.GetString(boxes.Span.Slice(4, 4)), box.HeaderLength, boxes[..length]);
            boxes = boxes[length..];
        }
    }
}
