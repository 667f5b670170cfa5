using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Serverless940.Core.Channels;
using Serverless940.Core.Voice;

namespace Serverless940.Functions.Platform.Settings;

/// <summary>Where links in messages lead, and the key that signs tokens.</summary>
public sealed record LinkSettings(Uri PublicBaseUri, string SigningKey);

/// <summary>Sender of texts.</summary>
/// <param name="ConnectionString">Connection string, or <see langword="null"/> when <paramref name="Endpoint"/> and the app's identity are used.</param>
/// <param name="WavesPerMinute">Texts a minute that escalations and the like may take of the sender's rate; a toll-free number has 200.</param>
public sealed record SmsSettings(string? ConnectionString, Uri? Endpoint, string From, int WavesPerMinute);

/// <summary>The WhatsApp Cloud API's side of us.</summary>
public sealed record WhatsAppSettings(CheckSecret AppSecret, string VerifyToken, string PhoneNumberId, string AccessToken, Uri GraphBaseUri);

/// <summary>Our Facebook page.</summary>
/// <param name="MessageTag">Meta's name of the tag under which news may go out after a day, when the page may use one.</param>
public sealed record MessengerSettings(
    CheckSecret AppSecret, string VerifyToken, string PageId, string PageAccessToken, Uri GraphBaseUri, string? MessageTag);

/// <summary>Our account on X.</summary>
/// <param name="ClientSecret">Secret of an OAuth 2.0 client, under which X signs a second header for some apps.</param>
public sealed record XSettings(CheckSecret ConsumerSecret, CheckSecret? ClientSecret, string AccountId, OAuth1Keys Keys, Uri ApiBaseUri);

/// <summary>E-mail both ways through Postmark.</summary>
/// <param name="InboundSecret">Password in the address of the inbound webhook.</param>
public sealed record EmailSettings(Uri ApiBaseUri, string ServerToken, string From, CheckSecret InboundSecret);

/// <summary>The telephony provider's side of us.</summary>
/// <param name="AuthToken">Signs what the provider posts, and opens its interface.</param>
/// <param name="PublicBaseUri">Address under which the provider reaches us, letter by letter as it is configured there: it is signed.</param>
/// <param name="From">The number that the centre calls from.</param>
public sealed record VoiceSettings(
    string AccountSid, CheckSecret AuthToken, string PublicBaseUri, Uri ApiBaseUri, string From, Speech Speech);

/// <summary>Secret that Event Grid's deliveries carry.</summary>
public sealed record EventGridSettings(CheckSecret WebhookSecret);

/// <summary>Key under which phone numbers appear in keys and logs.</summary>
public sealed record PrivacySettings(string PhoneHashKey);

/// <summary>Requests a minute and caller address on limited routes.</summary>
public sealed record RateLimitSettings(int PerMinute);

/// <summary>Background of the maps.</summary>
/// <param name="Tiles">Address of the tiles with <c>{z}</c>, <c>{x}</c> and <c>{y}</c>; without one the boundaries are the map.</param>
public sealed record MapSettings(string? Tiles)
{
    /// <summary>The only place besides ourselves from which a page may take pictures.</summary>
    public string? TilesOrigin => Tiles is null ? null : new Uri(Tiles).GetLeftPart(UriPartial.Authority);
}

/// <summary>Where staff sign in.</summary>
/// <param name="SignIn">Address that leads back to the board; App Service Authentication's unless another is set.</param>
public sealed record StaffSettings(string SignIn);

/// <summary>All settings, read once at start. Whatever is missing, empty, unresolved or a sample's stops the start by name.</summary>
public sealed record AppSettings(
    LinkSettings Links,
    SmsSettings Sms,
    WhatsAppSettings WhatsApp,
    MessengerSettings Messenger,
    XSettings X,
    VoiceSettings Voice,
    EventGridSettings EventGrid,
    EmailSettings Email,
    PrivacySettings Privacy,
    RateLimitSettings RateLimit,
    MapSettings Map,
    StaffSettings Staff,
    string PolicyDirectory)
{
    /// <summary>Shortest secret that is taken, in characters.</summary>
    public const int ShortestSecret = 16;

    private const string SamplePrefix = "local-only-";

    /// <exception cref="SettingsException">A setting is not fit; the message names it.</exception>
    public static AppSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var reader = new Reader(configuration);
        reader.ConnectionOr("Storage", "Storage:tableServiceUri", "Storage:blobServiceUri");
        reader.ConnectionOr(Names.BusConnection, Names.BusConnection + ":fullyQualifiedNamespace");
        var connection = reader.ConnectionOr("Sms:ConnectionString", "Sms:Endpoint");
        return new AppSettings(
            new LinkSettings(reader.Address("Links:PublicBaseUri"), reader.Secret("Links:SigningKey")),
            new SmsSettings(connection, connection is null ? reader.Address("Sms:Endpoint") : null, reader.Required("Sms:From"),
                reader.Number("Sms:WavesPerMinute", 100, 1, 6000)),
            new WhatsAppSettings(
                reader.Check("WhatsApp:AppSecret"), reader.Secret("WhatsApp:VerifyToken"), reader.Required("WhatsApp:PhoneNumberId"),
                reader.Secret("WhatsApp:AccessToken"), reader.Address("WhatsApp:GraphBaseUri")),
            new MessengerSettings(
                reader.Check("Messenger:AppSecret"), reader.Secret("Messenger:VerifyToken"), reader.Required("Messenger:PageId"),
                reader.Secret("Messenger:PageAccessToken"), reader.Address("Messenger:GraphBaseUri"), reader.Optional("Messenger:MessageTag")),
            new XSettings(
                reader.Check("X:ConsumerSecret"), reader.Optional("X:ClientSecret") is null ? null : reader.Check("X:ClientSecret"), reader.Required("X:AccountId"),
                new OAuth1Keys(reader.Required("X:ConsumerKey"), reader.Secret("X:ConsumerSecret"), reader.Secret("X:AccessToken"), reader.Secret("X:AccessTokenSecret")),
                reader.Address("X:ApiBaseUri")),
            reader.Voice(),
            new EventGridSettings(reader.Check("EventGrid:WebhookSecret")),
            new EmailSettings(reader.Address("Email:ApiBaseUri"), reader.Secret("Email:ServerToken"), reader.Required("Email:From"), reader.Check("Email:InboundSecret")),
            new PrivacySettings(reader.Secret("Privacy:PhoneHashKey")),
            new RateLimitSettings(reader.Number("RateLimit:PerMinute", 30, 1, 10_000_000)),
            new MapSettings(reader.Tiles("Map:Tiles")),
            new StaffSettings(reader.Path("Staff:SignIn", "/.auth/login/aad?post_login_redirect_uri=/staff")),
            reader.Required("Policy:Directory"));
    }

    private sealed class Reader(IConfiguration configuration)
    {
        // What connects a local run to its stand-ins.
        private static readonly string[] SampleConnections = ["UseDevelopmentStorage=true", "UseDevelopmentEmulator=true", "endpoint=local;"];

        private readonly bool _inAzure = AzureHost.IsHere(configuration);

        public string? Optional(string key)
        {
            var value = configuration[key];
            if (value is not null && value.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase))
            {
                throw Unfit(key, "is a Key Vault reference that was not resolved");
            }

            return string.IsNullOrWhiteSpace(value) ? null : value;
        }

        public string Required(string key) => Optional(key) ?? throw Unfit(key, "is missing");

        /// <summary>The connection string, or <see langword="null"/> when the settings for the app's identity stand in for it, all of them.</summary>
        public string? ConnectionOr(string key, params ReadOnlySpan<string> identityKeys)
        {
            if (Optional(key) is { } connection)
            {
                return _inAzure && SampleConnections.Any(sample => connection.Contains(sample, StringComparison.OrdinalIgnoreCase))
                    ? throw Unfit(key, "is the sample's, which only a local run accepts")
                    : connection;
            }

            foreach (var identityKey in identityKeys)
            {
                Required(identityKey);
            }

            return null;
        }

        public string Secret(string key)
        {
            var value = Required(key);
            if (value.Length < ShortestSecret)
            {
                throw Unfit(key, $"is shorter than {ShortestSecret} characters");
            }

            return _inAzure && value.StartsWith(SamplePrefix, StringComparison.Ordinal)
                ? throw Unfit(key, "is the sample's, which only a local run accepts")
                : value;
        }

        public CheckSecret Check(string key) => new(Secret(key), Optional(key + "Previous") is null ? null : Secret(key + "Previous"));

        public Uri Address(string key) =>
            Uri.TryCreate(Required(key), UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                ? (address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/"))
                : throw Unfit(key, "is not an absolute http(s) address");

        public VoiceSettings Voice()
        {
            _ = Address("Voice:PublicBaseUri");
            var voices = Core.Voice.Speech.TryRead(Required("Voice:Voices"), out var problem) ?? throw Unfit("Voice:Voices", problem ?? "cannot be read");
            var recorded = Optional("Voice:Recorded")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
            if (recorded.FirstOrDefault(language => !PromptCatalogue.Default.Has(language)) is { } unknown)
            {
                throw Unfit("Voice:Recorded", $"names '{unknown}', which has no prompts");
            }

            var speech = new Speech(voices, recorded.ToFrozenSet(StringComparer.Ordinal), recorded.Length == 0 ? null : Address("Voice:RecordingsBaseUri"));
            return speech.Languages.Count == 0
                ? throw Unfit("Voice:Voices", "gives no language that has prompts a voice")
                : new VoiceSettings(
                    Required("Voice:AccountSid"), Check("Voice:AuthToken"), Required("Voice:PublicBaseUri"), Address("Voice:ApiBaseUri"),
                    Required("Voice:From"), speech);
        }

        public string? Tiles(string key) => Optional(key) is not { } tiles ? null
            : Uri.TryCreate(tiles, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                && tiles.Contains("{z}", StringComparison.Ordinal) && tiles.Contains("{x}", StringComparison.Ordinal) && tiles.Contains("{y}", StringComparison.Ordinal)
                && !tiles.Contains(' ', StringComparison.Ordinal) && !tiles.Contains(';', StringComparison.Ordinal)
                ? tiles
                : throw Unfit(key, "is not an http(s) address with {z}, {x} and {y}");

        public string Path(string key, string fallback) => Optional(key) is not { } path ? fallback
            : path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal) ? path : throw Unfit(key, "is not a path of this site");

        public int Number(string key, int fallback, int least, int most)
        {
            var text = Optional(key);
            if (text is null)
            {
                return fallback;
            }

            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : throw Unfit(key, $"is not a whole number from {least} to {most}");
        }

        private static SettingsException Unfit(string key, string what) =>
            new($"Setting {key.Replace(":", "__", StringComparison.Ordinal)} {what}.");
    }
}

/// <summary>A setting that stops the start; the message is one line for the operator.</summary>
public sealed class SettingsException : Exception
{
    public SettingsException(string message)
        : base(message)
    {
    }

    public SettingsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public SettingsException()
    {
    }
}
