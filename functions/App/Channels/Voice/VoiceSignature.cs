using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Serverless940.Core.Voice;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.Voice;

/// <summary>
/// Proves that a post is the telephony provider's. The address that was signed is rebuilt from the configured one, never
/// from what a front end says of the host.
/// </summary>
public sealed class VoiceSignature(VoiceSettings settings)
{
    private const string Form = "application/x-www-form-urlencoded";

    private readonly string[] _tokens = settings.AuthToken is { Current: var current, Previous: { } previous } ? [current, previous] : [settings.AuthToken.Current];

    /// <summary>The fields of a post that is the provider's and about our account; else <see langword="null"/>.</summary>
    public IReadOnlyList<FormField>? Verify(HttpRequest request, byte[] body)
    {
        ArgumentNullException.ThrowIfNull(request);
        var isForm = request.ContentType?.Split(';')[0].Trim().Equals(Form, StringComparison.OrdinalIgnoreCase) == true;
        // What is no form is not part of the signature; its hash in the address is.
        if (!isForm && body.Length > 0 && (request.Query[TwilioSignature.BodyHash] is not [var hash] || !TwilioSignature.CoversBody(hash, body)))
        {
            return null;
        }

        var fields = isForm ? FormBody.Read(body) : [];
        return fields is not null && Given(request) is { } signature
            && TwilioSignature.Holds(_tokens, settings.PublicBaseUri, Target(request), fields, signature)
            && fields.Value("AccountSid") is { } account && account == settings.AccountSid
                ? fields
                : null;
    }

    private static string? Given(HttpRequest request) =>
        (request.Headers[TwilioSignature.Header], request.Headers[TwilioSignature.CompatibleHeader]) switch
        {
            ([var one], []) => one,
            ([], [var one]) => one,
            ([var one], [_]) => one,
            _ => null,
        };

    // As it came over the wire: decoding and encoding again may change what was signed.
    private static string Target(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } raw && raw[0] == '/'
            ? raw
            : request.Path.ToUriComponent() + request.QueryString.Value;
}
