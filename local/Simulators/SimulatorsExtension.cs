using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless940.Local;
using Serverless940.Local.Simulators;
using Serverless940.Local.Simulators.Control;

[assembly: LocalExtension(typeof(SimulatorsExtension))]

namespace Serverless940.Local.Simulators;

/// <summary>Brings the simulators into the local host: the providers on a port of their own, pages and controls under <c>/local</c>.</summary>
public sealed class SimulatorsExtension : ILocalExtension
{
    private SimulatorHost? _host;

    public IEnumerable<(string Title, string Path)> Addresses => [("Handset", "/local/handset"), ("Messenger, X, e-mail", "/local/chats")];

    /// <summary>Starts the providers at once, because their address belongs in the settings the app is built from.</summary>
    public void ConfigureServices(LocalHostContext context, IServiceCollection services)
    {
        var host = SimulatorHost.StartAsync(context, CancellationToken.None).GetAwaiter().GetResult();
        _host = host;
        services.AddSingleton(_ => host); // by a factory, so that the container disposes it
        services.AddHostedService<Lifetime>();
    }

    public void Configure(LocalHostContext context, WebApplication app)
    {
        var host = _host ?? throw new InvalidOperationException("ConfigureServices comes first.");
        app.Use(OriginGuard.InvokeAsync);
        app.Use(host.Sessions.InvokeAsync);
        app.MapGet("/local", () => Results.Redirect("/local/handset"));
        app.MapGet("/local/sms", (string? to) => Wire.Ok(host.Messages.List(to).Select(message => new
        {
            message.To,
            message.From,
            message.Text,
            message.Segments,
            message.At,
            message.MessageId,
            message.Tag,
        })));
        app.MapGet("/local/outbox/{channel}", (HttpContext http, string channel, string? to) => Outbox.Channels.Contains(channel)
            ? Wire.Ok(host.Outbox.List(channel, to))
            : Problems.Of(http, StatusCodes.Status404NotFound, "لا توجد قناة بهذا الاسم.", "There is no such channel."));
        host.Clock.Map(app);
        new FaultEndpoints(context.Faults).Map(app);
        host.Sessions.Map(app);
        host.Handset.Map(app);
        host.Chats.Map(app);
        host.Voice.Map(app);
    }

    public Task KillAsync() => _host?.KillAsync() ?? Task.CompletedTask;

    /// <summary>Makes the container own the simulators, and so end them with the app.</summary>
    private sealed class Lifetime(SimulatorHost host) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(host);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
