using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Serverless940.Functions.Platform.Http;

/// <summary>Reads bodies once, as bytes, and never more than allowed.</summary>
public static class RequestBody
{
    private const int FirstRoom = 64 * 1024;

    /// <summary>How long a body may take to come, whole: a few hundred slow ones must not hold every place of an instance.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    /// <summary>The whole body, or <see langword="null"/> when it is longer than <paramref name="limit"/> bytes.</summary>
    /// <exception cref="BadHttpRequestException">It did not come within <see cref="Patience"/>: 408.</exception>
    public static Task<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken) =>
        ReadAsync(request, limit, Patience, cancellationToken);

    /// <inheritdoc cref="ReadAsync(HttpRequest, int, CancellationToken)"/>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limit, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.ContentLength > limit)
        {
            return null;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        try
        {
            return await ReadWithinAsync(request, limit, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body did not come in time.", StatusCodes.Status408RequestTimeout);
        }
    }

    private static async Task<byte[]?> ReadWithinAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
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
