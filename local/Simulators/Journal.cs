using System.Text.Json;

namespace Serverless940.Local.Simulators;

/// <summary>
/// An append-only file of JSON lines. A line is in the file when <see cref="Append"/> returns, so a killed process loses
/// at most a torn last line, which the next one ignores. Lines another process or instance wrote are seen at the next call.
/// </summary>
internal sealed class Journal<T>(string path, Func<T, string?>? key = null)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly List<T> _items = [];
    private readonly Dictionary<string, T> _byKey = new(StringComparer.Ordinal);
    private long _read;

    /// <summary>All items in the order they were written.</summary>
    internal IReadOnlyList<T> All()
    {
        lock (_gate)
        {
            Refresh();
            return [.. _items];
        }
    }

    internal void Append(T item)
    {
        lock (_gate)
        {
            Write(item);
        }
    }

    /// <summary>The first item with the new one's key, or the new one; nobody writes between the look and the write.</summary>
    internal (T Item, bool Added) GetOrAdd(T item)
    {
        lock (_gate)
        {
            Refresh();
            if (key?.Invoke(item) is { } itsKey && _byKey.TryGetValue(itsKey, out var found))
            {
                return (found, false);
            }

            Write(item);
            return (item, true);
        }
    }

    /// <summary>The first item with this key.</summary>
    internal T? Find(string itsKey)
    {
        lock (_gate)
        {
            Refresh();
            return _byKey.GetValueOrDefault(itsKey);
        }
    }

    private void Write(T item)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(item, Wire.Json);
        using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        var torn = false;
        if (stream.Length > 0)
        {
            stream.Seek(-1, SeekOrigin.End);
            torn = stream.ReadByte() != '\n';
        }

        stream.Seek(0, SeekOrigin.End);
        stream.Write([.. torn ? "\n"u8 : [], .. line, (byte)'\n']);
    }

    private void Refresh()
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (stream.Length <= _read)
        {
            return;
        }

        var bytes = new byte[stream.Length - _read];
        stream.Seek(_read, SeekOrigin.Begin);
        stream.ReadExactly(bytes);
        var rest = bytes.AsSpan();
        for (var end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
        {
            if (TryParse(rest[..end]) is { } item)
            {
                _items.Add(item);
                if (key?.Invoke(item) is { } itsKey)
                {
                    _byKey.TryAdd(itsKey, item);
                }
            }

            rest = rest[(end + 1)..];
            _read += end + 1;
        }
    }

    private static T? TryParse(ReadOnlySpan<byte> line)
    {
        try
        {
            return line.IsEmpty ? null : JsonSerializer.Deserialize<T>(line, Wire.Json);
        }
        catch (JsonException)
        {
            return null; // the torn line of a process that was killed
        }
    }
}
