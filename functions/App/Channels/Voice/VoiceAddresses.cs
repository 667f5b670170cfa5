using System.Text;
using System.Text.Json;
using Serverless940.Core.Voice;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.Voice;

/// <summary>Addresses that we give the provider, with what they carry for us: sealed, each for its purpose and its owner.</summary>
public sealed class VoiceAddresses(VoiceSettings settings, LinkSettings links)
{
    /// <summary>Parameter that carries the sealed text.</summary>
    public const string Parameter = "s";

    private const string StatePurpose = "voice-state";
    private const string NewsPurpose = "voice-news";
    private const string TagPurpose = "voice-tag";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(links.SigningKey);

    /// <summary>The next step of a call.</summary>
    public Uri Next(CallState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Address("go", SealedText.Seal(_key, StatePurpose, state.Call, JsonSerializer.Serialize(state, VoiceJson.Compact.CallState)));
    }

    /// <summary>What a call remembered; <see langword="null"/> when it is another call's, or not ours.</summary>
    public CallState? ReadState(string call, string? text) =>
        SealedText.Open(_key, StatePurpose, call, text) is { } json ? JsonSerializer.Deserialize(json, VoiceJson.Compact.CallState) : null;

    /// <summary>What a phone hears when it answers.</summary>
    public Uri News(string to, CallNews news) => Address("news", SealedText.Seal(_key, NewsPurpose, to, JsonSerializer.Serialize(news, VoiceJson.Compact.CallNews)));

    public CallNews? ReadNews(string to, string? text) =>
        SealedText.Open(_key, NewsPurpose, to, text) is { } json ? JsonSerializer.Deserialize(json, VoiceJson.Compact.CallNews) : null;

    /// <summary>Where the provider says how a call of ours ended.</summary>
    public Uri Ended(string to, string tag) => Address("ended", SealedText.Seal(_key, TagPurpose, to, tag));

    public string? ReadTag(string to, string? text) => SealedText.Open(_key, TagPurpose, to, text);

    // To be written as it is: the letters of the configured host are part of what the provider signs.
    private Uri Address(string step, string text) => new($"{settings.PublicBaseUri.TrimEnd('/')}/{VoiceWebhook.Path}{step}?{Parameter}={text}");
}
