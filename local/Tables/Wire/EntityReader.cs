#nullable enable
using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;

namespace Serverless940.Local.Tables;

/// <summary>Reads entities from the service's answers.</summary>
internal static class EntityReader
{
    /// <summary>One entity.</summary>
    public static T ReadOne<T>(BinaryData content)
        where T : class, ITableEntity
    {
        var json = new Utf8JsonReader(content.ToMemory().Span);
        json.Read();
        return Read<T>(ref json);
    }

    /// <summary>The entities of one page: <c>{"odata.metadata":...,"value":[...]}</c>.</summary>
    public static List<T> ReadMany<T>(BinaryData content)
        where T : class, ITableEntity
    {
        var entities = new List<T>();
        var json = new Utf8JsonReader(content.ToMemory().Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = json.ValueTextEquals("value"u8);
            json.Read();
            if (!isValue)
            {
                json.Skip();
                continue;
            }

            while (json.Read() && json.TokenType == JsonTokenType.StartObject)
            {
                entities.Add(Read<T>(ref json));
            }
        }

        return entities;
    }

    // The reader stands on the object's start and is left on its end.
    private static T Read<T>(ref Utf8JsonReader json)
        where T : class, ITableEntity
    {
        var entity = Activator.CreateInstance<T>();
        if (entity is TableEntity known)
        {
            ReadBag(ref json, known.Properties);
        }
        else if (entity is IDictionary<string, object?> bag)
        {
            ReadBag(ref json, bag);
        }
        else
        {
            ReadMembers(ref json, entity);
        }

        return entity;
    }

    private static void ReadBag(ref Utf8JsonReader json, IDictionary<string, object?> bag)
    {
        List<(string Name, string? Type)>? ahead = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = PropertyName(ref json);
            json.Read();
            if (name is WireNames.Metadata)
            {
                json.Skip();
                continue;
            }

            var suffix = name.IndexOf(WireNames.TypeSuffix, StringComparison.Ordinal);
            if (suffix > 0)
            {
                (ahead ??= []).Add((name[..suffix], json.GetString()));
                continue;
            }

            bag[name] = name is WireNames.Timestamp && json.TokenType == JsonTokenType.String
                ? ParseInstant(json.GetString())
                : Plain(ref json);
        }

        // The annotation may stand before or after its value.
        if (ahead is not null)
        {
            foreach (var (name, type) in ahead)
            {
                bag[name] = Typed(bag[name], type);
            }
        }
    }

    private static string PropertyName(ref Utf8JsonReader json) =>
        json.ValueTextEquals("PartitionKey"u8) ? nameof(ITableEntity.PartitionKey)
        : json.ValueTextEquals("RowKey"u8) ? nameof(ITableEntity.RowKey)
        : json.ValueTextEquals("Timestamp"u8) ? WireNames.Timestamp
        : json.ValueTextEquals("odata.etag"u8) ? WireNames.ETag
        : json.GetString()!;

    private static object? Plain(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                return json.GetString();
            case JsonTokenType.Number:
                return json.TryGetInt32(out var small) ? small
                    : json.TryGetInt64(out var large) ? large
                    : (object)json.GetDouble();
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            default:
                json.Skip();
                return null;
        }
    }

    private static object Typed(object? value, string? type) => type switch
    {
        WireNames.Binary => Convert.FromBase64String(value as string ?? ""),
        WireNames.DateTime => ParseInstant(value as string ?? ""),
        WireNames.Guid => Guid.Parse(value as string ?? ""),
        WireNames.Int64 => long.Parse(value as string ?? "", CultureInfo.InvariantCulture),
        WireNames.Double when value is int or long or double => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        WireNames.Double => double.Parse(value as string ?? "", CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException("Not supported type " + type),
    };

    private static void ReadMembers(ref Utf8JsonReader json, object entity)
    {
        var shape = EntityShape.Of(entity.GetType());
        var next = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var member = shape.Find(ref json, ref next);
            json.Read();
            if (member is { CanWrite: true })
            {
                member.Set(entity, json.TokenType == JsonTokenType.Null ? null : ReadMember(ref json, member));
            }
            else
            {
                json.Skip();
            }
        }
    }

    // A value of another type than the member's fails as it does with the official client: by a cast or by parsing nothing.
    private static object? ReadMember(ref Utf8JsonReader json, EntityMember member)
    {
        var text = json.TokenType == JsonTokenType.String;
        switch (member.Kind)
        {
            case MemberKind.Text:
                return Text(ref json);
            case MemberKind.Int32:
                return (int)Plain(ref json)!;
            case MemberKind.Boolean:
                return (bool)Plain(ref json)!;
            case MemberKind.Double:
                return json.TokenType == JsonTokenType.Number
                    ? json.GetDouble()
                    : Convert.ToDouble(Plain(ref json), CultureInfo.InvariantCulture);
            case MemberKind.Int64:
                return long.Parse(Text(ref json)!, CultureInfo.InvariantCulture);
            case MemberKind.UInt64:
                return ulong.Parse(Text(ref json)!, CultureInfo.InvariantCulture);
            case MemberKind.Guid:
                return text && json.TryGetGuid(out var id) ? id : Guid.Parse(Text(ref json)!);
            case MemberKind.DateTimeOffset:
                return ParseInstant(Text(ref json));
            case MemberKind.DateTime:
                return DateTime.Parse(Text(ref json)!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
            case MemberKind.Binary:
                return text ? json.GetBytesFromBase64() : Convert.FromBase64String(Text(ref json)!);
            case MemberKind.BinaryData:
                return BinaryData.FromBytes(text ? json.GetBytesFromBase64() : Convert.FromBase64String(Text(ref json)!));
            case MemberKind.Enum:
                return Enum.Parse(member.Type, Text(ref json)!);
            case MemberKind.ETag:
                return new ETag(Text(ref json)!);
            default:
                json.Skip();
                return null;
        }
    }

    private static string? Text(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            return json.GetString();
        }

        json.Skip();
        return null;
    }

    private static DateTimeOffset ParseInstant(string? text) =>
        DateTimeOffset.Parse(text!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
