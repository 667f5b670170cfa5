using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Serverless940.Benchmarks;

/// <summary>
/// A connection that sends one prepared request again and again. A full client would cost as much as the server it
/// measures, on the same two cores.
/// </summary>
internal sealed class RawHttp : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[16 * 1024];

    public static byte[] Post(Uri address, string path, string contentType, ReadOnlySpan<byte> body) =>
    [
        .. Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: {contentType}\r\nContent-Length: {body.Length}\r\n\r\n"),
        .. body,
    ];

    public static byte[] Get(Uri address, string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");

    public async Task ConnectAsync(Uri address) => await _socket.ConnectAsync(IPAddress.Loopback, address.Port);

    /// <summary>The answer's status, once the answer has come whole.</summary>
    public async Task<int> SendAsync(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request);
        var length = 0;
        while (!IsWhole(_buffer.AsSpan(0, length)))
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(length));
            length += read > 0 ? read : throw new IOException("The connection was closed.");
        }

        return int.Parse(_buffer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        var at = answer[..head].IndexOf("Content-Length: "u8);
        return at < 0
            ? answer.EndsWith("\r\n0\r\n\r\n"u8)
            : System.Buffers.Text.Utf8Parser.TryParse(answer[(at + 16)..], out int length, out _) && answer.Length >= head + 4 + length;
    }
}
