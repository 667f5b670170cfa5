using Serverless940.Core.Messages;

namespace Serverless940.Functions.Channels;

/// <summary>Where a channel keeps the files that citizens send.</summary>
public interface IMediaSource
{
    Channel Channel { get; }

    /// <summary>Opens a file as a stream; a fresh address each time.</summary>
    /// <returns><see langword="null"/> when the channel does not have it, or no longer.</returns>
    /// <exception cref="Platform.Bus.TransientFailureException">Not now.</exception>
    /// <exception cref="Platform.Bus.PermanentFailureException">Never: the channel names a place that must not be asked.</exception>
    Task<MediaContent?> OpenAsync(string mediaId, CancellationToken cancellationToken);
}

/// <summary>A file on its way in, and the answer that has to be kept open for it.</summary>
public sealed class MediaContent(HttpResponseMessage response, Stream stream) : IAsyncDisposable
{
    public Stream Stream { get; } = stream;

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        response.Dispose();
    }
}
