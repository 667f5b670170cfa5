namespace Serverless940.EndToEnd.Tests.Harness;

/// <summary>One app for the tests of a class; a test may kill it and start it again over the same data.</summary>
public sealed class RunningApp : IAsyncLifetime
{
    private readonly List<AppProcess> _killed = [];
    private AppProcess? _app;

    internal AppData Data { get; } = new();

    internal AppProcess App => _app ?? throw new InvalidOperationException("No app runs.");

    public Task InitializeAsync() => StartAsync();

    public Task DisposeAsync()
    {
        _app?.Dispose();
        _killed.ForEach(app => app.Dispose());
        Data.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Starts over the same data.</summary>
    internal async Task StartAsync() => _app = await AppProcess.StartAsync(Data);

    /// <summary>Starts when a test before has failed with nothing running.</summary>
    internal Task EnsureAsync() => _app is null ? StartAsync() : Task.CompletedTask;

    /// <summary><c>kill -9</c>; Azurite, which stands for the cloud, must live on.</summary>
    internal void Kill()
    {
        App.Kill();
        _killed.Add(App);
        _app = null;
        Assert.True(Data.AzuriteLives);
    }

    /// <summary><c>kill -9</c> and a fresh start, which must adopt the Azurite that was left.</summary>
    internal async Task KillAndStartAsync()
    {
        var azurite = Data.AzuriteProcessId;
        Kill();
        await StartAsync();
        Assert.Equal(azurite, Data.AzuriteProcessId);
    }
}
