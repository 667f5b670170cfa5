using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Serverless940.Functions.Platform.Http;

/// <summary>Reads bodies once, as bytes, and never more than allowed.</summary>
public static class RequestBody
{
    private const int FirstRoom = 64 * 1024;

    /// <summary>The whole body, or <see langword="null"/> when it is longer than <paramref name="limit"/> bytes.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.ContentLength > limit)
        {
            return null;
        }

        // A length is only a claim: room for more is made when more has come.
        var buffer = new ArrayBufferWriter<byte>((int)Math.Min(request.ContentLength ?? 4096, FirstRoom) + 1);
        while (true)
        {
            var read = await request.Body.ReadAsync(buffer.GetMemory(4096), cancellationToken);
            if (read == 0)
            {
                return buffer.WrittenSpan.ToArray();
            }

            buffer.Advance(read);
            if (buffer.WrittenCount > limit)
            {
                return null;
            }
        }
    }
}
