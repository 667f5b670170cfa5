using Microsoft.Extensions.Configuration;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Settings;
using Serverless940.Functions.Tests.Fixtures;

namespace Serverless940.Functions.Tests.Platform;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Links__SigningKey", "", "is missing")]
    [InlineData("Links__SigningKey", "short", "shorter than 16")]
    [InlineData("WhatsApp__AppSecret", "  ", "is missing")]
    [InlineData("EventGrid__WebhookSecret", "@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/x)", "Key Vault reference")]
    [InlineData("Links__PublicBaseUri", "940", "absolute http(s) address")]
    [InlineData("RateLimit__PerMinute", "-1", "whole number")]
    [InlineData("Policy__Directory", null, "is missing")]
    [InlineData("Voice__AuthToken", "", "is missing")]
    [InlineData("Voice__Voices", "ar=Polly.Zeina:ar-SA", "no language with a voice")]
    [InlineData("Voice__Recorded", "xx", "has no prompts")]
    [InlineData("Sms__WavesPerMinute", "0", "whole number")]
    [InlineData("Storage", "@Microsoft.KeyVault(VaultName=v;SecretName=s)", "Key Vault reference")]
    public void An_unfit_setting_stops_the_start_by_name(string name, string? value, string reason)
    {
        var exception = Assert.Throws<SettingsException>(() => AppSettings.Read(With(name, value)));
        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Theory]
    [InlineData("Storage", "Storage__tableServiceUri")]
    [InlineData("ServiceBus", "ServiceBus__fullyQualifiedNamespace")]
    [InlineData("Sms__ConnectionString", "Sms__Endpoint")]
    public void Without_a_connection_the_identitys_setting_is_asked_for_by_name(string connection, string setting)
    {
        var exception = Assert.Throws<SettingsException>(() => AppSettings.Read(With(connection, null)));
        Assert.Equal($"Setting {setting} is missing.", exception.Message);
    }

    [Theory]
    [InlineData("WEBSITE_INSTANCE_ID")]
    [InlineData("WEBSITE_SITE_NAME")]
    [InlineData("WEBSITE_POD_NAME")]
    public void The_samples_secrets_are_refused_in_Azure_and_accepted_here(string mark)
    {
        Assert.NotNull(AppSettings.Read(With("x", "y")));
        var exception = Assert.Throws<SettingsException>(() => AppSettings.Read(With(mark, "here")));
        Assert.Contains("sample", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sample_secret_among_good_ones_is_refused_by_name_in_Azure()
    {
        var good = Names.Settings.Where(setting => setting.IsSecret)
            .ToDictionary(setting => setting.Name, setting => setting.IsOptional ? null : "a-secret-that-nobody-knows");
        good["WEBSITE_SITE_NAME"] = "app";
        good["Storage"] = "AccountName=a;AccountKey=a2V5;TableEndpoint=https://a.example/";
        good["ServiceBus"] = "Endpoint=sb://bus.example/;SharedAccessKeyName=n;SharedAccessKey=k";
        good["Sms__ConnectionString"] = "endpoint=https://sms.example/;accesskey=a2V5";
        Assert.NotNull(AppSettings.Read(With(good)));

        foreach (var (name, sample) in new[]
        {
            ("Privacy__PhoneHashKey", "local-only-phone-hash-key-0123456789"),
            ("Storage", "UseDevelopmentStorage=true"),
            ("ServiceBus", "Endpoint=sb://localhost;SharedAccessKeyName=local;SharedAccessKey=local-only-bus;UseDevelopmentEmulator=true"),
            ("Sms__ConnectionString", "endpoint=local;accesskey=bG9jYWwtb25seS1zbXM="),
        })
        {
            var exception = Assert.Throws<SettingsException>(() => AppSettings.Read(With(new Dictionary<string, string?>(good) { [name] = sample })));
            Assert.Equal($"Setting {name} is the sample's, which only a local run accepts.", exception.Message);
        }
    }

    private static IConfiguration With(string name, string? value) => With(new Dictionary<string, string?> { [name] = value });

    private static IConfiguration With(Dictionary<string, string?> changes)
    {
        var settings = new AppData("folder", "UseDevelopmentStorage=true").Settings();
        settings["WhatsApp__GraphBaseUri"] = "https://graph.facebook.com/";
        settings["Messenger__GraphBaseUri"] = "https://graph.facebook.com/";
        settings["X__ApiBaseUri"] = "https://api.x.com/";
        settings["Voice__ApiBaseUri"] = "https://api.twilio.com/";
        settings["Email__ApiBaseUri"] = "https://api.postmarkapp.com/";
        foreach (var (name, value) in changes)
        {
            settings[name] = value;
        }

        return new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), pair.Value)))
            .Build();
    }
}
