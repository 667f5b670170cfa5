using Serverless940.Core.Messages;

namespace Serverless940.Functions.Channels;

/// <summary>Where a channel keeps the files that citizens send.</summary>
public interface IMediaSource
{
    Channel Channel { get; }

    /// <summary>For how long after it was announced a file may still be on its way to where it is fetched.</summary>
    TimeSpan Settles => TimeSpan.Zero;

    /// <summary>Opens a file as a stream; a fresh address each time.</summary>
    /// <returns><see langword="null"/> when the channel does not have it, or no longer.</returns>
    /// <exception cref="Platform.Bus.TransientFailureException">Not now.</exception>
    /// <exception cref="Platform.Bus.PermanentFailureException">Never: the channel names a place that must not be asked.</exception>
    Task<MediaContent?> OpenAsync(string mediaId, CancellationToken cancellationToken);

    /// <summary>The file is with its report now, or will never be: a channel that kept a copy with us removes it.</summary>
    Task ForgetAsync(string mediaId, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>A file on its way in, and what has to be kept open for it.</summary>
public sealed class MediaContent(Stream stream, IDisposable? source = null) : IAsyncDisposable
{
    public Stream Stream { get; } = stream;

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        source?.Dispose();
    }
}
