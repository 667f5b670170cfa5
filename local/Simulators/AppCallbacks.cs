using System.Net.Http.Headers;
using System.Text.Json;

namespace Serverless940.Local.Simulators;

/// <summary>Something a provider tells the app.</summary>
/// <param name="Path">The webhook's path.</param>
/// <param name="Body">JSON, exactly as it goes out.</param>
/// <param name="Headers">What proves it: a signature or a secret.</param>
/// <param name="Settled">Called once with the app's last status, when it took the callback or refused it for good.</param>
internal sealed record Callback(string Path, byte[] Body, IReadOnlyDictionary<string, string> Headers, Action<int>? Settled = null);

/// <summary>
/// Posts to the app's webhooks as providers do: from outside, over HTTP, again and again while the app does not answer
/// with success. 400 and 413 are final, as they are for Event Grid.
/// </summary>
internal sealed class AppCallbacks(LocalHostContext context) : IDisposable
{
    private static readonly TimeSpan[] _delays =
        [.. new[] { 0, 0.3, 1, 2, 5, 10, 30, 60, 60, 60 }.Select(TimeSpan.FromSeconds)];

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    private readonly string _folder = Directory.CreateDirectory(Path.Combine(context.DataFolder, "simulators", "callbacks")).FullName;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _gate = new(8);
    private int _fresh;
    private int _taken;

    /// <summary>How many callbacks have not been tried yet, and how many the app has taken.</summary>
    internal (int Fresh, int Taken) State => (Volatile.Read(ref _fresh), Volatile.Read(ref _taken));

    /// <summary>Posts once and answers the app's status.</summary>
    /// <exception cref="HttpRequestException">The app cannot be reached.</exception>
    internal async Task<int> PostAsync(Callback callback, CancellationToken cancellationToken)
    {
        while (context.BaseAddress is null)
        {
            await Task.Delay(50, cancellationToken);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(context.BaseAddress, callback.Path));
        request.Content = new ByteArrayContent(callback.Body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        foreach (var (name, value) in callback.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return (int)response.StatusCode;
    }

    /// <summary>Delivers later, with retries, until the process stops.</summary>
    internal void Deliver(Callback callback)
    {
        Interlocked.Increment(ref _fresh);
        _ = Task.Run(() => DeliverAsync(callback, _stopping.Token));
    }

    /// <summary>Delivers later, over the process's end too: a provider does not forget what it still has to say.</summary>
    internal void DeliverSurely(Callback callback)
    {
        var file = Path.Combine(_folder, Guid.CreateVersion7().ToString("n") + ".json");
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(new Pending(callback.Path, callback.Body, callback.Headers), Wire.Json));
        Deliver(callback with { Settled = _ => File.Delete(file) });
    }

    /// <summary>Takes up what an earlier process was not rid of, oldest first.</summary>
    internal void TakeUp()
    {
        foreach (var file in Directory.GetFiles(_folder, "*.json").Order(StringComparer.Ordinal))
        {
            if (Read(file) is { } pending)
            {
                Deliver(new Callback(pending.Path, pending.Body, pending.Headers, _ => File.Delete(file)));
            }
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _http.Dispose();
    }

    // A file that was being written when the process died was never promised to anyone.
    private static Pending? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Pending>(File.ReadAllBytes(file), Wire.Json);
        }
        catch (JsonException)
        {
            File.Delete(file);
            return null;
        }
    }

    private async Task DeliverAsync(Callback callback, CancellationToken stopping)
    {
        var tried = false;
        try
        {
            foreach (var delay in _delays)
            {
                await Task.Delay(delay, stopping);
                var status = await TryAsync(callback, stopping);
                if (status is >= 200 and < 300)
                {
                    Interlocked.Increment(ref _taken);
                }

                if (status is (>= 200 and < 300) or 400 or 413)
                {
                    callback.Settled?.Invoke(status);
                    return;
                }

                if (!tried)
                {
                    tried = true;
                    Interlocked.Decrement(ref _fresh);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // Stopping: what is durable is delivered by the next start.
        }
        finally
        {
            if (!tried)
            {
                Interlocked.Decrement(ref _fresh);
            }
        }
    }

    /// <summary>The app's status, or 0 when it could not be reached.</summary>
    private async Task<int> TryAsync(Callback callback, CancellationToken stopping)
    {
        await _gate.WaitAsync(stopping);
        try
        {
            return await PostAsync(callback, stopping);
        }
        catch (HttpRequestException)
        {
            return 0;
        }
        catch (TaskCanceledException) when (!stopping.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            _gate.Release();
        }
    }

    private sealed record Pending(string Path, byte[] Body, IReadOnlyDictionary<string, string> Headers);
}
