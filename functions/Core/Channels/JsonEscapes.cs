using System.Text;

namespace Serverless940.Core.Channels;

/// <summary>JSON text whose escapes hold half a surrogate pair: the platform's reader refuses it as a whole.</summary>
internal static class JsonEscapes
{
    /// <summary>The text, with the replacement character for what is no character.</summary>
    /// <param name="raw">Between the quotation marks, checked by the reader to be well-formed JSON.</param>
    public static string Unescape(ReadOnlySpan<byte> raw)
    {
        var builder = new StringBuilder(raw.Length);
        while (!raw.IsEmpty)
        {
            var slash = raw.IndexOf((byte)'\\');
            builder.Append(Encoding.UTF8.GetString(slash < 0 ? raw : raw[..slash]));
            if (slash < 0 || slash + 1 >= raw.Length)
            {
                break;
            }

            var length = 2;
            switch ((char)raw[slash + 1])
            {
                case 'u' when raw.Length >= slash + 6 && Hex(raw.Slice(slash + 2, 4)) is { } unit:
                    builder.Append(unit);
                    length = 6;
                    break;
                case 'n':
                    builder.Append('\n');
                    break;
                case 't':
                    builder.Append('\t');
                    break;
                case 'r' or 'b' or 'f':
                    builder.Append(' ');
                    break;
                case var other:
                    builder.Append(other);
                    break;
            }

            raw = raw[(slash + length)..];
        }

        return string.Concat(builder.ToString().EnumerateRunes().Select(rune => rune.ToString()));
    }

    private static char? Hex(ReadOnlySpan<byte> digits) =>
        System.Buffers.Text.Utf8Parser.TryParse(digits, out ushort unit, out var read, 'x') && read == 4 ? (char)unit : null;
}
