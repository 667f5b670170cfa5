using System.Globalization;
using System.Security.Cryptography;
using Serverless940.Local.Simulators.Chats;
using Serverless940.Local.Simulators.Control;
using Serverless940.Local.Simulators.Handset;
using Serverless940.Local.Simulators.Providers;
using Serverless940.Local.Simulators.Sms;
using Serverless940.Local.Simulators.Voice;
using Serverless940.Local.Simulators.WhatsApp;

namespace Serverless940.Local.Simulators;

/// <summary>All simulators over one data folder, wired together.</summary>
internal sealed class SimulatorHost : IAsyncDisposable
{
    private readonly AppCallbacks _callbacks;
    private ProviderListener? _listener;

    private SimulatorHost(LocalHostContext context)
    {
        var folder = Directory.CreateDirectory(Path.Combine(context.DataFolder, "simulators")).FullName;
        var key = Key(folder);
        var settings = new AppSettings(context);
        _callbacks = new AppCallbacks(context);
        Messages = new SmsStore(folder, context.Clock);
        Outbox = new Outbox(folder, context.Clock);
        SmsEvents = new SmsEvents(_callbacks, settings, Messages, context.Clock);
        var media = new MediaStore(Path.Combine(folder, "media"), key);
        var webhook = new WhatsAppWebhook(_callbacks, settings, context.Clock);
        Acs = new AcsSmsEndpoint(Messages, SmsEvents, context.Faults, Convert.ToBase64String(key));
        Graph = new GraphEndpoints(Outbox, media, webhook, settings, () => _listener!.Address);
        var email = new EmailPlayer(_callbacks, settings, media, context.Clock);
        Line = new VoiceLine(context, settings, Path.Combine(folder, "recordings"));
        Voice = new VoiceEndpoints(Line, settings);
        Providers = new ProviderEndpoints(Outbox, settings, email, Line, context.Clock);
        Sessions = new StaffSessions(key);
        Clock = new ClockEndpoints(context, _callbacks);
        Handset = new HandsetEndpoints(folder, settings, Messages, SmsEvents, Outbox, media, webhook, context.Clock);
        Messenger = new MessengerPlayer(new MessengerWebhook(_callbacks, settings, context.Clock), media, () => _listener!.Address);
        X = new XPlayer(_callbacks, settings, media, () => _listener!.Address, context.Clock);
        Chats = new ChatEndpoints(folder, [Messenger, X, email], media, Outbox, context.Clock);
        AccessKey = Convert.ToBase64String(key);
    }

    internal SmsStore Messages { get; }

    internal Outbox Outbox { get; }

    internal StaffSessions Sessions { get; }

    internal ClockEndpoints Clock { get; }

    internal HandsetEndpoints Handset { get; }

    internal ChatEndpoints Chats { get; }

    internal VoiceEndpoints Voice { get; }

    private MessengerPlayer Messenger { get; }

    private XPlayer X { get; }

    private VoiceLine Line { get; }

    private SmsEvents SmsEvents { get; }

    private AcsSmsEndpoint Acs { get; }

    private GraphEndpoints Graph { get; }

    private ProviderEndpoints Providers { get; }

    private string AccessKey { get; }

    /// <summary>Starts the providers' listener and points the app's settings at it.</summary>
    internal static async Task<SimulatorHost> StartAsync(LocalHostContext context, CancellationToken cancellationToken)
    {
        var host = new SimulatorHost(context);
        host._listener = await ProviderListener.StartAsync(
            context.DataFolder,
            routes =>
            {
                host.Acs.Map(routes);
                host.Graph.Map(routes);
                host.Providers.Map(routes);
                host.Messenger.Map(routes);
                host.X.Map(routes);
                host.Voice.MapProvider(routes);
            },
            cancellationToken);
        host.PointSettings(new AppSettings(context), context.Port);
        host._callbacks.TakeUp();
        foreach (var message in host.Messages.Unreported())
        {
            host.SmsEvents.ReportDelivery(message);
        }

        return host;
    }

    public async ValueTask DisposeAsync()
    {
        _callbacks.Dispose();
        Line.Dispose();
        if (_listener is not null)
        {
            await _listener.DisposeAsync();
        }
    }

    /// <summary>Ends as the process would: nothing is answered any more.</summary>
    internal async Task KillAsync()
    {
        _callbacks.Dispose();
        if (_listener is not null)
        {
            await _listener.KillAsync();
        }
    }

    private void PointSettings(AppSettings settings, int port)
    {
        var address = _listener!.Address.AbsoluteUri.TrimEnd('/');
        var sms = settings["Sms__ConnectionString"];
        if (sms is null || !sms.Contains("endpoint=http", StringComparison.OrdinalIgnoreCase))
        {
            settings.Set("Sms__ConnectionString", $"endpoint={address}{AcsSmsEndpoint.Path};accesskey={AccessKey}");
        }

        settings.PointAt("WhatsApp__GraphBaseUri", address + GraphEndpoints.Path + "/");
        settings.PointAt("Messenger__GraphBaseUri", address + GraphEndpoints.Path + "/");
        settings.PointAt("X__ApiBaseUri", address + "/local/x/");
        settings.PointAt("Voice__ApiBaseUri", address + "/local/voice/");
        settings.PointAt("Voice__PublicBaseUri", string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}/"));
        settings.PointAt("Email__ApiBaseUri", address + "/local/");
        settings.PointAt("Links__PublicBaseUri", string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}/"));
        settings.Set("WEBSITE_AUTH_ENABLED", "True");
    }

    /// <summary>The key that signs sessions, media addresses and the SMS connection; made once per data folder.</summary>
    private static byte[] Key(string folder)
    {
        var file = Path.Combine(folder, "key");
        if (File.Exists(file) && File.ReadAllBytes(file) is { Length: 32 } key)
        {
            return key;
        }

        var fresh = RandomNumberGenerator.GetBytes(32);
        File.WriteAllBytes(file, fresh);
        return fresh;
    }
}
