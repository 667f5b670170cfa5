using System.Globalization;
using System.Text;
using Azure.Core.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Serverless940.Local.Functions;

/// <summary>Turns what a trigger brings into a function's arguments, with the worker's own order of conversions.</summary>
internal static class ParameterBinder
{
    public static async ValueTask<object?[]> BindAsync(LocalFunctionContext context, ObjectSerializer serializer)
    {
        var parameters = context.Function.Parameters;
        var arguments = new object?[parameters.Length];
        List<string>? errors = null;
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = context.FunctionDefinition.Parameters[i];
            var source = string.Equals(parameter.Name, context.Function.TriggerParameterName, StringComparison.Ordinal)
                ? context.Input.Value
                : context.Input.Metadata.GetValueOrDefault(parameter.Name);
            try
            {
                var (bound, value) = await ConvertAsync(context, parameter.Type, source, serializer);
                if (bound)
                {
                    arguments[i] = value;
                }
                else if (parameter.HasDefaultValue)
                {
                    arguments[i] = parameter.DefaultValue;
                }
                else if (!parameter.IsReferenceOrNullableType)
                {
                    (errors ??= []).Add($"Could not populate the value for '{parameter.Name}'.");
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The value itself may be a citizen's words, so only the kind of failure is told.
                (errors ??= []).Add($"Cannot convert '{parameter.Name}' to {parameter.Type.FullName}: {exception.GetType().Name}.");
            }
        }

        return errors is null
            ? arguments
            : throw new FunctionInputException($"Error converting {errors.Count.ToString(CultureInfo.InvariantCulture)} input parameters for function '{context.Function.Name}': {string.Join(' ', errors)}");
    }

    private static async ValueTask<(bool Bound, object? Value)> ConvertAsync(
        LocalFunctionContext context, Type target, object? source, ObjectSerializer serializer)
    {
        if (Special(context, target) is { } special)
        {
            return (true, special);
        }

        if (source is null)
        {
            return (false, null);
        }

        if (target.IsInstanceOfType(source))
        {
            return (true, source);
        }

        var underlying = Nullable.GetUnderlyingType(target) ?? target;
        switch (source)
        {
            case string text when underlying == typeof(Guid) && Guid.TryParse(text, out var guid):
                return (true, guid);
            case string text when underlying == typeof(DateTimeOffset) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var instant):
                return (true, instant);
            case string text when underlying == typeof(DateTime) && DateTime.TryParse(text, CultureInfo.InvariantCulture, out var date):
                return (true, date);
            case ReadOnlyMemory<byte> bytes when target == typeof(string):
                return (true, Encoding.UTF8.GetString(bytes.Span));
            case ReadOnlyMemory<byte> bytes when target == typeof(byte[]):
                return (true, bytes.ToArray());
            case string text when target == typeof(byte[]):
                return (true, Encoding.UTF8.GetBytes(text));
        }

        var json = source switch
        {
            string text => Encoding.UTF8.GetBytes(text),
            ReadOnlyMemory<byte> bytes => bytes.ToArray(),
            _ => null,
        };
        if (json is null || target == typeof(string))
        {
            return (false, null);
        }

        using var stream = new MemoryStream(json);
        return (true, await serializer.DeserializeAsync(stream, target, CancellationToken.None));
    }

    private static object? Special(LocalFunctionContext context, Type target)
    {
        if (target == typeof(FunctionContext))
        {
            return context;
        }

        if (target == typeof(CancellationToken))
        {
            return context.CancellationToken;
        }

        if (target == typeof(HttpRequest))
        {
            return context.GetHttpContext()?.Request;
        }

        foreach (var helper in context.Input.Helpers)
        {
            if (helper.GetType() == target)
            {
                return helper;
            }
        }

        return null;
    }
}

/// <summary>A function's argument could not be made from what the trigger brought.</summary>
public sealed class FunctionInputException(string message) : Exception(message);
