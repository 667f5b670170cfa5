#nullable enable
using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Serverless940.Local.Tables;

/// <summary>Signs each try with the account's key (Shared Key Lite for the table service).</summary>
internal sealed class SharedKeyPolicy(TableSharedKeyCredential credential) : HttpPipelineSynchronousPolicy
{
    public TableSharedKeyCredential Credential => credential;

    public override void OnSendingRequest(HttpMessage message)
    {
        var date = DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture);
        message.Request.Headers.SetValue("x-ms-date", date);
        var uri = message.Request.Uri.ToUri();
        var signed = string.Concat(date, "\n/", credential.AccountName, uri.AbsolutePath);
        var comp = Component(uri.Query);
        if (comp is not null)
        {
            signed = string.Concat(signed, "?comp=", comp);
        }

        message.Request.Headers.SetValue("Authorization", string.Concat("SharedKeyLite ", credential.AccountName, ":", credential.Sign(signed)));
    }

    private static string? Component(string query)
    {
        var start = query.IndexOf("comp=", StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return null;
        }

        var value = query.AsSpan(start + "comp=".Length);
        var end = value.IndexOf('&');
        return (end < 0 ? value : value[..end]).ToString();
    }
}

/// <summary>Puts the shared access signature into the query of each try.</summary>
internal sealed class SasPolicy(AzureSasCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var signature = credential.Signature.TrimStart('?');
        var query = message.Request.Uri.Query;
        if (!query.Contains(signature, StringComparison.Ordinal))
        {
            message.Request.Uri.Query = query.Length == 0 ? "?" + signature : query + "&" + signature;
        }
    }
}

/// <summary>
/// Sends a bearer token for the table service. With tenant discovery, the first request goes without one and the tenant
/// is taken from the challenge.
/// </summary>
internal sealed class BearerPolicy(TokenCredential credential, string scope, bool discoverTenant)
    : BearerTokenAuthenticationPolicy(credential, scope)
{
    private readonly string[] _scopes = [scope];
    private volatile string? _tenant;

    protected override void AuthorizeRequest(HttpMessage message)
    {
        if (_tenant is not null || !discoverTenant)
        {
            AuthenticateAndAuthorizeRequest(message, Context(message));
        }
    }

    protected override ValueTask AuthorizeRequestAsync(HttpMessage message) =>
        _tenant is not null || !discoverTenant ? AuthenticateAndAuthorizeRequestAsync(message, Context(message)) : ValueTask.CompletedTask;

    protected override bool AuthorizeRequestOnChallenge(HttpMessage message)
    {
        if (!LearnTenant(message))
        {
            return false;
        }

        AuthenticateAndAuthorizeRequest(message, Context(message));
        return true;
    }

    protected override async ValueTask<bool> AuthorizeRequestOnChallengeAsync(HttpMessage message)
    {
        if (!LearnTenant(message))
        {
            return false;
        }

        await AuthenticateAndAuthorizeRequestAsync(message, Context(message)).ConfigureAwait(false);
        return true;
    }

    private TokenRequestContext Context(HttpMessage message) => new(_scopes, message.Request.ClientRequestId, tenantId: _tenant);

    // The tenant is the first segment of authorization_uri: https://login.microsoftonline.com/{tenant}/oauth2/authorize.
    private bool LearnTenant(HttpMessage message)
    {
        const string Name = "authorization_uri=";
        if (_tenant is not null || !discoverTenant ||
            !message.Response.Headers.TryGetValue("WWW-Authenticate", out var challenge) ||
            challenge.IndexOf(Name, StringComparison.OrdinalIgnoreCase) is var start && start < 0)
        {
            return false;
        }

        var text = challenge.AsSpan(start + Name.Length).TrimStart('"');
        var end = text.IndexOfAny("\", ");
        if (!Uri.TryCreate((end < 0 ? text : text[..end]).ToString(), UriKind.Absolute, out var address) || address.Segments.Length < 2)
        {
            return false;
        }

        _tenant = address.Segments[1].Trim('/');
        return true;
    }
}
