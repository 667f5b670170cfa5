#nullable enable
using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using Azure.Data.Tables;

namespace Serverless940.Local.Tables;

/// <summary>Writes entities as the service takes them: values that JSON cannot tell apart carry a type annotation.</summary>
internal static class EntityWriter
{
    private const string Instant = "yyyy-MM-ddTHH:mm:ss.fffffffZ";

    // Arabic stays two bytes a letter instead of six.
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private static readonly JsonWriterOptions Options = new() { Encoder = Encoder, SkipValidation = true };

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? _spare;

    /// <summary>The entity's body.</summary>
    /// <exception cref="NotSupportedException">A property's type has no form in the table service.</exception>
    public static byte[] ToBytes(ITableEntity entity)
    {
        var (buffer, json) = _spare ?? Create();
        _spare = null;
        buffer.ResetWrittenCount();
        json.Reset();
        Write(json, entity);
        json.Flush();
        var bytes = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity <= 256 * 1024)
        {
            _spare = (buffer, json);
        }

        return bytes;
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json) Create()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        return (buffer, new Utf8JsonWriter(buffer, Options));
    }

    private static void Write(Utf8JsonWriter json, ITableEntity entity)
    {
        json.WriteStartObject();
        if (entity is IDictionary<string, object> bag)
        {
            foreach (var (name, value) in bag)
            {
                if (name is not (WireNames.ETag or WireNames.Timestamp))
                {
                    WriteProperty(json, name, value);
                }
            }
        }
        else
        {
            foreach (var member in EntityShape.Of(entity.GetType()).Members)
            {
                if (member.CanRead)
                {
                    WriteMember(json, member, member.Get(entity));
                }
            }
        }

        json.WriteEndObject();
    }

    private static void WriteProperty(Utf8JsonWriter json, string name, object? value)
    {
        if (value is Enum)
        {
            throw new NotSupportedException("Enum values are only supported for custom model types implementing ITableEntity.");
        }

        json.WritePropertyName(name);
        WriteValue(json, value);
        if (Annotation(value) is { } type)
        {
            json.WriteString(name + WireNames.TypeSuffix, type);
        }
    }

    private static void WriteMember(Utf8JsonWriter json, EntityMember member, object? value)
    {
        json.WritePropertyName(member.Name);
        WriteValue(json, value);
        if (Annotation(value) is { } type)
        {
            json.WriteString(member.TypeName, type);
        }
    }

    private static string? Annotation(object? value) => value switch
    {
        byte[] or BinaryData => WireNames.Binary,
        long or ulong => WireNames.Int64,
        double => WireNames.Double,
        Guid => WireNames.Guid,
        DateTimeOffset or DateTime => WireNames.DateTime,
        _ => null,
    };

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case long or ulong:
                json.WriteStringValue(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsNaN(number):
                json.WriteStringValue("NaN");
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case DateTimeOffset instant:
                WriteInstant(json, instant.UtcDateTime);
                break;
            case DateTime { Kind: DateTimeKind.Utc } instant:
                WriteInstant(json, instant);
                break;
            case DateTime instant:
                throw new NotSupportedException(
                    $"DateTime {instant.ToString(CultureInfo.InvariantCulture)} has a Kind of {instant.Kind}. Azure SDK requires it to be UTC. " +
                    "You can call DateTime.SpecifyKind to change Kind property value to DateTimeKind.Utc.");
            default:
                WriteRareValue(json, value);
                break;
        }
    }

    private static void WriteRareValue(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case Guid id:
                json.WriteStringValue(id);
                break;
            case byte[] bytes:
                json.WriteBase64StringValue(bytes);
                break;
            case BinaryData bytes:
                json.WriteBase64StringValue(bytes);
                break;
            case Enum choice:
                json.WriteStringValue(choice.ToString());
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case float number:
                json.WriteNumberValue(number);
                break;
            case TimeSpan span:
                json.WriteStringValue(XmlConvert.ToString(span));
                break;
            case JsonElement element:
                element.WriteTo(json);
                break;
            default:
                throw new NotSupportedException($"Not supported type {value.GetType()}");
        }
    }

    private static void WriteInstant(Utf8JsonWriter json, DateTime instant)
    {
        Span<char> text = stackalloc char[Instant.Length];
        instant.TryFormat(text, out var written, Instant, CultureInfo.InvariantCulture);
        json.WriteStringValue(text[..written]);
    }
}
