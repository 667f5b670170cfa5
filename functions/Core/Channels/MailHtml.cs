using System.Globalization;
using System.Text;

namespace Serverless940.Core.Channels;

/// <summary>
/// The words of an e-mail's HTML, which is a stranger's text and is never shown as HTML: one pass, every tag gone, blocks
/// as lines, and an end where the mail program quotes what is answered.
/// </summary>
internal static class MailHtml
{
    private const int LongestText = 200_000;
    private const int LongestEntity = 10;

    private static readonly string[] s_unseen = ["head", "style", "script", "title"];

    private static readonly string[] s_blocks = ["br", "p", "div", "tr", "li", "table", "h1", "h2", "h3", "h4"];

    /// <summary>Marks by which mail programs say where the quote or the signature begins.</summary>
    private static readonly string[] s_quotes =
        ["gmail_quote", "gmail_signature", "yahoo_quoted", "divrplyfwdmsg", "appendonsend", "moz-cite-prefix", "moz-signature", "ms-outlook-mobile-signature"];

    public static string Read(string html)
    {
        var text = new StringBuilder();
        var at = 0;
        while (at < html.Length && text.Length < LongestText)
        {
            var open = html.IndexOf('<', at);
            AppendText(text, html.AsSpan(at..(open < 0 ? html.Length : open)));
            if (open < 0)
            {
                break;
            }

            at = AfterTag(html, open, text);
            if (at < 0)
            {
                break;
            }
        }

        return text.ToString();
    }

    /// <summary>Where the text goes on; -1 where the person's own words are over.</summary>
    private static int AfterTag(string html, int open, StringBuilder text)
    {
        if (html.AsSpan(open).StartsWith("<!--", StringComparison.Ordinal))
        {
            var end = html.IndexOf("-->", open + 4, StringComparison.Ordinal);
            return end < 0 ? -1 : end + 3;
        }

        var close = html.IndexOf('>', open);
        if (close < 0)
        {
            return -1;
        }

        var tag = html.AsSpan((open + 1)..close);
        var isEnd = tag is ['/', ..];
        var name = Name(isEnd ? tag[1..] : tag);
        if (!isEnd && (name == "blockquote" || (text.Length > 0 && IsQuote(tag))))
        {
            return -1;
        }

        if (!isEnd && s_unseen.Contains(name))
        {
            var end = html.IndexOf("</" + name, close, StringComparison.OrdinalIgnoreCase);
            return end < 0 ? -1 : end;
        }

        if (s_blocks.Contains(name) && (isEnd || name == "br"))
        {
            text.Append('\n');
        }

        return close + 1;
    }

    private static bool IsQuote(ReadOnlySpan<char> tag)
    {
        foreach (var mark in s_quotes)
        {
            if (tag.Contains(mark, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static string Name(ReadOnlySpan<char> tag)
    {
        var length = 0;
        while (length < tag.Length && length < 12 && char.IsAsciiLetterOrDigit(tag[length]))
        {
            length++;
        }

        return tag[..length].ToString().ToLowerInvariant();
    }

    // Line ends of the source are blanks; those of the text are tags.
    private static void AppendText(StringBuilder text, ReadOnlySpan<char> part)
    {
        for (var index = 0; index < part.Length; index++)
        {
            var end = part[index] == '&' ? part[index..Math.Min(part.Length, index + LongestEntity)].IndexOf(';') : -1;
            if (end > 1 && Entity(part.Slice(index + 1, end - 1)) is { } rune)
            {
                text.Append(rune.ToString());
                index += end;
            }
            else
            {
                text.Append(part[index] is '\r' or '\n' or '\t' or '\u00a0' ? ' ' : part[index]);
            }
        }
    }

    private static Rune? Entity(ReadOnlySpan<char> name) => name switch
    {
        "amp" => new Rune('&'),
        "lt" => new Rune('<'),
        "gt" => new Rune('>'),
        "quot" => new Rune('"'),
        "apos" => new Rune('\''),
        "nbsp" => new Rune(' '),
        ['#', 'x' or 'X', .. var hex] => int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? Character(value) : null,
        ['#', .. var number] => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? Character(value) : null,
        _ => null,
    };

    private static Rune? Character(int value) => Rune.IsValid(value) ? new Rune(value == 0xA0 ? ' ' : value) : null;
}
