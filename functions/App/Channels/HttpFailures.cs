using System.Globalization;
using System.Net;
using Serverless940.Functions.Platform.Bus;

namespace Serverless940.Functions.Channels;

/// <summary>What failures of calls to providers mean.</summary>
internal static class HttpFailures
{
    /// <summary>Whether the call ended before a byte of it went out.</summary>
    public static bool NothingWasSent(HttpRequestException exception) => exception.HttpRequestError
        is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;

    /// <exception cref="TransientFailureException">The provider's trouble, or a token of ours that has to be mended.</exception>
    /// <exception cref="PermanentFailureException">It will stay as it is.</exception>
    public static void ThrowUnlessDone(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var reason = string.Create(CultureInfo.InvariantCulture, $"http {(int)response.StatusCode}");
        throw (int)response.StatusCode is 401 or 403 or 408 or 429 or >= 500
            ? new TransientFailureException(reason)
            : new PermanentFailureException("media: " + reason);
    }

    /// <summary>The answer's body as a file; <see langword="null"/> when the provider no longer has it.</summary>
    public static async Task<MediaContent?> ContentAsync(
        HttpResponseMessage response, Func<HttpStatusCode, bool> isGone, CancellationToken cancellationToken)
    {
        try
        {
            if (isGone(response.StatusCode))
            {
                response.Dispose();
                return null;
            }

            ThrowUnlessDone(response);
            return new MediaContent(await response.Content.ReadAsStreamAsync(cancellationToken), response);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}

/// <summary>Which addresses of files may be asked: a payload names them, and a forged one would name our own network.</summary>
internal static class MediaHosts
{
    /// <summary>One of the hosts over TLS on its usual port, or the very host at which the provider is configured.</summary>
    /// <param name="hosts">Whole names, or endings that begin with a dot.</param>
    public static bool Allow(Uri address, Uri configured, params ReadOnlySpan<string> hosts)
    {
        if (address is not { IsAbsoluteUri: true, UserInfo.Length: 0 })
        {
            return false;
        }

        if (address.Scheme == configured.Scheme && address.Port == configured.Port
            && string.Equals(address.IdnHost, configured.IdnHost, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        foreach (var host in hosts)
        {
            if (address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort
                && (host[0] == '.' ? address.IdnHost.EndsWith(host, StringComparison.OrdinalIgnoreCase)
                    : string.Equals(address.IdnHost, host, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }
}
