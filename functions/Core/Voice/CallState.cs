using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Core.Text;

namespace Serverless940.Core.Voice;

/// <summary>What the caller is asked (خطوة المكالمة).</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CallStep>))]
public enum CallStep
{
    Language,
    Menu,
    Category,
    Place,
    NationalAddress,
    Plate,
    ConfirmPlace,
    Description,
    Submitted,
    StatusNumber,
    Status,
    FollowUpNumber,
    Complaint,
    FollowedUp,
    RateNumber,
    Solved,
    Quality,
    Speed,
    RateAgent,
    Rated,
    Information,
    Transferred,
    News,
}

/// <summary>
/// What a call remembers from step to step. It travels in the address of the next step, signed and bound to the call, so
/// that a step reads nothing to know where it is; what was said is kept beside it by <see cref="CallSaid"/>.
/// </summary>
public sealed record CallState
{
    /// <summary>The provider's id of the call.</summary>
    public required string Call { get; init; }

    public required string Language { get; init; }

    public CallStep Step { get; init; }

    /// <summary>Steps taken.</summary>
    public int Sequence { get; init; }

    /// <summary>Silences and wrong keys in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Things begun in this call; part of their source identity.</summary>
    public int Begun { get; init; }

    public CallDraft? Draft { get; init; }

    /// <summary>A code that waits for its confirmation.</summary>
    public string? Heard { get; init; }

    /// <summary>The report that was asked about.</summary>
    public AskedReport? Report { get; init; }

    /// <summary>Number of what was sent last: a report's, or a case's.</summary>
    public string? Sent { get; init; }

    /// <summary>What the centre calls about.</summary>
    public CallNews? News { get; init; }

    public bool ByVoice { get; init; }

    /// <summary>The place of the caller's last report.</summary>
    public ReportPlace? LastPlace { get; init; }

    /// <summary>The number of the caller's last report.</summary>
    public string? LastNumber { get; init; }

    /// <summary>What was keyed or said in a step that could not be kept; heard again.</summary>
    public CallInput? Held { get; init; }

    /// <summary>How often it could not be kept.</summary>
    public int Tries { get; init; }
}

/// <summary>A report as far as the caller may hear of it.</summary>
/// <param name="Source">First half of the source hash, in hex.</param>
/// <param name="Mine">Whether the caller's phone is the reporter's.</param>
public sealed record AskedReport(
    string Number,
    string Source,
    ReportStatus Status,
    string Category,
    string? Municipality,
    string? Agency,
    DateOnly? PromisedOn,
    bool Mine,
    bool CanRate,
    bool HasAgent,
    int Closures);

/// <summary>News that the centre calls about.</summary>
/// <param name="Template">Name of the notification.</param>
/// <param name="Words">A reason or an agency's name.</param>
/// <param name="Case">Number of a case.</param>
public sealed record CallNews(string Number, string Template, string Language, string? Words, string? Case);

/// <summary>What came in at a step.</summary>
/// <param name="Keys">Keys as pressed; empty for silence.</param>
/// <param name="Recording">The provider's id of a voice note that holds something.</param>
/// <param name="Dialled">What became of a transfer.</param>
public sealed record CallInput(string? Keys = null, string? Recording = null, string? Dialled = null)
{
    [JsonIgnore]
    public bool IsSilence => string.IsNullOrEmpty(Keys) && Recording is null && Dialled is null;
}

/// <summary>What the telephone remembers of a caller between calls. Stored as JSON; members may be added, not renamed.</summary>
public sealed record CallerProfile(string? Language = null, bool ByVoice = false, ReportPlace? LastPlace = null, string? LastNumber = null);

/// <summary>JSON of calls.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CallState))]
[JsonSerializable(typeof(CallNews))]
[JsonSerializable(typeof(CallerProfile))]
[JsonSerializable(typeof(CallFile))]
[JsonSerializable(typeof(KeptCall))]
public sealed partial class VoiceJson : JsonSerializerContext
{
    /// <summary>Nulls left out, letters of every script written as themselves.</summary>
    public static VoiceJson Compact { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>
/// What an address carries between us and us: JSON with an HMAC-SHA256 over purpose, owner and content, base64url. Nobody
/// else can make one, and one of another call or of another purpose does not open.
/// </summary>
public static class SealedText
{
    private const int MacBytes = 16;

    public static string Seal(ReadOnlySpan<byte> key, string purpose, string owner, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var whole = new byte[MacBytes + bytes.Length];
        Sign(key, purpose, owner, bytes, whole);
        bytes.CopyTo(whole, MacBytes);
        return Base64Url.EncodeToString(whole);
    }

    /// <summary>The content, or <see langword="null"/> when it is not ours, or another's.</summary>
    public static string? Open(ReadOnlySpan<byte> key, string purpose, string owner, string? text)
    {
        if (text is not { Length: > 0 and <= 8192 } || !Base64Url.IsValid(text) || Base64Url.DecodeFromChars(text) is not { Length: > MacBytes } whole)
        {
            return null;
        }

        Span<byte> expected = stackalloc byte[MacBytes];
        Sign(key, purpose, owner, whole.AsSpan(MacBytes), expected);
        return CryptographicOperations.FixedTimeEquals(expected, whole.AsSpan(0, MacBytes)) ? Encoding.UTF8.GetString(whole, MacBytes, whole.Length - MacBytes) : null;
    }

    private static void Sign(ReadOnlySpan<byte> key, string purpose, string owner, ReadOnlySpan<byte> content, Span<byte> destination)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, [.. Encoding.UTF8.GetBytes(ReportNumber.SourceHash(purpose, owner)), .. content], mac);
        mac[..MacBytes].CopyTo(destination);
    }
}
