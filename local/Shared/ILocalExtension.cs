using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless940.Local;

/// <summary>
/// Something that joins the local host without the app knowing: the simulators. The host finds implementations in
/// assemblies marked with <see cref="LocalExtensionAttribute"/> beside the app.
/// </summary>
public interface ILocalExtension
{
    /// <summary>Adds services before the app's own container is built.</summary>
    void ConfigureServices(LocalHostContext context, IServiceCollection services);

    /// <summary>Adds middleware and endpoints in front of the functions' routes.</summary>
    void Configure(LocalHostContext context, WebApplication app);

    /// <summary>The process dies: what runs beside the app dies with it, and drains nothing.</summary>
    Task KillAsync() => Task.CompletedTask;

    /// <summary>The lines printed when the app is ready: what there is to see, and where.</summary>
    IEnumerable<(string Title, string Path)> Addresses { get; }
}

/// <summary>Marks an assembly that brings a <see cref="ILocalExtension"/>.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class LocalExtensionAttribute(Type extension) : Attribute
{
    public Type Extension { get; } = extension;
}

/// <summary>What the local host shares with its extensions.</summary>
public sealed class LocalHostContext
{
    /// <summary>Where local state lives.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The port that the host listens on, or is about to.</summary>
    public int Port { get; init; }

    public required LocalClock Clock { get; init; }

    public required LocalFaults Faults { get; init; }

    /// <summary>Adds or replaces an app setting; only before the app's container is built.</summary>
    public required Action<string, string> SetSetting { get; init; }

    /// <summary>An app setting's present value.</summary>
    public required Func<string, string?> GetSetting { get; init; }

    /// <summary>The address the host listens on, known once it listens.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>
    /// Moves business time forward to an instant, firing timers in order and draining the bus at each stop;
    /// returns what is still under way when the limit passed (empty when all is quiet).
    /// </summary>
    public Func<DateTimeOffset, TimeSpan, CancellationToken, Task<IReadOnlyList<string>>>? AdvanceAsync { get; set; }
}
