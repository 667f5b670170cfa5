using System.IO.Compression;
using System.Text;

namespace Serverless940.Simulator;

/// <summary>Comma-separated values as RFC 4180 has them, with a header line; <c>.gz</c> is unpacked on the way.</summary>
public static class CsvFile
{
    /// <summary>The rows by column name, each with its line's number. They are read as they are asked for.</summary>
    /// <exception cref="InvalidDataException">A row has another number of fields than the header; the message says where.</exception>
    public static IEnumerable<(int Line, IReadOnlyDictionary<string, string> Row)> Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream bytes = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(bytes, Encoding.UTF8);
        var line = 1;
        var header = Fields(reader, ref line) ?? throw new InvalidDataException($"{path} is empty.");
        while (true)
        {
            var at = line;
            if (Fields(reader, ref line) is not { } fields)
            {
                yield break;
            }

            if (fields is [""])
            {
                continue;
            }

            if (fields.Count != header.Count)
            {
                throw new InvalidDataException($"{path}:{at}: {fields.Count} fields, but the header has {header.Count}.");
            }

            var row = new Dictionary<string, string>(header.Count, StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < header.Count; i++)
            {
                row[header[i]] = fields[i];
            }

            yield return (at, row);
        }
    }

    private static List<string>? Fields(StreamReader reader, ref int line)
    {
        if (reader.Peek() < 0)
        {
            return null;
        }

        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        while (reader.Read() is var read and >= 0)
        {
            var letter = (char)read;
            if (quoted && letter == '"' && reader.Peek() == '"')
            {
                reader.Read();
                field.Append('"');
            }
            else if (letter == '"')
            {
                quoted = !quoted;
            }
            else if (letter == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (letter == '\n' && !quoted)
            {
                line++;
                break;
            }
            else if (letter != '\r' || quoted)
            {
                line += letter == '\n' ? 1 : 0;
                field.Append(letter);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
