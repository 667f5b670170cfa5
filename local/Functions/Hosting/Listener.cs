using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Serverless940.Local.Functions;

/// <summary>Listens on loopback and nowhere else.</summary>
internal static class Listener
{
    /// <summary>The host's own limit on a request body, unless <c>FUNCTIONS_REQUEST_BODY_SIZE_LIMIT</c> says otherwise.</summary>
    private const long MaxRequestBody = 104_857_600;

    /// <param name="freePort">The socket that holds the port, where any free one was asked for.</param>
    public static void Configure(KestrelServerOptions options, int port, Socket? freePort)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize =
            long.TryParse(Environment.GetEnvironmentVariable("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"), out var limit) ? limit : MaxRequestBody;
        options.Listen(freePort?.LocalEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.Loopback, port));

        // A free port is chosen on IPv4; nothing promises that the same one is free on IPv6.
        if (freePort is null && HasIPv6Loopback())
        {
            options.Listen(IPAddress.IPv6Loopback, port);
        }
    }

    /// <summary>A free port of IPv4's loopback, held from now on, so that links can name it before anything listens.</summary>
    public static Socket TakeFreePort()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    /// <summary>Whether a Host header names this machine's loopback, so that no page of another origin reaches the host by a rebound name.</summary>
    public static bool IsLoopback(HostString host) =>
        string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase) || host.Host is "127.0.0.1" or "[::1]";

    /// <summary>Whether somebody listens on the port already.</summary>
    public static bool IsUsed(int port)
    {
        if (port == 0)
        {
            return false;
        }

        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return false;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return true;
        }
    }

    private static bool HasIPv6Loopback()
    {
        if (!Socket.OSSupportsIPv6)
        {
            return false;
        }

        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
