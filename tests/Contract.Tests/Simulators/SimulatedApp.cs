using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless940.Local;
using Serverless940.Local.Simulators;

namespace Serverless940.Contract.Tests.Simulators;

/// <summary>What the app got on one of its webhooks.</summary>
public sealed record Hook(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;
}

/// <summary>
/// A plain web application in the app's place, with the simulators mapped onto it as the local host does: it keeps
/// what its webhooks get and shows the principal a staff route would see.
/// </summary>
public sealed class SimulatedApp : IAsyncDisposable
{
    public const string AppSecret = "local-app-secret";
    public const string WebhookSecret = "local-webhook-secret";
    public const string AccessToken = "local-access-token";
    public const string PhoneNumberId = "940000000000002";

    private readonly WebApplication _app;
    private readonly bool _ownsFolder;

    private SimulatedApp(WebApplication app, LocalHostContext context, ConcurrentDictionary<string, string> settings, bool ownsFolder)
    {
        (_app, Context, Settings, _ownsFolder) = (app, context, settings, ownsFolder);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            BaseAddress = new Uri(app.Urls.Single()),
        };
    }

    public LocalHostContext Context { get; }

    public ConcurrentDictionary<string, string> Settings { get; }

    public HttpClient Client { get; }

    public ConcurrentQueue<Hook> Hooks { get; private init; } = new();

    /// <summary>What the webhooks answer, by how many posts came before.</summary>
    public Func<int, int> Answer { get; set; } = _ => StatusCodes.Status200OK;

    public Uri Graph => new(Settings["WhatsApp__GraphBaseUri"]);

    public static async Task<SimulatedApp> StartAsync(string? folder = null, Action<IDictionary<string, string>>? change = null)
    {
        var settings = new ConcurrentDictionary<string, string>(StringComparer.Ordinal)
        {
            ["Sms__ConnectionString"] = "endpoint=local;accesskey=bG9jYWw=",
            ["Sms__From"] = "+966920000940",
            ["WhatsApp__AppSecret"] = AppSecret,
            ["WhatsApp__AccessToken"] = AccessToken,
            ["WhatsApp__PhoneNumberId"] = PhoneNumberId,
            ["WhatsApp__GraphBaseUri"] = "local",
            ["EventGrid__WebhookSecret"] = WebhookSecret,
            ["Messenger__PageAccessToken"] = "page-token",
            ["Messenger__PageId"] = "940",
            ["Voice__AccountSid"] = "AC940",
            ["Voice__AuthToken"] = "voice-token",
        };
        change?.Invoke(settings);
        var data = folder ?? Directory.CreateTempSubdirectory("simulators-").FullName;
        var context = new LocalHostContext
        {
            DataFolder = data,
            Clock = new LocalClock(data),
            Faults = new LocalFaults(),
            SetSetting = (name, value) => settings[name] = value,
            GetSetting = name => settings.GetValueOrDefault(name),
        };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var extension = new SimulatorsExtension();
        extension.ConfigureServices(context, builder.Services);
        var app = builder.Build();
        extension.Configure(context, app);
        SimulatedApp? started = null;
        app.MapPost("/api/channels/{channel}", async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            var before = started!.Hooks.Count;
            started.Hooks.Enqueue(new Hook(
                http.Request.Path,
                http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray()));
            http.Response.StatusCode = started.Answer(before);
        });
        app.MapGet("/principal", (HttpContext http) => Results.Json(http.Request.Headers
            .Where(header => header.Key.StartsWith("x-ms-client-principal", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString())));
        await app.StartAsync();
        started = new SimulatedApp(app, context, settings, folder is null);
        context.BaseAddress = started.Client.BaseAddress;
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownsFolder)
        {
            Directory.Delete(Context.DataFolder, recursive: true);
        }
    }

    /// <summary>The first hook that fits, waited for.</summary>
    public async Task<Hook> HookAsync(Func<Hook, bool> fits)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (Hooks.FirstOrDefault(fits) is { } hook)
            {
                return hook;
            }

            await Task.Delay(20, limit.Token);
        }
    }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Client.GetStringAsync(path))!;

    public Task<HttpResponseMessage> PostAsync(string path, string json, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request);
    }

    /// <summary>A call to the Graph simulator with our token.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Body)> GraphAsync(HttpMethod method, string path, object? json = null, string? token = AccessToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(Graph, path));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (json is not null)
        {
            request.Content = new StringContent(json as string ?? JsonSerializer.Serialize(json), Encoding.UTF8, "application/json");
        }

        using var response = await Client.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
