using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Serverless940.Core.Policies;

/// <summary>
/// Names a policy by its content: white space, order of members, of entries and of files, and which file an entry is
/// in, do not change it.
/// </summary>
internal static class PolicyVersion
{
    private static readonly string[] s_notContent = ["$schema", "format"];

    public static string Of(IEnumerable<PolicyNode> roots)
    {
        var sections = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (name, value) in roots.SelectMany(root => root.Members).Where(m => !s_notContent.Contains(m.Key)))
        {
            if (!sections.TryGetValue(name, out var entries))
            {
                sections[name] = entries = [];
            }

            entries.AddRange((value.Kind == NodeKind.Array ? value.Items : [value]).Select(Canonical));
        }

        var text = new StringBuilder();
        foreach (var (name, entries) in sections)
        {
            entries.Sort(StringComparer.Ordinal);
            text.Append(name).Append('=').AppendJoin(',', entries).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..12];
    }

    private static string Canonical(PolicyNode node)
    {
        var text = new StringBuilder();
        Write(node, text);
        return text.ToString();
    }

    private static void Write(PolicyNode node, StringBuilder text)
    {
        switch (node.Kind)
        {
            case NodeKind.Object:
                text.Append('{');
                foreach (var (name, value) in node.Members.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    text.Append(JsonEncodedText.Encode(name)).Append(':');
                    Write(value, text);
                    text.Append(';');
                }

                text.Append('}');
                break;
            case NodeKind.Array:
                text.Append('[');
                foreach (var item in node.Items)
                {
                    Write(item, text);
                    text.Append(';');
                }

                text.Append(']');
                break;
            case NodeKind.Text:
                text.Append('"').Append(JsonEncodedText.Encode(node.Text)).Append('"');
                break;
            case NodeKind.Number:
                text.Append(node.Number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case NodeKind.Boolean:
                text.Append(node.Flag ? "true" : "false");
                break;
            default:
                text.Append("null");
                break;
        }
    }
}
