using System.Text;
using Serverless940.Core.Photos;

namespace Serverless940.Core.Tests.Photos;

/// <summary>Sends bytes through the rewriter the way a network would: forward only, in pieces of any size.</summary>
internal static class Rewriting
{
    public static readonly MediaLimits Limits = new(20_000_000);

    public static async Task<(MediaResult Result, byte[] Output)> RunAsync(
        byte[] input, MediaLimits? limits = null, int pieceLength = int.MaxValue)
    {
        using var stream = new TrickleStream(input, pieceLength);
        using var output = new MemoryStream();
        var result = await MediaRewriter.RewriteAsync(stream, output, limits ?? Limits, CancellationToken.None);
        return (result, output.ToArray());
    }

    public static async Task<(MediaResult.Accepted Accepted, byte[] Output)> AcceptAsync(byte[] input, int pieceLength = int.MaxValue)
    {
        var (result, output) = await RunAsync(input, pieceLength: pieceLength);
        var accepted = Assert.IsType<MediaResult.Accepted>(result);
        Assert.Equal(input.Length, accepted.BytesIn);
        Assert.Equal(output.Length, accepted.BytesOut);
        Assert.DoesNotContain("SECRET", Encoding.Latin1.GetString(output), StringComparison.Ordinal);
        return (accepted, output);
    }

    public static async Task<MediaResult.Refused> RefuseAsync(byte[] input, MediaLimits? limits = null) =>
        Assert.IsType<MediaResult.Refused>((await RunAsync(input, limits)).Result);

    public static bool Contains(byte[] bytes, ReadOnlySpan<byte> part) => bytes.AsSpan().IndexOf(part) >= 0;
}

/// <summary>A body as it comes off the wire: cannot seek, has no length, gives at most so many bytes at once.</summary>
internal sealed class TrickleStream(byte[] bytes, int pieceLength) : Stream
{
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(Math.Min(pieceLength, buffer.Length), bytes.Length - _position);
        bytes.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Read(buffer.Span));
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
