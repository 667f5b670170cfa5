using System.Net;
using System.Net.Http.Headers;

namespace Serverless940.EndToEnd.Tests.Harness;

/// <summary>A body that stops part of the way until it is told to go on.</summary>
internal sealed class SlowUpload : HttpContent
{
    private readonly byte[] _bytes;
    private readonly int _pauseAfter;
    private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SlowUpload(byte[] bytes, int pauseAfter)
    {
        (_bytes, _pauseAfter) = (bytes, pauseAfter);
        Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
    }

    /// <summary>Completes when the first part is with the system.</summary>
    public Task Paused => _paused.Task;

    public void GoOn() => _goOn.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(_bytes.AsMemory(0, _pauseAfter));
        await stream.FlushAsync();
        _paused.TrySetResult();
        await _goOn.Task;
        await stream.WriteAsync(_bytes.AsMemory(_pauseAfter));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
