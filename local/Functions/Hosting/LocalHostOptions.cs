using System.Reflection;

namespace Serverless940.Local.Functions;

/// <summary>
/// What a test or a tool tells the local host beside the command line. It is in force for builders created while
/// <see cref="Use"/> is held, in this flow of execution only.
/// </summary>
public sealed record LocalHostOptions
{
    private static readonly AsyncLocal<LocalHostOptions?> Ambient = new();

    /// <summary>Where functions are looked for; by default the assembly that asked for the builder.</summary>
    public IReadOnlyList<Assembly> FunctionAssemblies { get; init; } = [];

    /// <summary>The only types looked at, when given: a test's own functions.</summary>
    public IReadOnlyList<Type> FunctionTypes { get; init; } = [];

    /// <summary>App settings that win over files and the environment; <c>__</c> stands for <c>:</c>.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>The settings file; empty for none. By default <c>local.settings.json</c> is looked for.</summary>
    public string? SettingsFile { get; init; }

    /// <summary>Where <c>host.json</c> and <c>servicebus.json</c> are; by default beside the app.</summary>
    public string? AppFolder { get; init; }

    /// <summary>The text of <c>host.json</c>, instead of the file.</summary>
    public string? HostJson { get; init; }

    /// <summary>The text of <c>servicebus.json</c>, instead of the file; empty for none.</summary>
    public string? ServiceBusJson { get; init; }

    /// <summary>Whether the simulators beside the app join in.</summary>
    public bool UseExtensions { get; init; } = true;

    /// <summary>
    /// Whether a failed start ends the process with one line and exit code 1; by default it does when the app is the
    /// process, and throws otherwise.
    /// </summary>
    public bool? ExitOnFailure { get; init; }

    internal static LocalHostOptions Current => Ambient.Value ?? new LocalHostOptions();

    /// <summary>Puts the options in force until the result is disposed.</summary>
    public static IDisposable Use(LocalHostOptions options)
    {
        var scope = new Scope(Ambient.Value);
        Ambient.Value = options;
        return scope;
    }

    private sealed class Scope(LocalHostOptions? previous) : IDisposable
    {
        public void Dispose() => Ambient.Value = previous;
    }
}

/// <summary>The local host cannot start; the message is one line for whoever started it.</summary>
public sealed class LocalHostException(string message, Exception? innerException = null) : Exception(message, innerException);
