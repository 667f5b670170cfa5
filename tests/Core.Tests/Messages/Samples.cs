using System.Collections;
using System.Reflection;

namespace Serverless940.Core.Tests.Messages;

/// <summary>A value of any message type with every member filled, so that a lost member shows.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset s_at = new(2026, 3, 29, 9, 30, 15, TimeSpan.FromHours(3));

    public static object Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(string) => "نص \"text\" 😀",
            _ when type == typeof(bool) => true,
            _ when type == typeof(int) => 7,
            _ when type == typeof(long) => 7_000_000_000L,
            _ when type == typeof(double) => 26.4282,
            _ when type == typeof(DateTimeOffset) => s_at,
            _ when type == typeof(TimeSpan) => new TimeSpan(1, 2, 3, 4),
            { IsEnum: true } => Enum.GetValues(type).Cast<object>().Last(),
            { IsGenericType: true } when typeof(IEnumerable).IsAssignableFrom(type) => Many(type),
            { IsAbstract: true } => Of(type.Assembly.GetTypes().First(candidate => !candidate.IsAbstract && candidate.IsSubclassOf(type))),
            _ => Made(type),
        };
    }

    private static object Many(Type type)
    {
        var arguments = type.GetGenericArguments();
        if (arguments.Length == 1)
        {
            var made = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(arguments))!;
            made.Add(Of(arguments[0]));
            return made;
        }

        return new Dictionary<string, string> { ["name"] = "قيمة" };
    }

    private static object Made(Type type)
    {
        var constructor = type.GetConstructors().Where(found => found.GetParameters() is not [var only] || only.ParameterType != type).MaxBy(found => found.GetParameters().Length)!;
        var made = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Of(parameter.ParameterType))]);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true }))
        {
            property.SetValue(made, Of(property.PropertyType));
        }

        return made;
    }
}
