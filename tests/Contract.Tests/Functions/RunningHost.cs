using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless940.Local;
using Serverless940.Local.Functions;

namespace Serverless940.Contract.Tests.Functions;

/// <summary>What functions of a test leave behind for its assertions.</summary>
public sealed class Notebook
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Write(string line) => _lines.Enqueue(line);

    public async Task<IReadOnlyList<string>> WaitForAsync(int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_lines.Count < count)
        {
            await Task.Delay(5, deadline.Token);
        }

        return Lines;
    }
}

/// <summary>A host over the functions of one test, in a data folder of its own.</summary>
public sealed class RunningHost : IAsyncDisposable
{
    private readonly bool _ownsFolder;

    private RunningHost(IHost host, string folder, bool ownsFolder)
    {
        Host = host;
        Folder = folder;
        _ownsFolder = ownsFolder;
        Context = host.Services.GetRequiredService<LocalHostContext>();
        Notebook = host.Services.GetRequiredService<Notebook>();
    }

    public IHost Host { get; }

    public string Folder { get; }

    public LocalHostContext Context { get; }

    public Notebook Notebook { get; }

    public HttpClient Client { get; private set; } = null!;

    public LocalClock Clock => Context.Clock;

    public static string NewFolder() => Directory.CreateTempSubdirectory("serverless940-host-").FullName;

    public static RunningHost Build(
        Type[] functions,
        string? folder = null,
        string hostJson = """{ "version": "2.0", "extensions": { "http": { "routePrefix": "" } } }""",
        string serviceBusJson = "",
        Dictionary<string, string?>? settings = null,
        Action<FunctionsApplicationBuilder>? configure = null,
        int port = 0)
    {
        var data = folder ?? NewFolder();
        using var options = LocalHostOptions.Use(new LocalHostOptions
        {
            FunctionTypes = functions,
            SettingsFile = "",
            HostJson = hostJson,
            ServiceBusJson = serviceBusJson,
            Settings = settings ?? [],
            UseExtensions = false,
        });
        var builder = FunctionsApplication.CreateBuilder(["--port", port.ToString(CultureInfo.InvariantCulture), "--data", data]);
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton<Notebook>();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        configure?.Invoke(builder);
        return new RunningHost(builder.Build(), data, folder is null);
    }

    public static async Task<RunningHost> StartAsync(
        Type[] functions,
        string? folder = null,
        string hostJson = """{ "version": "2.0", "extensions": { "http": { "routePrefix": "" } } }""",
        string serviceBusJson = "",
        Dictionary<string, string?>? settings = null,
        Action<FunctionsApplicationBuilder>? configure = null,
        int port = 0)
    {
        var host = Build(functions, folder, hostJson, serviceBusJson, settings, configure, port);
        await host.StartAsync();
        return host;
    }

    public async Task StartAsync()
    {
        await Host.StartAsync();
        Client = new HttpClient { BaseAddress = Context.BaseAddress };
    }

    /// <summary>Moves business time to an instant, and expects that nothing is left.</summary>
    public async Task AdvanceToAsync(DateTimeOffset target) =>
        Assert.Empty(await Context.AdvanceAsync!(target, TimeSpan.FromSeconds(60), CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await ((IAsyncDisposable)Host).DisposeAsync();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
