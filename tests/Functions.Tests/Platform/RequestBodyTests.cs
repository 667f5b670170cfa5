using Microsoft.AspNetCore.Http;
using Serverless940.Functions.Platform.Http;

namespace Serverless940.Functions.Tests.Platform;

public sealed class RequestBodyTests
{
    [Fact]
    public async Task A_body_that_never_ends_is_given_up_with_a_408_and_one_that_comes_is_read_whole()
    {
        var slow = new DefaultHttpContext().Request;
        slow.Body = new Drip([1, 2, 3], ends: false);
        var refused = await Assert.ThrowsAsync<BadHttpRequestException>(
            () => RequestBody.ReadAsync(slow, 100, TimeSpan.FromMilliseconds(50), CancellationToken.None));
        Assert.Equal(StatusCodes.Status408RequestTimeout, refused.StatusCode);

        var whole = new DefaultHttpContext().Request;
        whole.Body = new Drip([1, 2, 3], ends: true);
        Assert.Equal([1, 2, 3], await RequestBody.ReadAsync(whole, 100, TimeSpan.FromMinutes(1), CancellationToken.None));
    }

    [Fact]
    public async Task A_caller_who_hangs_up_is_no_slow_body()
    {
        var request = new DefaultHttpContext().Request;
        request.Body = new Drip([1], ends: false);
        using var gone = new CancellationTokenSource();
        var reading = RequestBody.ReadAsync(request, 100, TimeSpan.FromMinutes(1), gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    /// <summary>A byte at each read; then the end, or nothing more for ever.</summary>
    private sealed class Drip(byte[] bytes, bool ends) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position == Length && !ends)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return await base.ReadAsync(buffer[..1], cancellationToken);
        }
    }
}
