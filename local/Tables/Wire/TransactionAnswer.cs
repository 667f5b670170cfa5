#nullable enable
using System.Globalization;
using System.Text;
using Azure;

namespace Serverless940.Local.Tables;

/// <summary>The answer to a transaction: one response per action, or a single one that says which action failed.</summary>
internal static class TransactionAnswer
{
    private static ReadOnlySpan<byte> StatusLine => "HTTP/1.1 "u8;

    private static ReadOnlySpan<byte> EmptyLine => "\r\n\r\n"u8;

    /// <exception cref="InvalidOperationException">The body is not a multipart answer.</exception>
    public static List<Response> Parse(Response whole)
    {
        var body = whole.Content.ToMemory().Span;
        var boundary = ChangeSetBoundary(body);
        var responses = new List<Response>();
        var at = body.IndexOf(boundary);
        while (at >= 0)
        {
            var rest = body[(at + boundary.Length)..];
            var end = rest.IndexOf(boundary);
            var part = end < 0 ? rest : rest[..end];
            var start = part.IndexOf(StatusLine);
            if (start >= 0)
            {
                responses.Add(ParsePart(part[start..], whole));
            }

            at = end < 0 ? -1 : at + boundary.Length + end;
        }

        return responses.Count > 0 ? responses : throw new InvalidOperationException("The answer to the transaction holds no response.");
    }

    // The change set's boundary is named in the head of the batch's only part.
    private static byte[] ChangeSetBoundary(ReadOnlySpan<byte> body)
    {
        var name = "boundary="u8;
        var start = body.IndexOf(name);
        if (start < 0)
        {
            throw new InvalidOperationException("The answer to the transaction names no boundary.");
        }

        var rest = body[(start + name.Length)..];
        var end = rest.IndexOfAny("\r\n;"u8);
        return [.. "--"u8, .. (end < 0 ? rest : rest[..end]).Trim("\" "u8)];
    }

    private static PartResponse ParsePart(ReadOnlySpan<byte> part, Response whole)
    {
        var split = part.IndexOf(EmptyLine);
        var head = Encoding.UTF8.GetString(split < 0 ? part : part[..split]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var content = split < 0 ? [] : part[(split + EmptyLine.Length)..];
        var first = head[0].Split(' ', 3);
        var headers = new Dictionary<string, string>(head.Length, StringComparer.OrdinalIgnoreCase);
        foreach (var line in head.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers.TryAdd(line[..colon].Trim(), line[(colon + 1)..].Trim());
            }
        }

        var status = int.Parse(first[1], CultureInfo.InvariantCulture);
        return new PartResponse(status, first.Length > 2 ? first[2] : "", headers, content.TrimEnd("\r\n-"u8).ToArray(), whole.ClientRequestId);
    }
}
