using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Serverless940.Local.Simulators.WhatsApp;

/// <summary>
/// JSON as Meta writes it: everything outside ASCII as <c>\uXXXX</c> in lower-case hex, and <c>/</c> as <c>\/</c>. The
/// signature covers these bytes, so a receiver that signs its own re-written JSON fails on every Arabic message.
/// </summary>
internal static class MetaJson
{
    internal static byte[] Write(JsonNode node)
    {
        var builder = new StringBuilder();
        Append(builder, node);
        return Encoding.ASCII.GetBytes(builder.ToString());
    }

    /// <summary>The header that proves a body comes from Meta.</summary>
    internal static string Signature(string appSecret, ReadOnlySpan<byte> body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(appSecret), body));

    private static void Append(StringBuilder builder, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject value:
                Join(builder, '{', '}', value, property =>
                {
                    AppendString(builder, property.Key);
                    builder.Append(':');
                    Append(builder, property.Value);
                });
                break;
            case JsonArray array:
                Join(builder, '[', ']', array, item => Append(builder, item));
                break;
            case JsonValue text when text.TryGetValue<string>(out var value):
                AppendString(builder, value);
                break;
            default:
                builder.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }

    private static void Join<T>(StringBuilder builder, char open, char close, IEnumerable<T> items, Action<T> append)
    {
        builder.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first)
            {
                builder.Append(',');
            }

            first = false;
            append(item);
        }

        builder.Append(close);
    }

    private static void AppendString(StringBuilder builder, string text)
    {
        builder.Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => builder.Append("\\\""),
                '\\' => builder.Append("\\\\"),
                '/' => builder.Append("\\/"),
                '\n' => builder.Append("\\n"),
                '\r' => builder.Append("\\r"),
                '\t' => builder.Append("\\t"),
                < ' ' or > '~' => builder.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => builder.Append(c),
            };
        }

        builder.Append('"');
    }
}
