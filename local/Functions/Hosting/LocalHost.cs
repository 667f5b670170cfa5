using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Local.Functions;

/// <summary>The running host: Kestrel and the app's services first, then the triggers; the end in the other order.</summary>
internal sealed partial class LocalHost : IHost, IAsyncDisposable
{
    /// <summary>How long handlers may take to finish once the host is told to stop.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly LocalHostBuilder _builder;
    private readonly WebApplication _app;
    private readonly LocalRuntime _runtime;
    private readonly HttpFunctions _http;
    private readonly AdminApi _admin;
    private readonly TimerTriggers _timers;
    private readonly ServiceBusTriggers _bus;
    private TimeMachine? _time;
    private bool _triggered;
    private bool _stopped;

    public LocalHost(LocalHostBuilder builder, WebApplication app)
    {
        _builder = builder;
        _app = app;
        _runtime = app.Services.GetRequiredService<LocalRuntime>();
        var runner = app.Services.GetRequiredService<FunctionRunner>();
        var keys = app.Services.GetRequiredService<HostKeys>();
        _http = new HttpFunctions(
            builder.Functions, builder.HostJson, runner, _runtime, keys, app.Services.GetRequiredService<IInlineConstraintResolver>());
        _admin = new AdminApi(builder.Functions, keys);
        _timers = new TimerTriggers(builder.Functions, builder.Context.Clock, runner, _runtime, builder.Context.DataFolder, builder.Resolve);
        _bus = new ServiceBusTriggers(builder, runner, _runtime, app.Services.GetRequiredService<ILogger<ServiceBusListener>>());
        foreach (var function in builder.Functions.Where(function => function.Trigger is TimerTriggerAttribute))
        {
            _admin.Runners[function.Name] = _ => _timers.RunNowAsync(function);
        }

        foreach (var (function, listener) in _bus.Listeners)
        {
            _admin.Runners[function.Name] = listener.RunNowAsync;
        }

        UsePipeline();
    }

    public IServiceProvider Services => _app.Services;

    public LocalBroker? Broker => _builder.StandIns.Broker;

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _builder.StandIns.ReadyAsync();
            await _app.StartAsync(cancellationToken);
            _builder.Context.BaseAddress = BaseAddress();
            await StartTriggersAsync(cancellationToken);
        }
        catch (Exception exception) when (Explain(exception) is { } explained)
        {
            await StopAsync(CancellationToken.None);
            if (_builder.ExitOnFailure)
            {
                LocalHostBuilder.Exit(explained);
            }

            throw explained;
        }

        Announce();
    }

    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (_stopped || _runtime.Killed)
        {
            return;
        }

        _stopped = true;
        await DrainAsync(cancellationToken);
        await _app.StopAsync(cancellationToken);
        await _builder.StandIns.StopAsync();
        _builder.DataLock.Dispose();
        if (_builder.IsProcess && _triggered)
        {
            await Console.Out.WriteLineAsync("Stopped.");
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (_runtime.Killed)
        {
            return;
        }

        await StopAsync();
        await _app.DisposeAsync();
        await _timers.DisposeAsync();
        await _bus.DisposeAsync();
        _time?.Dispose();
    }

    /// <summary>Ends as a killed process does: nothing drains, nothing is told, Azurite lives on.</summary>
    public async Task KillAsync()
    {
        _runtime.Kill();
        _timers.Kill();
        _builder.StandIns.Kill();
        _bus.Kill();
        await _app.Services.GetRequiredService<IServer>().StopAsync(new CancellationToken(canceled: true));
        foreach (var extension in _builder.Extensions)
        {
            await extension.KillAsync();
        }

        _builder.DataLock.Dispose();
    }

    private async Task StartTriggersAsync(CancellationToken cancellationToken)
    {
        _time = new TimeMachine(_builder.Context.Clock, _timers, _builder.StandIns.Broker is null ? null : _builder.StandIns, _runtime);
        _builder.Context.AdvanceAsync = _time.AdvanceAsync;
        _triggered = true;
        _timers.Start();
        await _bus.StartAsync(cancellationToken);
    }

    /// <summary>Takes in nothing more and lets what runs finish; after the limit the functions' tokens are cancelled.</summary>
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        _runtime.Expired.CancelAfter(DrainLimit);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DrainLimit + Grace);
        try
        {
            var server = _app.Services.GetRequiredService<IServer>().StopAsync(limit.Token);
            var triggers = _triggered ? Task.WhenAll(_timers.StopAsync(), _bus.StopAsync(limit.Token)) : Task.CompletedTask;
            await Task.WhenAll(server, triggers, _runtime.WhenIdleAsync(limit.Token)).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // What would not end in time ends with the process.
        }
    }

    private void UsePipeline()
    {
        _app.Use(GuardAsync);
        var headers = _builder.HostJson.Children("extensions:http:customHeaders").ToList();
        if (headers.Count > 0)
        {
            _app.Use((http, next) =>
            {
                http.Response.OnStarting(() =>
                {
                    foreach (var (name, value) in headers)
                    {
                        http.Response.Headers[name] = value;
                    }

                    return Task.CompletedTask;
                });
                return next(http);
            });
        }

        foreach (var extension in _builder.Extensions)
        {
            extension.Configure(_builder.Context, _app);
        }

        // Endpoints of extensions are ends of their own; every other request is the host's.
        _app.Use((http, next) => http.GetEndpoint() is null ? HostAsync(http) : next(http));
    }

    private async Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        if (!Listener.IsLoopback(http.Request.Host))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (_runtime.Killed)
        {
            http.Abort();
            return;
        }

        try
        {
            // What a killed process was doing for a caller never ends; the connection does.
            await next(http).WaitAsync(_runtime.Death);
        }
        catch (OperationCanceledException) when (_runtime.Killed)
        {
            http.Abort();
        }
    }

    private async Task HostAsync(HttpContext http)
    {
        try
        {
            if (http.Request.Path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase, out var rest))
            {
                await _admin.HandleAsync(http, rest);
            }
            else
            {
                await _http.DispatchAsync(http);
            }
        }
        catch (Exception) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            // The runner has logged it; the caller learns nothing of the inside.
            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
        catch (Exception)
        {
            http.Abort();
        }
    }

    private Uri BaseAddress()
    {
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new Uri(_builder.Arguments.Port == 0 ? address : $"http://localhost:{new Uri(address).Port}");
    }

    private void Announce()
    {
        if (!_builder.IsProcess)
        {
            return;
        }

        Console.Out.WriteLine($"Ready on {_builder.Context.BaseAddress}");
        foreach (var (title, path) in _builder.Extensions.SelectMany(extension => extension.Addresses))
        {
            Console.Out.WriteLine($"  {title,-24} {new Uri(_builder.Context.BaseAddress!, path)}");
        }
    }

    private LocalHostException? Explain(Exception exception) => exception switch
    {
        LocalHostException local => local,
        OptionsValidationException options => new LocalHostException(string.Join(' ', options.Failures), options),
        IOException { InnerException: AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } } =>
            new LocalHostException($"Port {_builder.Arguments.Port} is in use; choose another with --port.", exception),
        IOException { InnerException: SocketException socket } =>
            new LocalHostException($"Port {_builder.Arguments.Port} cannot be listened on: {socket.SocketErrorCode}.", exception),
        SocketException socket => new LocalHostException($"Port {_builder.Arguments.Port} cannot be listened on: {socket.SocketErrorCode}.", exception),
        AggregateException { InnerException: { } inner } => Explain(inner),
        _ => null,
    };
}

/// <summary>What tests may do to a running host that no user can.</summary>
public static class LocalHostControl
{
    /// <summary>
    /// Ends the host as a killed process ends: connections are cut, nothing drains, no service is told, and nothing that
    /// was under way reaches storage or bus any more. Azurite lives on, so that a new host can start over the same data.
    /// </summary>
    public static Task KillAsync(IHost host) => ((LocalHost)host).KillAsync();

    /// <summary>The bus of the host, for counts and interceptions; <see langword="null"/> for an app without one.</summary>
    public static LocalBroker? Broker(IHost host) => ((LocalHost)host).Broker;

    /// <summary>The keys of the host.</summary>
    public static HostKeys Keys(IHost host) => host.Services.GetRequiredService<HostKeys>();
}
