using System.Buffers;
using System.Security.Cryptography;

namespace Serverless940.Core.Photos;

/// <summary>Gathers small writes into blocks of 64 KB before they reach the caller's stream.</summary>
internal sealed class ByteSink(Stream stream, MediaLimits limits) : IDisposable
{
    private const int Block = 64 * 1024;

    private static readonly ReadOnlyMemory<byte> _zeros = new byte[4096];

    private readonly IncrementalHash? _hash =
        limits.Hashes.HasFlag(MediaHashes.Output) ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Block);
    private int _held;

    public long TotalWritten { get; private set; }

    public byte[]? Hash => _hash?.GetHashAndReset();

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        TotalWritten += bytes.Length;
        if (bytes.Length > _buffer.Length - _held)
        {
            return WriteInBlocksAsync(bytes, cancellationToken);
        }

        bytes.Span.CopyTo(_buffer.AsSpan(_held));
        _held += bytes.Length;
        return default;
    }

    public async ValueTask WriteZerosAsync(long count, CancellationToken cancellationToken)
    {
        for (; count > 0; count -= _zeros.Length)
        {
            await WriteAsync(_zeros[..(int)Math.Min(count, _zeros.Length)], cancellationToken);
        }
    }

    /// <summary>Moves the next <paramref name="count"/> bytes over unchanged.</summary>
    public async ValueTask CopyAsync(ByteSource source, long count, string detail, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            await source.EnsureAsync(1, detail, cancellationToken);
            var step = (int)Math.Min(count, source.Buffered.Length);
            await WriteAsync(source.Buffered[..step], cancellationToken);
            source.Advance(step);
            count -= step;
        }
    }

    /// <summary>Reads past <paramref name="count"/> bytes and writes as many zeros: nothing behind them moves.</summary>
    public async ValueTask BlankAsync(ByteSource source, long count, string detail, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            await source.EnsureAsync(1, detail, cancellationToken);
            var step = (int)Math.Min(count, source.Buffered.Length);
            source.Advance(step);
            await WriteZerosAsync(step, cancellationToken);
            count -= step;
        }
    }

    /// <summary>Hands everything held to the stream. The stream itself is neither flushed nor closed: that is the caller's commit.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_held == 0)
        {
            return;
        }

        _hash?.AppendData(_buffer, 0, _held);
        await stream.WriteAsync(_buffer.AsMemory(0, _held), cancellationToken);
        _held = 0;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _hash?.Dispose();
    }

    private async ValueTask WriteInBlocksAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var step = Math.Min(bytes.Length, _buffer.Length - _held);
            bytes[..step].CopyTo(_buffer.AsMemory(_held));
            _held += step;
            bytes = bytes[step..];
            if (_held == _buffer.Length)
            {
                await FlushAsync(cancellationToken);
            }
        }
    }
}
