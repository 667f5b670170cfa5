using Microsoft.Extensions.Configuration;
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
    public void An_unfit_setting_stops_the_start_by_name(string name, string? value, string reason)
    {
        var exception = Assert.Throws<SettingsException>(() => AppSettings.Read(With(name, value)));
        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void The_samples_secrets_are_refused_in_Azure_and_accepted_here()
    {
        Assert.NotNull(AppSettings.Read(With("x", "y")));
        var exception = Assert.Throws<SettingsException>(() => AppSettings.Read(With("WEBSITE_INSTANCE_ID", "instance")));
        Assert.Contains("sample", exception.Message, StringComparison.Ordinal);
    }

    private static IConfiguration With(string name, string? value)
    {
        var settings = new AppData("folder", "UseDevelopmentStorage=true").Settings();
        settings["WhatsApp__GraphBaseUri"] = "https://graph.facebook.com/";
        settings["Messenger__GraphBaseUri"] = "https://graph.facebook.com/";
        settings["X__ApiBaseUri"] = "https://api.x.com/";
        settings["Voice__ApiBaseUri"] = "https://api.twilio.com/";
        settings["Email__ApiBaseUri"] = "https://api.postmarkapp.com/";
        settings[name] = value;
        return new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), pair.Value)))
            .Build();
    }
}
