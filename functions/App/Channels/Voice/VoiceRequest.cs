using Microsoft.Extensions.Primitives;
using Serverless940.Core.Text;
using Serverless940.Core.Voice;

namespace Serverless940.Functions.Channels.Voice;

/// <summary>A post about a call, as far as it matters.</summary>
/// <param name="Call">The provider's id.</param>
/// <param name="Citizen">The other end's number as the provider writes it; not assumed to be a phone.</param>
/// <param name="Phone">The same in E.164, when it is one.</param>
/// <param name="Status">The provider's word on the call.</param>
/// <param name="Sealed">What we had put into the address.</param>
public sealed record VoiceRequest(string Call, string Citizen, string? Phone, string? Status, CallInput Input, string? Sealed)
{
    private const int LongestId = 64;
    private const int MostKeys = 40;

    // How providers write callers who show no number: ANONYMOUS, RESTRICTED and UNAVAILABLE on a telephone's keys.
    private static readonly string[] s_nobody = ["+266696687", "+7378742833", "+86282452253"];

    /// <summary><see langword="null"/> when it names no call.</summary>
    public static VoiceRequest? Read(IReadOnlyList<FormField> fields, StringValues given)
    {
        if (fields.Value("CallSid") is not { Length: > 0 and <= LongestId } call || !call.All(IsOfId))
        {
            return null;
        }

        var outbound = fields.Value("Direction")?.StartsWith("outbound", StringComparison.OrdinalIgnoreCase) == true;
        var citizen = fields.Value(outbound ? "To" : "From") ?? string.Empty;
        var phone = citizen.StartsWith('+') && !s_nobody.Contains(citizen) ? PhoneNumber.TryNormalize(citizen) : null;
        return new VoiceRequest(call, citizen, phone, fields.Value("CallStatus"), InputOf(fields), given is [var text] ? text : null);
    }

    private static CallInput InputOf(IReadOnlyList<FormField> fields)
    {
        var keys = fields.Value("Digits")?.TrimEnd('#');
        return new CallInput(
            keys is { Length: > 0 and <= MostKeys } && keys.All(key => char.IsAsciiDigit(key) || key == '*') ? keys : null,
            Recording(fields),
            fields.Value("DialCallStatus"));
    }

    // Only the id: where it is fetched is ours to know.
    private static string? Recording(IReadOnlyList<FormField> fields)
    {
        var id = fields.Value("RecordingSid")
            ?? (Uri.TryCreate(fields.Value("RecordingUrl"), UriKind.Absolute, out var address) ? System.IO.Path.GetFileNameWithoutExtension(address.AbsolutePath) : null);
        return id is { Length: > 0 and <= LongestId } && id.All(IsOfId) && fields.Value("RecordingDuration") is not "0" ? id : null;
    }

    private static bool IsOfId(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_';
}
