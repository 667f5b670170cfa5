using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Platform.Security;

/// <summary>
/// How often one address may call the open routes. Per instance: behind several the limit is that many times higher, which
/// is what keeps a request from costing a storage call.
/// </summary>
public sealed class RequestLimiter(RateLimitSettings settings) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(1, settings.PerMinute / 2),
            TokensPerPeriod = Math.Max(1, settings.PerMinute / 6),
            ReplenishmentPeriod = TimeSpan.FromSeconds(10),
            QueueLimit = 0,
            AutoReplenishment = true,
        }));

    /// <summary>Whether this request may go on; if not, its answer's Retry-After is set.</summary>
    public bool Allows(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var lease = _limiter.AttemptAcquire(Address(request));
        if (!lease.IsAcquired)
        {
            var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 10;
            request.HttpContext.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        }

        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();

    // The front end appends the address it saw as the last one; what stands before it is the caller's own claim.
    private static string Address(HttpRequest request)
    {
        var forwarded = request.Headers["X-Forwarded-For"].ToString();
        var last = forwarded.Length == 0 ? null : forwarded[(forwarded.LastIndexOf(',') + 1)..].Trim();
        return string.IsNullOrEmpty(last) ? request.HttpContext.Connection.RemoteIpAddress is { } direct ? WithoutPort(direct.ToString()) : "unknown" : WithoutPort(last);
    }

    // Every connection has a port of its own, and a household of IPv6 has 2^64 addresses: neither makes another caller.
    private static string WithoutPort(string written)
    {
        if (!IPEndPoint.TryParse(written, out var end))
        {
            return written;
        }

        var address = end.Address.IsIPv4MappedToIPv6 ? end.Address.MapToIPv4() : end.Address;
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
