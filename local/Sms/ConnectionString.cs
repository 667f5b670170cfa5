namespace Azure.Communication.Sms;

/// <summary><c>name=value</c> pairs between semicolons; names in any case, values may hold <c>=</c> themselves.</summary>
internal sealed class ConnectionString
{
    private readonly Dictionary<string, string> _pairs = new(StringComparer.OrdinalIgnoreCase);

    private ConnectionString()
    {
    }

    /// <exception cref="InvalidOperationException">Two separators in a row, or a part without a name or a value, or a name twice.</exception>
    internal static ConnectionString Parse(string text)
    {
        // One trailing separator is allowed, as portals like to write it.
        var segments = (text.EndsWith(';') && text.Length > 1 ? text[..^1] : text).Split(';');
        var result = new ConnectionString();
        foreach (var segment in segments)
        {
            var separator = segment.IndexOf('=', StringComparison.Ordinal);
            var problem = (segment.Length, separator) switch
            {
                (0, _) => "Connection string contains two following separators ';', or starts with one.",
                (_, -1) => "Connection string doesn't have a value for a keyword.",
                (_, 0) => "Connection string has a value with no keyword.",
                var (length, at) when at == length - 1 => $"Connection string has keyword '{segment[..at]}' with empty value.",
                _ => null,
            };
            if (problem is not null)
            {
                throw new InvalidOperationException(problem);
            }

            if (!result._pairs.TryAdd(segment[..separator].Trim(), segment[(separator + 1)..].Trim()))
            {
                throw new InvalidOperationException($"Duplicated keyword '{segment[..separator].Trim()}'");
            }
        }

        return result;
    }

    /// <exception cref="InvalidOperationException">There is no such pair.</exception>
    internal string GetRequired(string keyword) => _pairs.TryGetValue(keyword, out var value)
        ? value
        : throw new InvalidOperationException($"Required keyword '{keyword}' is missing in connection string.");
}
