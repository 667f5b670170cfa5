using System.Text;

namespace Serverless940.Core.Voice;

/// <summary>A posted form (<c>application/x-www-form-urlencoded</c>), every field in its order, empty ones too.</summary>
public static class FormBody
{
    /// <summary>Most fields that are looked at.</summary>
    public const int MostFields = 200;

    /// <summary>The fields, or <see langword="null"/> when there are too many. Bytes that are no UTF-8 become U+FFFD, as providers sign them.</summary>
    public static IReadOnlyList<FormField>? Read(ReadOnlySpan<byte> body)
    {
        var fields = new List<FormField>();
        while (!body.IsEmpty)
        {
            var end = body.IndexOf((byte)'&');
            var pair = end < 0 ? body : body[..end];
            body = end < 0 ? [] : body[(end + 1)..];
            if (pair.IsEmpty)
            {
                continue;
            }

            if (fields.Count == MostFields)
            {
                return null;
            }

            var equals = pair.IndexOf((byte)'=');
            fields.Add(new FormField(Decode(equals < 0 ? pair : pair[..equals]), equals < 0 ? string.Empty : Decode(pair[(equals + 1)..])));
        }

        return fields;
    }

    /// <summary>The one value of a name; <see langword="null"/> when there is none, or several.</summary>
    public static string? Value(this IReadOnlyList<FormField> fields, string name)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return fields.Where(field => field.Name == name).Select(field => field.Value).ToList() is [var only] ? only : null;
    }

    private static string Decode(ReadOnlySpan<byte> text)
    {
        var bytes = new byte[text.Length];
        var count = 0;
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '%' && index + 2 < text.Length && char.IsAsciiHexDigit((char)text[index + 1]) && char.IsAsciiHexDigit((char)text[index + 2]))
            {
                bytes[count++] = (byte)((Hex(text[index + 1]) << 4) | Hex(text[index + 2]));
                index += 2;
            }
            else
            {
                bytes[count++] = text[index] == '+' ? (byte)' ' : text[index];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, count);
    }

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
