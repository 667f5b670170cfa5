using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Serverless940.EndToEnd.Tests.Harness;

/// <summary>What a process that ended by itself left behind.</summary>
internal sealed record Ended(int ExitCode, IReadOnlyList<string> Out, IReadOnlyList<string> Error);

/// <summary>The built app as a process of its own, on a free port.</summary>
internal sealed class AppProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _out = new();
    private readonly ConcurrentQueue<string> _error = new();
    private HttpClient? _http;

    private AppProcess(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, string? folder, string? app)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder ?? Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path.Combine(app ?? AppFiles.Folder, AppFiles.Dll));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("WEBSITE_INSTANCE_ID");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(_out, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public IReadOnlyList<string> Out => [.. _out];

    public IReadOnlyList<string> Error => [.. _error];

    /// <summary>Speaks English, so that answers can be read in a failed test.</summary>
    public HttpClient Http => _http ?? throw new InvalidOperationException("The app is not ready.");

    public int Port => Http.BaseAddress!.Port;

    /// <summary>Starts over a data folder with the sample's settings and waits until the app answers that it is well.</summary>
    /// <param name="environment">Settings that win over the file.</param>
    public static Task<AppProcess> StartAsync(AppData data, IReadOnlyDictionary<string, string>? environment = null) =>
        StartAsync(["--port", "0", "--data", data.Folder, "--settings", AppFiles.SampleSettings], environment);

    /// <summary>Starts as given and waits until the app answers that it is well.</summary>
    /// <param name="folder">The working directory.</param>
    /// <param name="app">Where the app lies, when not where it was built.</param>
    public static async Task<AppProcess> StartAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null, string? app = null)
    {
        var process = Launch(arguments, environment, folder, app);
        try
        {
            await process.ReadyAsync();
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Starts and waits for nothing.</summary>
    public static AppProcess Launch(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null, string? app = null) =>
        new(arguments, environment, folder, app);

    /// <summary>Runs to its end.</summary>
    public static async Task<Ended> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        using var process = new AppProcess(arguments, environment, folder, null);
        return await process.EndAsync();
    }

    /// <summary>Completes when the app has said where it listens and says that it is well.</summary>
    public async Task ReadyAsync()
    {
        const string Mark = "Ready on ";
        await Poll.UntilAsync(
            () => Task.FromResult(_process.HasExited || _out.Any(line => line.StartsWith(Mark, StringComparison.Ordinal))), "the app listens", Patience);
        var ready = _out.FirstOrDefault(line => line.StartsWith(Mark, StringComparison.Ordinal));
        Assert.True(ready is not null, string.Join('\n', _error.Concat(_out)));
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(ready[Mark.Length..]),
            Timeout = TimeSpan.FromSeconds(150),
        };
        _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        await Poll.UntilAsync(async () => await HealthAsync() == HttpStatusCode.OK, "the app is well", Patience);
    }

    /// <summary><c>kill -9</c>: nothing is drained, nothing is told.</summary>
    public void Kill()
    {
        _process.Kill();
        Assert.True(_process.WaitForExit(TimeSpan.FromSeconds(30)));
    }

    /// <summary>SIGTERM and nothing more.</summary>
    public void Terminate() => ProcessSignals.Terminate(_process.Id);

    /// <summary>SIGTERM, and the end that follows.</summary>
    public async Task<Ended> StopAsync()
    {
        Terminate();
        return await EndAsync();
    }

    /// <summary>Waits for the end.</summary>
    public async Task<Ended> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return new Ended(_process.ExitCode, Out, Error);
    }

    /// <summary>Moves business time on, and waits until all is quiet.</summary>
    /// <param name="by">ISO 8601.</param>
    public async Task AdvanceAsync(string by)
    {
        using var response = await Http.PostAsJsonAsync("/local/clock", new { advance = by });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until nothing is under way, without moving the clock.</summary>
    public Task QuietAsync() => AdvanceAsync("PT0S");

    /// <summary>Breaks a dependency in this process.</summary>
    public async Task BreakAsync(string target, string mode = "down", string duration = "PT10M")
    {
        using var response = await Http.PostAsJsonAsync("/local/faults", new Dictionary<string, string> { ["target"] = target, ["mode"] = mode, ["for"] = duration });
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.JsonAsync();
    }

    public void Dispose()
    {
        _http?.Dispose();
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static void Take(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }

    private async Task<HttpStatusCode> HealthAsync()
    {
        using var response = await Http.GetAsync("/api/health");
        return response.StatusCode;
    }
}
