using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless940.Contract.Tests.Sms;

/// <summary>A request as it came over the wire.</summary>
public sealed record Recorded(string Method, string Target, string Host, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>Keeps every request and answers what the test says, in order; the last answer goes on.</summary>
public sealed class RecordingServer : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Recorded> _requests = [];
    private readonly WebApplication _app;
    private readonly Func<int, Recorded, (int Status, string Body, (string Name, string Value)[] Headers)> _answer;

    private RecordingServer(WebApplication app, Func<int, Recorded, (int, string, (string, string)[])> answer) => (_app, _answer) = (app, answer);

    public Uri Address => new(_app.Urls.Single());

    public IReadOnlyList<Recorded> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <param name="answer">From the request's index and the request: status, JSON body, headers.</param>
    public static async Task<RecordingServer> StartAsync(Func<int, Recorded, (int Status, string Body, (string Name, string Value)[] Headers)> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var server = new RecordingServer(builder.Build(), answer);
        server._app.Run(server.HandleAsync);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var recorded = new Recorded(
            http.Request.Method,
            http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            http.Request.Host.Value!,
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        int index;
        lock (_gate)
        {
            index = _requests.Count;
            _requests.Add(recorded);
        }

        var (status, text, headers) = _answer(index, recorded);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        foreach (var (name, value) in headers)
        {
            http.Response.Headers[name] = value;
        }

        await http.Response.WriteAsync(text, http.RequestAborted);
    }
}
