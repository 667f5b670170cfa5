using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless940.Local;
using Serverless940.Local.Functions;
using Serverless940.Local.ServiceBus;
using Serverless940.Tests.Shared;

namespace Serverless940.Functions.Tests.Fixtures;

/// <summary>
/// The whole app in this process, on Azurite and the embedded bus, with the simulators beside it. A second one may be
/// started over the same data after the first was killed.
/// </summary>
public sealed class AppFixture : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _gone;

    private AppFixture(IHost host, AppData data)
    {
        _host = host;
        Data = data;
        Local = host.Services.GetRequiredService<LocalHostContext>();
        // No cookie jar: who is signed in says so in each request.
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Local.BaseAddress, Timeout = TimeSpan.FromSeconds(120) };
        Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
    }

    public AppData Data { get; }

    public LocalHostContext Local { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>The app's bus, for counts and interceptions.</summary>
    public LocalBroker Broker => LocalHostControl.Broker(_host)!;

    public DateTimeOffset Now => Local.Clock.GetUtcNow();

    /// <summary>Starts an app over its own fresh data, or over that of one that was killed.</summary>
    /// <param name="configure">Last changes to services.</param>
    public static async Task<AppFixture> StartAsync(
        AppData? data = null, Action<IServiceCollection>? configure = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        data ??= await AppData.NewAsync();
        var values = new Dictionary<string, string?>(data.Settings());
        foreach (var pair in settings ?? new Dictionary<string, string?>())
        {
            values[pair.Key] = pair.Value;
        }

        IHost host;
        using (LocalHostOptions.Use(new LocalHostOptions
        {
            FunctionAssemblies = [typeof(Startup).Assembly],
            Settings = values,
            SettingsFile = string.Empty,
            AppFolder = AppContext.BaseDirectory,
            ExitOnFailure = false,
        }))
        {
            var builder = FunctionsApplication.CreateBuilder(["--port", "0", "--data", data.Folder]);
            builder.ConfigureFunctionsWebApplication();
            builder.AddServerless940();
            configure?.Invoke(builder.Services);
            host = builder.Build();
            await host.StartAsync();
        }

        return new AppFixture(host, data);
    }

    /// <summary>The process dies here: nothing is drained, nothing is stopped.</summary>
    public async Task KillAsync()
    {
        _gone = true;
        Http.Dispose();
        await LocalHostControl.KillAsync(_host);
    }

    public async ValueTask DisposeAsync()
    {
        if (_gone)
        {
            return;
        }

        _gone = true;
        Http.Dispose();
        await _host.StopAsync();
        _host.Dispose();
    }

    /// <summary>Moves business time on and waits until all is quiet.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        var left = await Local.AdvanceAsync!(Now + by, TimeSpan.FromSeconds(110), CancellationToken.None);
        Assert.Empty(left);
    }

    /// <summary>Waits until nothing is under way, without moving the clock.</summary>
    public Task QuietAsync() => AdvanceAsync(TimeSpan.Zero);

    /// <summary>Reads JSON or fails with the answer's text.</summary>
    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var text = await response.Content.ReadAsStringAsync();
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new InvalidOperationException($"{(int)response.StatusCode}: {text}");
        }
    }
}

/// <summary>Where an app's state lives: a folder for the bus and an account of its own in Azurite.</summary>
public sealed record AppData(string Folder, string Storage)
{
    public static async Task<AppData> NewAsync()
    {
        var azurite = await TestAzurite.GetAsync();
        return new AppData(Directory.CreateTempSubdirectory("serverless940-test-").FullName, azurite.NewAccount());
    }

    public static IEnumerable<string> SettingNames => new AppData("names", "names").Settings().Keys;

    public Dictionary<string, string?> Settings() => new()
    {
        ["AzureWebJobsStorage"] = Storage,
        ["Storage"] = Storage,
        ["ServiceBus"] = $"Endpoint=sb://{Path.GetFileName(Folder).ToLowerInvariant()}.local;SharedAccessKeyName=local;SharedAccessKey=local",
        ["Sms__ConnectionString"] = "endpoint=local;accesskey=bG9jYWwtb25seS1zbXM=",
        ["Sms__From"] = "+966500000940",
        ["Sms__WavesPerMinute"] = "100",
        ["WhatsApp__AppSecret"] = TestSecrets.WhatsApp,
        ["WhatsApp__VerifyToken"] = TestSecrets.VerifyToken,
        ["WhatsApp__PhoneNumberId"] = TestSecrets.PhoneNumberId,
        ["WhatsApp__AccessToken"] = "local-only-whatsapp-access-token",
        ["WhatsApp__GraphBaseUri"] = "local",
        ["WhatsApp__AppSecretPrevious"] = TestSecrets.WhatsAppPrevious,
        ["Messenger__AppSecret"] = TestSecrets.Messenger,
        ["Messenger__AppSecretPrevious"] = "",
        ["Messenger__VerifyToken"] = "local-only-messenger-verify-token",
        ["Messenger__PageId"] = Serverless940.Tests.Shared.MessengerPayloads.PageId,
        ["Messenger__PageAccessToken"] = "local-only-messenger-page-token",
        ["Messenger__GraphBaseUri"] = "local",
        ["Messenger__MessageTag"] = "",
        ["X__ConsumerKey"] = "local-only-x-consumer-key",
        ["X__ConsumerSecret"] = TestSecrets.X,
        ["X__ConsumerSecretPrevious"] = "",
        ["X__ClientSecret"] = TestSecrets.XClient,
        ["X__ClientSecretPrevious"] = "",
        ["X__AccountId"] = Serverless940.Tests.Shared.XPayloads.AccountId,
        ["X__AccessToken"] = "local-only-x-access-token",
        ["X__AccessTokenSecret"] = "local-only-x-access-token-secret",
        ["X__ApiBaseUri"] = "local",
        ["Email__InboundSecret"] = TestSecrets.Email,
        ["Email__InboundSecretPrevious"] = "",
        ["Voice__AccountSid"] = TestSecrets.VoiceAccount,
        ["Voice__AuthToken"] = TestSecrets.Voice,
        ["Voice__AuthTokenPrevious"] = "",
        ["Voice__PublicBaseUri"] = "https://940.gov.example/",
        ["Voice__ApiBaseUri"] = "local",
        ["Voice__From"] = "+966920000940",
        ["Voice__Voices"] = "ar=Polly.Hala-Neural:ar-AE;en=Polly.Joanna:en-US",
        ["Voice__Recorded"] = "",
        ["Voice__RecordingsBaseUri"] = "",
        ["Email__ApiBaseUri"] = "local",
        ["Email__ServerToken"] = "local-only-email-server-token",
        ["Email__From"] = "940@amana.example",
        ["EventGrid__WebhookSecret"] = TestSecrets.EventGrid,
        ["EventGrid__WebhookSecretPrevious"] = "",
        ["Links__PublicBaseUri"] = "https://940.gov.example/",
        ["Links__SigningKey"] = "local-only-links-signing-key-0123456789",
        ["Privacy__PhoneHashKey"] = "local-only-phone-hash-key-0123456789",
        ["Policy__Directory"] = "policies/eastern-province",
        ["EscalationSchedule"] = "0 * * * * *",
        ["SweepSchedule"] = "30 */5 * * * *",
        ["SecondLookSchedule"] = "45 50 * * * *",
        ["RebuildSchedule"] = "0 15 3 1 * *",
        ["RateLimit__PerMinute"] = "600000",
        ["Map__Tiles"] = "",
        ["Staff__SignIn"] = "/local/sign-in",
        ["WEBSITE_AUTH_ENABLED"] = "True",
    };
}

/// <summary>Secrets of the tests.</summary>
public static class TestSecrets
{
    public const string WhatsApp = "local-only-whatsapp-app-secret";
    public const string WhatsAppPrevious = "local-only-whatsapp-app-secret-before";
    public const string Messenger = "local-only-messenger-app-secret";
    public const string X = "local-only-x-consumer-secret";
    public const string XClient = "local-only-x-client-secret";
    public const string Email = "local-only-email-inbound-secret";
    public const string VerifyToken = "local-only-whatsapp-verify-token";
    public const string PhoneNumberId = Serverless940.Tests.Shared.WhatsAppPayloads.PhoneNumberId;
    public const string VoiceAccount = "AC00000000000000000000000000000940";
    public const string Voice = "local-only-voice-auth-token";
    public const string EventGrid = "local-only-event-grid-secret";
}
