using System.Runtime.Serialization;
using System.Text;

namespace Serverless940.Local.ServiceBus;

/// <summary>What sender and receiver agree on: the body and its properties.</summary>
internal sealed class MessageData
{
    public BinaryData Body { get; set; } = BinaryData.Empty;

    public string? MessageId { get; set; }

    public string? SessionId { get; set; }

    public string? PartitionKey { get; set; }

    public string? TransactionPartitionKey { get; set; }

    public string? ReplyToSessionId { get; set; }

    public string? CorrelationId { get; set; }

    public string? Subject { get; set; }

    public string? To { get; set; }

    public string? ContentType { get; set; }

    public string? ReplyTo { get; set; }

    public TimeSpan TimeToLive { get; set; } = TimeSpan.MaxValue;

    public DateTimeOffset ScheduledEnqueueTime { get; set; }

    public Dictionary<string, object?> Properties { get; set; } = new(StringComparer.Ordinal);

    public MessageData Copy()
    {
        var copy = (MessageData)MemberwiseClone();
        copy.Properties = new Dictionary<string, object?>(Properties, StringComparer.Ordinal);
        return copy;
    }
}

/// <summary>
/// A message's payload as stored: a version, the properties, the body. Only the value types that Service Bus carries
/// in application properties are taken, with the loss that its protocol brings (times are kept to the millisecond).
/// </summary>
internal static class MessageCodec
{
    public const string DeadLetterReason = "DeadLetterReason";
    public const string DeadLetterErrorDescription = "DeadLetterErrorDescription";

    private const byte Version = 1;

    private static readonly Dictionary<Type, (byte Code, Action<BinaryWriter, object> Write)> Writers = new()
    {
        [typeof(string)] = (1, (writer, value) => writer.Write((string)value)),
        [typeof(bool)] = (2, (writer, value) => writer.Write((bool)value)),
        [typeof(byte)] = (3, (writer, value) => writer.Write((byte)value)),
        [typeof(sbyte)] = (4, (writer, value) => writer.Write((sbyte)value)),
        [typeof(short)] = (5, (writer, value) => writer.Write((short)value)),
        [typeof(ushort)] = (6, (writer, value) => writer.Write((ushort)value)),
        [typeof(int)] = (7, (writer, value) => writer.Write((int)value)),
        [typeof(uint)] = (8, (writer, value) => writer.Write((uint)value)),
        [typeof(long)] = (9, (writer, value) => writer.Write((long)value)),
        [typeof(ulong)] = (10, (writer, value) => writer.Write((ulong)value)),
        [typeof(float)] = (11, (writer, value) => writer.Write((float)value)),
        [typeof(double)] = (12, (writer, value) => writer.Write((double)value)),
        [typeof(decimal)] = (13, (writer, value) => writer.Write((decimal)value)),
        [typeof(char)] = (14, (writer, value) => writer.Write((ushort)(char)value)),
        [typeof(Guid)] = (15, (writer, value) => writer.Write(((Guid)value).ToByteArray())),
        [typeof(DateTime)] = (16, (writer, value) => writer.Write(new DateTimeOffset(((DateTime)value).ToUniversalTime()).ToUnixTimeMilliseconds())),
        [typeof(DateTimeOffset)] = (17, (writer, value) => writer.Write(((DateTimeOffset)value).UtcTicks)),
        [typeof(TimeSpan)] = (18, (writer, value) => writer.Write(((TimeSpan)value).Ticks)),
        [typeof(Uri)] = (19, (writer, value) => writer.Write(((Uri)value).OriginalString)),
    };

    /// <exception cref="SerializationException">An application property has a type that the bus cannot carry.</exception>
    public static byte[] Encode(MessageData content)
    {
        using var stream = new MemoryStream(256 + (int)content.Body.ToMemory().Length);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Version);
        Text(writer, content.MessageId);
        Text(writer, content.SessionId);
        Text(writer, content.PartitionKey);
        Text(writer, content.TransactionPartitionKey);
        Text(writer, content.ReplyToSessionId);
        Text(writer, content.CorrelationId);
        Text(writer, content.Subject);
        Text(writer, content.To);
        Text(writer, content.ContentType);
        Text(writer, content.ReplyTo);
        writer.Write(content.TimeToLive.Ticks);
        writer.Write(content.ScheduledEnqueueTime.UtcTicks);
        writer.Write7BitEncodedInt(content.Properties.Count);
        foreach (var (name, value) in content.Properties)
        {
            writer.Write(name);
            Value(writer, value);
        }

        writer.Write(content.Body.ToMemory().Span);
        writer.Flush();
        return stream.ToArray();
    }

    public static MessageData Decode(byte[] payload)
    {
        using var stream = new MemoryStream(payload, writable: false);
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        var version = reader.ReadByte();
        if (version != Version)
        {
            throw new SerializationException($"The bus file holds a message of the unknown version {version}.");
        }

        var content = new MessageData
        {
            MessageId = Text(reader),
            SessionId = Text(reader),
            PartitionKey = Text(reader),
            TransactionPartitionKey = Text(reader),
            ReplyToSessionId = Text(reader),
            CorrelationId = Text(reader),
            Subject = Text(reader),
            To = Text(reader),
            ContentType = Text(reader),
            ReplyTo = Text(reader),
            TimeToLive = TimeSpan.FromTicks(reader.ReadInt64()),
            ScheduledEnqueueTime = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
        };
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            content.Properties[reader.ReadString()] = Value(reader);
        }

        content.Body = new BinaryData(payload.AsMemory((int)stream.Position));
        return content;
    }

    /// <summary>The payload with application properties added or replaced.</summary>
    public static byte[] WithProperties(byte[] payload, IDictionary<string, object?> changes)
    {
        var content = Decode(payload);
        foreach (var (name, value) in changes)
        {
            content.Properties[name] = value;
        }

        return Encode(content);
    }

    /// <summary>Refuses what cannot be carried before anything is changed.</summary>
    public static void Check(IDictionary<string, object?>? properties)
    {
        foreach (var (name, value) in properties ?? new Dictionary<string, object?>())
        {
            if (value is not null && !Writers.ContainsKey(value.GetType()))
            {
                throw Unsupported(name, value);
            }
        }
    }

    private static SerializationException Unsupported(string name, object value) =>
        new($"The application property '{name}' has the type {value.GetType().FullName}, which the bus cannot carry.");

    private static void Text(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
        {
            writer.Write(text);
        }
    }

    private static string? Text(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    private static void Value(BinaryWriter writer, object? value)
    {
        if (value is null)
        {
            writer.Write((byte)0);
            return;
        }

        if (!Writers.TryGetValue(value.GetType(), out var known))
        {
            throw Unsupported("?", value);
        }

        writer.Write(known.Code);
        known.Write(writer, value);
    }

    private static object? Value(BinaryReader reader) => reader.ReadByte() switch
    {
        0 => null,
        1 => reader.ReadString(),
        2 => reader.ReadBoolean(),
        3 => reader.ReadByte(),
        4 => reader.ReadSByte(),
        5 => reader.ReadInt16(),
        6 => reader.ReadUInt16(),
        7 => reader.ReadInt32(),
        8 => reader.ReadUInt32(),
        9 => reader.ReadInt64(),
        10 => reader.ReadUInt64(),
        11 => reader.ReadSingle(),
        12 => reader.ReadDouble(),
        13 => reader.ReadDecimal(),
        14 => (char)reader.ReadUInt16(),
        15 => new Guid(reader.ReadBytes(16)),
        16 => DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()).UtcDateTime,
        17 => new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
        18 => TimeSpan.FromTicks(reader.ReadInt64()),
        19 => new Uri(reader.ReadString(), UriKind.RelativeOrAbsolute),
        var code => throw new SerializationException($"The bus file holds a property of the unknown kind {code}."),
    };
}
