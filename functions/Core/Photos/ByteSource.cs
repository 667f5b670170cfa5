using System.Buffers;
using System.Security.Cryptography;

namespace Serverless940.Core.Photos;

/// <summary>A forward-only reader over a stream of unknown length, in one pooled buffer whose size does not depend on the file.</summary>
internal sealed class ByteSource(Stream stream, MediaLimits limits) : IDisposable
{
    /// <summary>The most that can be looked at in one piece; more than any JPEG segment or Ogg page.</summary>
    public const int MaxWindow = 256 * 1024;

    private const int FirstWindow = 128 * 1024;

    private readonly IncrementalHash? _hash =
        limits.Hashes.HasFlag(MediaHashes.Input) ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstWindow);
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>Bytes taken from the stream so far.</summary>
    public long TotalRead { get; private set; }

    /// <summary>Offset in the file of the first byte of <see cref="Buffered"/>.</summary>
    public long Position => TotalRead - (_end - _start);

    /// <summary>What can be looked at now. Writable, so that a parser can blank bytes before it copies them.</summary>
    public Memory<byte> Buffered => _buffer.AsMemory(_start, _end - _start);

    public byte[]? Hash => _hash?.GetHashAndReset();

    /// <summary>Makes at least <paramref name="count"/> bytes available; false when the file ends before.</summary>
    public ValueTask<bool> TryEnsureAsync(int count, CancellationToken cancellationToken) =>
        _end - _start >= count ? new(true) : FillAsync(count, cancellationToken);

    /// <summary>As <see cref="TryEnsureAsync"/>, but a file that ends before is refused as truncated.</summary>
    public async ValueTask EnsureAsync(int count, string detail, CancellationToken cancellationToken)
    {
        if (!await TryEnsureAsync(count, cancellationToken))
        {
            throw MediaRefusedException.Truncated(detail);
        }
    }

    public void Advance(int count) => _start += count;

    /// <summary>Reads past <paramref name="count"/> bytes.</summary>
    public async ValueTask SkipAsync(long count, string detail, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            await EnsureAsync(1, detail, cancellationToken);
            var step = (int)Math.Min(count, _end - _start);
            Advance(step);
            count -= step;
        }
    }

    /// <summary>Reads the rest and drops it, so that the limit counts the whole body and not only the picture in it.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        while (await TryEnsureAsync(1, cancellationToken))
        {
            _start = _end;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _hash?.Dispose();
    }

    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxWindow);
        MakeRoom(count);
        while (_end - _start < count)
        {
            if (_ended)
            {
                return false;
            }

            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                _ended = true;
                continue;
            }

            _hash?.AppendData(_buffer, _end, read);
            _end += read;
            TotalRead += read;
            if (TotalRead > limits.MaxBytes)
            {
                throw new MediaRefusedException(MediaRefusal.TooLarge, "bytes-over-limit");
            }
        }

        return true;
    }

    private void MakeRoom(int count)
    {
        var held = _end - _start;
        if (count > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(MaxWindow);
            Buffer.BlockCopy(_buffer, _start, larger, 0, held);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, held);
        }

        _start = 0;
        _end = held;
    }
}
