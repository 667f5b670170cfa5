#nullable enable
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;

namespace Serverless940.Local.Tables;

/// <summary>The members of an entity type that travel, found once per type.</summary>
internal sealed class EntityShape
{
    private static readonly ConcurrentDictionary<Type, EntityShape> Known = new();

    private readonly EntityMember[] _members;

    private EntityShape(Type type)
    {
        var members = new List<EntityMember>();
        foreach (var member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance))
        {
            if (member.IsDefined(typeof(IgnoreDataMemberAttribute)))
            {
                continue;
            }

            switch (member)
            {
                case PropertyInfo property when property.GetIndexParameters().Length == 0:
                    members.Add(EntityMember.Of(property));
                    break;
                case FieldInfo field:
                    members.Add(new FieldMember(field));
                    break;
                default:
                    break;
            }
        }

        // A type may implement the interface explicitly; its keys are bound through the interface then.
        foreach (var property in typeof(ITableEntity).GetProperties())
        {
            if (type.GetProperty(property.Name, BindingFlags.Public | BindingFlags.Instance) is null)
            {
                members.Add(EntityMember.Of(property));
            }
        }

        _members = [.. members];
    }

    public ReadOnlySpan<EntityMember> Members => _members;

    public static EntityShape Of(Type type) => Known.GetOrAdd(type, static found => new EntityShape(found));

    /// <summary>The member of this name on the wire; members usually come in the order they went, so the search starts there.</summary>
    public EntityMember? Find(ref Utf8JsonReader reader, ref int next)
    {
        for (var step = 0; step < _members.Length; step++)
        {
            var index = next + step < _members.Length ? next + step : next + step - _members.Length;
            if (reader.ValueTextEquals(_members[index].ReadName))
            {
                next = index + 1 == _members.Length ? 0 : index + 1;
                return _members[index];
            }
        }

        return null;
    }
}

/// <summary>What of the wire a member can be read from.</summary>
internal enum MemberKind
{
    Unreadable,
    Text,
    Binary,
    BinaryData,
    Int64,
    UInt64,
    Double,
    Boolean,
    Guid,
    DateTimeOffset,
    DateTime,
    Int32,
    Enum,
    ETag,
}

/// <summary>A property or field of an entity type.</summary>
internal abstract class EntityMember
{
    protected EntityMember(MemberInfo member, Type type, bool canRead, bool canWrite)
    {
        var name = member.GetCustomAttribute<DataMemberAttribute>()?.Name ?? member.Name;
        Name = JsonEncodedText.Encode(name, EntityWriter.Encoder);
        TypeName = JsonEncodedText.Encode(name + WireNames.TypeSuffix, EntityWriter.Encoder);
        ReadName = Encoding.UTF8.GetBytes(name == nameof(ITableEntity.ETag) ? WireNames.ETag : name);
        Type = Nullable.GetUnderlyingType(type) ?? type;
        Kind = KindOf(Type);
        CanRead = canRead && name is not (nameof(ITableEntity.ETag) or nameof(ITableEntity.Timestamp));
        CanWrite = canWrite;
    }

    /// <summary>The name on the wire.</summary>
    public JsonEncodedText Name { get; }

    /// <summary>The name of the type annotation.</summary>
    public JsonEncodedText TypeName { get; }

    public byte[] ReadName { get; }

    /// <summary>The member's type without <see cref="Nullable{T}"/>.</summary>
    public Type Type { get; }

    public MemberKind Kind { get; }

    /// <summary>Whether the member is sent.</summary>
    public bool CanRead { get; }

    /// <summary>Whether the member is filled.</summary>
    public bool CanWrite { get; }

    public abstract object? Get(object entity);

    /// <summary>Sets the member; <see langword="null"/> means its type's default.</summary>
    public abstract void Set(object entity, object? value);

    public static EntityMember Of(PropertyInfo property)
    {
        var owner = property.DeclaringType!;
        return owner.IsValueType
            ? new SlowMember(property)
            : (EntityMember)Activator.CreateInstance(typeof(PropertyMember<,>).MakeGenericType(owner, property.PropertyType), property)!;
    }

    private static MemberKind KindOf(Type type) => type switch
    {
        _ when type == typeof(string) => MemberKind.Text,
        _ when type == typeof(byte[]) => MemberKind.Binary,
        _ when type == typeof(BinaryData) => MemberKind.BinaryData,
        _ when type == typeof(long) => MemberKind.Int64,
        _ when type == typeof(ulong) => MemberKind.UInt64,
        _ when type == typeof(double) => MemberKind.Double,
        _ when type == typeof(bool) => MemberKind.Boolean,
        _ when type == typeof(Guid) => MemberKind.Guid,
        _ when type == typeof(DateTimeOffset) => MemberKind.DateTimeOffset,
        _ when type == typeof(DateTime) => MemberKind.DateTime,
        _ when type == typeof(int) => MemberKind.Int32,
        _ when type == typeof(ETag) => MemberKind.ETag,
        _ when type.IsEnum => MemberKind.Enum,
        _ => MemberKind.Unreadable,
    };
}

/// <summary>A property of a class, reached by delegates.</summary>
internal sealed class PropertyMember<TOwner, TValue> : EntityMember
    where TOwner : class
{
    private readonly Func<TOwner, TValue>? _get;
    private readonly Action<TOwner, TValue>? _set;

    public PropertyMember(PropertyInfo property)
        : base(property, property.PropertyType, property.GetMethod?.IsPublic == true, property.SetMethod?.IsPublic == true)
    {
        _get = property.GetMethod?.CreateDelegate<Func<TOwner, TValue>>();
        _set = property.SetMethod?.CreateDelegate<Action<TOwner, TValue>>();
    }

    public override object? Get(object entity) => _get!((TOwner)entity);

    public override void Set(object entity, object? value) => _set!((TOwner)entity, value is null ? default! : (TValue)value);
}

/// <summary>A property of a structure, reached by reflection.</summary>
internal sealed class SlowMember(PropertyInfo property)
    : EntityMember(property, property.PropertyType, property.GetMethod?.IsPublic == true, property.SetMethod?.IsPublic == true)
{
    public override object? Get(object entity) => property.GetValue(entity);

    public override void Set(object entity, object? value) => property.SetValue(entity, value);
}

/// <summary>A public field.</summary>
internal sealed class FieldMember(FieldInfo field) : EntityMember(field, field.FieldType, true, !field.IsInitOnly)
{
    public override object? Get(object entity) => field.GetValue(entity);

    public override void Set(object entity, object? value) => field.SetValue(entity, value);
}
