#nullable enable
using System.Diagnostics.CodeAnalysis;

namespace Serverless940.Local.Tables;

/// <summary>Refuses arguments with the exceptions of the official client.</summary>
internal static class Argument
{
    public static void NotNull([NotNull] object? value, string name) => ArgumentNullException.ThrowIfNull(value, name);

    public static void NotNullOrEmpty([NotNull] string? value, string name)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        if (value.Length == 0)
        {
            throw new ArgumentException("Value cannot be an empty string.", name);
        }
    }

    public static string Given(string? value, string name)
    {
        NotNullOrEmpty(value, name);
        return value;
    }
}
