using System.Text.Json;

namespace Serverless940.Core.Policies;

/// <summary>Plain JSON into <see cref="PolicyNode"/>s: no comments, no trailing commas, no member twice.</summary>
internal static class PolicyJson
{
    /// <summary>No policy file is longer; official boundaries with 100,000 points take 4 MB.</summary>
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <returns>The root, or <see langword="null"/> when the syntax is broken, which stops the file there.</returns>
    public static PolicyNode? Parse(PolicySource source, PolicyErrors errors)
    {
        if (source.Utf8.Length > MaxBytes)
        {
            errors.Add(source, 0, "$", "the file is longer than 16 MB");
            return null;
        }

        var reader = new Utf8JsonReader(source.Utf8.Span, new JsonReaderOptions { MaxDepth = 32 });
        try
        {
            reader.Read();
            var root = ReadValue(ref reader, source, errors, null, "$");
            while (reader.Read())
            {
            }

            return root;
        }
        catch (JsonException broken)
        {
            errors.Add(source, OffsetOf(source, broken), broken.Path ?? "$", "not valid JSON: " + Shorten(broken.Message));
        }
        catch (InvalidOperationException)
        {
            // The reader checks the bytes of a string only when it is asked for the text.
            errors.Add(source, reader.TokenStartIndex, "$", "not valid JSON: a string is not valid UTF-8 or holds half a surrogate pair");
        }

        return null;
    }

    private static PolicyNode ReadValue(
        ref Utf8JsonReader reader, PolicySource source, PolicyErrors errors, PolicyNode? parent, string segment)
    {
        var offset = reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var record = new PolicyNode(source, offset, NodeKind.Object, parent, segment);
                ReadMembers(ref reader, source, errors, record);
                return record;
            case JsonTokenType.StartArray:
                var array = new PolicyNode(source, offset, NodeKind.Array, parent, segment);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    array.Items.Add(ReadValue(ref reader, source, errors, array, PolicyNode.ItemSegment(array.Items.Count)));
                }

                return array;
            case JsonTokenType.String:
                return new PolicyNode(source, offset, NodeKind.Text, parent, segment) { Text = reader.GetString()! };
            case JsonTokenType.Number:
                return new PolicyNode(source, offset, NodeKind.Number, parent, segment) { Number = reader.GetDouble() };
            case JsonTokenType.True or JsonTokenType.False:
                return new PolicyNode(source, offset, NodeKind.Boolean, parent, segment) { Flag = reader.GetBoolean() };
            default:
                return new PolicyNode(source, offset, NodeKind.Null, parent, segment);
        }
    }

    private static void ReadMembers(ref Utf8JsonReader reader, PolicySource source, PolicyErrors errors, PolicyNode record)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            var nameOffset = reader.TokenStartIndex;
            reader.Read();
            var value = ReadValue(ref reader, source, errors, record, PolicyNode.MemberSegment(name));
            if (names.Add(name))
            {
                record.Members.Add(new(name, value));
            }
            else
            {
                errors.Add(source, nameOffset, value.Path, $"the member '{name}' is there twice");
            }
        }
    }

    private static long OffsetOf(PolicySource source, JsonException broken)
    {
        var span = source.Utf8.Span;
        var line = broken.LineNumber ?? 0;
        var at = 0;
        for (; line > 0 && at < span.Length; at++)
        {
            if (span[at] == (byte)'\n')
            {
                line--;
            }
        }

        return at + (broken.BytePositionInLine ?? 0);
    }

    private static string Shorten(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
