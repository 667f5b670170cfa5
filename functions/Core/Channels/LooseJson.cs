using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Serverless940.Core.Channels;

/// <summary>
/// Reads the JSON of others: what is missing, or of another kind than expected, reads as nothing and never as an
/// exception. Providers add members and types at will.
/// </summary>
internal static class LooseJson
{
    private const int LongestId = 256;

    /// <summary>The whole body; a byte order mark before it is passed over.</summary>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        return JsonDocument.Parse(body.Span.StartsWith(mark) ? body[mark.Length..] : body);
    }

    /// <summary>A member's value, or an undefined one, of which everything again reads as nothing.</summary>
    public static JsonElement At(this JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;
        }
        catch (InvalidOperationException)
        {
            // A name beside it holds half a surrogate pair.
            return default;
        }
    }

    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>A text, or a number as it is written; half a surrogate pair becomes the replacement character.</summary>
    public static string? Text(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return element.ValueKind == JsonValueKind.Number ? element.GetRawText() : null;
        }

        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return JsonEscapes.Unescape(Encoding.UTF8.GetBytes(element.GetRawText()[1..^1]));
        }
    }

    public static string? Text(this JsonElement element, string name) => element.At(name).Text();

    /// <summary>A text that can be somebody's id: not empty and not endless.</summary>
    public static string? Id(this JsonElement element, string name) => element.Text(name) is { Length: > 0 and <= LongestId } id ? id : null;

    public static bool IsTrue(this JsonElement element, string name) => element.At(name).ValueKind == JsonValueKind.True;

    /// <summary>A number, written as one or as text.</summary>
    public static double? Number(this JsonElement element, string name) =>
        element.Text(name) is { Length: < 40 } text
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>A Unix time in seconds, or in milliseconds when it can be nothing else.</summary>
    public static DateTimeOffset? UnixTime(this JsonElement element, string name) => element.Number(name) switch
    {
        > 0 and < 100_000_000_000 and var seconds => DateTimeOffset.FromUnixTimeSeconds((long)seconds),
        >= 100_000_000_000 and < 100_000_000_000_000 and var milliseconds => DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds),
        _ => null,
    };
}
