namespace Serverless940.Functions.Platform;

/// <summary>Where a setting is given.</summary>
public enum SettingPlace
{
    /// <summary>On one machine, by <c>local.settings.sample.json</c>.</summary>
    Local,

    /// <summary>In Azure, by the templates.</summary>
    Azure,

    /// <summary>By both.</summary>
    Both,
}

/// <summary>One setting by name.</summary>
/// <param name="IsSecret">In Azure its value is a reference to a Key Vault secret.</param>
/// <param name="IsOptional">The app runs without it; the secret before the present one, say, counts only while a provider changes over.</param>
public sealed record Setting(string Name, SettingPlace Place, bool IsSecret = false, bool IsOptional = false);

public static partial class Names
{
    /// <summary>
    /// Every setting that anything reads. What the platform sets by itself is not here: whether its authentication is on, and
    /// where the app runs.
    /// </summary>
    public static IReadOnlyList<Setting> Settings { get; } =
    [
        // The Functions host's own storage.
        new("AzureWebJobsDisableHomepage", SettingPlace.Azure),
        new("AzureWebJobsStorage", SettingPlace.Local),
        new("AzureWebJobsStorage__accountName", SettingPlace.Azure),
        new("AzureWebJobsStorage__credential", SettingPlace.Azure),
        new("AzureWebJobsStorage__clientId", SettingPlace.Azure),
        new("FUNCTIONS_WORKER_RUNTIME", SettingPlace.Local),

        // The app's identity, and what it reaches by it.
        new("AZURE_CLIENT_ID", SettingPlace.Azure),
        new("Storage", SettingPlace.Local),
        new("Storage__tableServiceUri", SettingPlace.Azure),
        new("Storage__blobServiceUri", SettingPlace.Azure),
        new("ServiceBus", SettingPlace.Local),
        new("ServiceBus__fullyQualifiedNamespace", SettingPlace.Azure),
        new("ServiceBus__credential", SettingPlace.Azure),
        new("ServiceBus__clientId", SettingPlace.Azure),
        new("APPLICATIONINSIGHTS_CONNECTION_STRING", SettingPlace.Azure),
        new("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", SettingPlace.Azure),

        // Sign-in of staff: on one machine the simulators stand for the platform.
        new("OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID", SettingPlace.Azure),
        new("WEBSITE_AUTH_ENABLED", SettingPlace.Local),
        new("Staff__SignIn", SettingPlace.Local),

        // Channels and links.
        new("Sms__ConnectionString", SettingPlace.Local),
        new("Sms__Endpoint", SettingPlace.Azure),
        new("Sms__From", SettingPlace.Both),
        new("Sms__WavesPerMinute", SettingPlace.Both),
        new("EventGrid__WebhookSecret", SettingPlace.Both, IsSecret: true),
        new("EventGrid__WebhookSecretPrevious", SettingPlace.Both, IsSecret: true, IsOptional: true),
        new("WhatsApp__AppSecret", SettingPlace.Both, IsSecret: true),
        new("WhatsApp__AppSecretPrevious", SettingPlace.Both, IsSecret: true, IsOptional: true),
        new("WhatsApp__VerifyToken", SettingPlace.Both, IsSecret: true),
        new("WhatsApp__PhoneNumberId", SettingPlace.Both),
        new("WhatsApp__AccessToken", SettingPlace.Both, IsSecret: true),
        new("WhatsApp__GraphBaseUri", SettingPlace.Both),
        new("Messenger__AppSecret", SettingPlace.Both, IsSecret: true),
        new("Messenger__AppSecretPrevious", SettingPlace.Both, IsSecret: true, IsOptional: true),
        new("Messenger__VerifyToken", SettingPlace.Both, IsSecret: true),
        new("Messenger__PageId", SettingPlace.Both),
        new("Messenger__PageAccessToken", SettingPlace.Both, IsSecret: true),
        new("Messenger__GraphBaseUri", SettingPlace.Both),
        new("Messenger__MessageTag", SettingPlace.Both),
        new("X__ConsumerKey", SettingPlace.Both, IsSecret: true),
        new("X__ConsumerSecret", SettingPlace.Both, IsSecret: true),
        new("X__ConsumerSecretPrevious", SettingPlace.Both, IsSecret: true, IsOptional: true),
        new("X__ClientSecret", SettingPlace.Both, IsSecret: true, IsOptional: true),
        new("X__ClientSecretPrevious", SettingPlace.Both, IsSecret: true, IsOptional: true),
        new("X__AccountId", SettingPlace.Both),
        new("X__AccessToken", SettingPlace.Both, IsSecret: true),
        new("X__AccessTokenSecret", SettingPlace.Both, IsSecret: true),
        new("X__ApiBaseUri", SettingPlace.Both),
        new("Voice__AccountSid", SettingPlace.Both),
        new("Voice__AuthToken", SettingPlace.Both, IsSecret: true),
        new("Voice__AuthTokenPrevious", SettingPlace.Both, IsSecret: true, IsOptional: true),
        new("Voice__PublicBaseUri", SettingPlace.Both),
        new("Voice__ApiBaseUri", SettingPlace.Both),
        new("Voice__From", SettingPlace.Both),
        new("Voice__Voices", SettingPlace.Both),
        new("Voice__Recorded", SettingPlace.Both),
        new("Voice__RecordingsBaseUri", SettingPlace.Both),
        new("Email__ApiBaseUri", SettingPlace.Both),
        new("Email__ServerToken", SettingPlace.Both, IsSecret: true),
        new("Email__InboundSecret", SettingPlace.Both, IsSecret: true),
        new("Email__InboundSecretPrevious", SettingPlace.Both, IsSecret: true, IsOptional: true),
        new("Email__From", SettingPlace.Both),
        new("Links__PublicBaseUri", SettingPlace.Both),
        new("Links__SigningKey", SettingPlace.Both, IsSecret: true),
        new("Privacy__PhoneHashKey", SettingPlace.Both, IsSecret: true),

        // Behaviour.
        new("Policy__Directory", SettingPlace.Both),
        new("EscalationSchedule", SettingPlace.Both),
        new("SecondLookSchedule", SettingPlace.Both),
        new("SweepSchedule", SettingPlace.Both),
        new("RebuildSchedule", SettingPlace.Both),
        new("RateLimit__PerMinute", SettingPlace.Both),
        new("Map__Tiles", SettingPlace.Both),
    ];

    /// <summary>Built-in roles by the names under which an operator finds them; health says which one is missing.</summary>
    public static class Roles
    {
        public const string Tables = "Storage Table Data Contributor";
        public const string Blobs = "Storage Blob Data Contributor";
        public const string BusSend = "Azure Service Bus Data Sender";
        public const string BusReceive = "Azure Service Bus Data Receiver";
        public const string Sms = "Communication and Email Service Owner";
    }
}
