using System.Text;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Insights;

/// <summary>The counts of one row: per cell, how often what. What is zero is not there.</summary>
public sealed class CellCounts
{
    private const byte Format = 1;

    private readonly Dictionary<KpiCell, Dictionary<ulong, int>> _cells = [];

    public bool IsEmpty => _cells.Count == 0;

    public IEnumerable<KpiCell> Cells => _cells.Keys;

    /// <summary>The counts of one cell.</summary>
    public IEnumerable<(KpiKey Key, int Count)> Of(KpiCell cell) =>
        _cells.TryGetValue(cell, out var counts) ? counts.Select(pair => (new KpiKey(pair.Key), pair.Value)) : [];

    public void Add(KpiCell cell, KpiKey key, int by)
    {
        if (!_cells.TryGetValue(cell, out var counts))
        {
            _cells[cell] = counts = [];
        }

        var count = counts.GetValueOrDefault(key.Value) + by;
        if (count != 0)
        {
            counts[key.Value] = count;
        }
        else
        {
            counts.Remove(key.Value);
            if (counts.Count == 0)
            {
                _cells.Remove(cell);
            }
        }
    }

    /// <summary>
    /// The counts as bytes: a table of the names, then per cell its keys in order, each as the distance from the one
    /// before. About five bytes a count.
    /// </summary>
    public byte[] ToBytes()
    {
        var writer = new Writer();
        var names = _cells.Keys.SelectMany(cell => new[] { cell.Municipality, cell.Department, cell.Category, cell.AgentGroup })
            .OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var index = names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => (ulong)pair.i + 1, StringComparer.Ordinal);
        writer.Byte(Format);
        writer.Number((ulong)names.Count);
        foreach (var name in names)
        {
            writer.Text(name);
        }

        writer.Number((ulong)_cells.Count);
        foreach (var (cell, counts) in _cells)
        {
            writer.Number(cell.Municipality is null ? 0 : index[cell.Municipality]);
            writer.Number(cell.Department is null ? 0 : index[cell.Department]);
            writer.Number(index[cell.Category]);
            writer.Number((ulong)cell.Channel);
            writer.Number((ulong)cell.Priority);
            writer.Number(index[cell.AgentGroup]);
            writer.Number((ulong)counts.Count);
            var before = 0UL;
            foreach (var (key, count) in counts.OrderBy(pair => pair.Key))
            {
                writer.Number(key - before);
                writer.Number((ulong)((count << 1) ^ (count >> 31)));
                before = key;
            }
        }

        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">These are no counts.</exception>
    public static CellCounts FromBytes(ReadOnlySpan<byte> bytes)
    {
        var reader = new Reader(bytes);
        if (reader.Byte() != Format)
        {
            throw new InvalidDataException("Counts of an unknown format.");
        }

        var names = new string[reader.Number()];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = reader.Text();
        }

        var result = new CellCounts();
        for (var cells = reader.Number(); cells > 0; cells--)
        {
            var cell = new KpiCell(
                Name(names, reader.Number()), Name(names, reader.Number()), Name(names, reader.Number())!,
                (Channel)reader.Number(), (Priority)reader.Number(), Name(names, reader.Number())!);
            var count = (int)reader.Number();
            var counts = new Dictionary<ulong, int>(count);
            for (var key = 0UL; count > 0; count--)
            {
                key += reader.Number();
                var folded = (int)reader.Number();
                counts[key] = (folded >>> 1) ^ -(folded & 1);
            }

            result._cells[cell] = counts;
        }

        return result;
    }

    private static string? Name(string[] names, ulong index) =>
        index == 0 ? null : index <= (ulong)names.Length ? names[index - 1] : throw new InvalidDataException("A name is missing.");

    private sealed class Writer
    {
        private byte[] _bytes = new byte[256];
        private int _length;

        public void Byte(byte value) => Room(1)[0] = value;

        public void Number(ulong value)
        {
            while (value >= 0x80)
            {
                Byte((byte)(value | 0x80));
                value >>= 7;
            }

            Byte((byte)value);
        }

        public void Text(string text)
        {
            var length = Encoding.UTF8.GetByteCount(text);
            Number((ulong)length);
            Encoding.UTF8.GetBytes(text, Room(length));
        }

        public byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();

        private Span<byte> Room(int count)
        {
            if (_length + count > _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
            }

            _length += count;
            return _bytes.AsSpan(_length - count, count);
        }
    }

    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _left = bytes;

        public byte Byte()
        {
            if (_left.IsEmpty)
            {
                throw new InvalidDataException("The counts break off.");
            }

            var value = _left[0];
            _left = _left[1..];
            return value;
        }

        public ulong Number()
        {
            var value = 0UL;
            for (var shift = 0; shift < 70; shift += 7)
            {
                var part = Byte();
                value |= (ulong)(part & 0x7F) << shift;
                if (part < 0x80)
                {
                    return value;
                }
            }

            throw new InvalidDataException("A number is too long.");
        }

        public string Text()
        {
            var length = (int)Math.Min(Number(), int.MaxValue);
            if (length > _left.Length)
            {
                throw new InvalidDataException("The counts break off.");
            }

            var text = Encoding.UTF8.GetString(_left[..length]);
            _left = _left[length..];
            return text;
        }
    }
}
