#nullable enable
using System.Globalization;
using System.Text;
using System.Xml;

namespace Serverless940.Local.Tables;

/// <summary>Values as OData literals.</summary>
internal static class ODataFilter
{
    /// <summary>A filter from an interpolated text, its values quoted and escaped.</summary>
    /// <exception cref="ArgumentException">A value's type has no literal.</exception>
    public static string? Create(FormattableString? filter)
    {
        if (filter is null)
        {
            return null;
        }

        var literals = new object[filter.ArgumentCount];
        for (var index = 0; index < literals.Length; index++)
        {
            literals[index] = Interpolated(filter.GetArgument(index), index);
        }

        return string.Format(CultureInfo.InvariantCulture, filter.Format, literals);
    }

    /// <summary>A constant of a filter expression.</summary>
    /// <exception cref="InvalidOperationException">The value's type has no literal.</exception>
    public static string Constant(object? value) => value switch
    {
        null => "null",
        string text => Quoted(text),
        bool flag => flag ? "true" : "false",
        int or short or byte or sbyte => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        long number => number.ToString(CultureInfo.InvariantCulture) + "L",
        double number => Double(number),
        float number => XmlConvert.ToString(number) + "f",
        decimal number => XmlConvert.ToString(number) + "M",
        Guid id => $"guid'{id}'",
        DateTimeOffset instant => Instant(instant.UtcDateTime),
        DateTime instant => Instant(instant),
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        _ => throw new InvalidOperationException($"Could not convert constant {value} expression to string."),
    };

    private static string Interpolated(object? value, int index) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        long or ulong => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture) + "L",
        sbyte or byte or short or ushort or int or uint or decimal or float or double =>
            ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        Guid id => $"guid'{id}'",
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        BinaryData bytes => $"X'{Convert.ToHexString(bytes.ToMemory().Span)}'",
        DateTimeOffset instant => Instant(instant.UtcDateTime),
        DateTime instant => Instant(instant.ToUniversalTime()),
        string text => Quoted(text),
        char letter => Quoted(letter.ToString()),
        StringBuilder text => Quoted(text.ToString()),
        _ => throw new ArgumentException($"Unable to convert argument {index} from type {value.GetType()} to an OData literal."),
    };

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Instant(DateTime instant) =>
        $"datetime'{XmlConvert.ToString(instant, XmlDateTimeSerializationMode.RoundtripKind)}'";

    private static string Double(double number)
    {
        var text = XmlConvert.ToString(number);
        return text.All(char.IsAsciiDigit) ? text + ".0" : text;
    }
}
