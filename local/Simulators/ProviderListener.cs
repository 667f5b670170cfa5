using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless940.Local.Simulators;

/// <summary>
/// The providers' side listens on a loopback port of its own: the app's settings must name it before the app itself
/// listens. The port is remembered in the data folder, so that addresses survive a restart.
/// </summary>
internal sealed class ProviderListener : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ProviderListener(WebApplication app, Uri address) => (_app, Address) = (app, address);

    internal Uri Address { get; }

    internal static async Task<ProviderListener> StartAsync(string dataFolder, Action<IEndpointRouteBuilder> map, CancellationToken cancellationToken)
    {
        var file = Path.Combine(dataFolder, "simulators-port.txt");
        var remembered = File.Exists(file)
            && int.TryParse(await File.ReadAllTextAsync(file, cancellationToken), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= ushort.MaxValue ? port : 0;
        ProviderListener listener;
        try
        {
            listener = await StartAsync(remembered, map, cancellationToken);
        }
        catch (IOException exception) when (remembered != 0 && exception.InnerException is AddressInUseException)
        {
            listener = await StartAsync(0, map, cancellationToken);
        }

        await File.WriteAllTextAsync(file, listener.Address.Port.ToString(CultureInfo.InvariantCulture), cancellationToken);
        return listener;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Cuts every connection and frees the port.</summary>
    internal Task KillAsync() => _app.Services.GetRequiredService<IServer>().StopAsync(new CancellationToken(canceled: true));

    private static async Task<ProviderListener> StartAsync(int port, Action<IEndpointRouteBuilder> map, CancellationToken cancellationToken)
    {
        // Empty, so that the environment's addresses and logging are the app's alone.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 20 * 1024 * 1024;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.Use(async (http, next) =>
        {
            // A page on the web must not reach a simulator through a name that points here.
            if (http.Request.Host.Host is not ("127.0.0.1" or "localhost"))
            {
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            }

            await next(http);
        });
        map(app);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new ProviderListener(app, new Uri(address));
    }
}
