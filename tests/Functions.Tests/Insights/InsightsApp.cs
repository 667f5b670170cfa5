using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Functions.Tests.Speed;

namespace Serverless940.Functions.Tests.Insights;

/// <summary>One app for all tests on figures, its storage operations counted.</summary>
public sealed class InsightsApp : IAsyncLifetime
{
    public AppFixture App { get; private set; } = null!;

    public OperationLog Log { get; private set; } = null!;

    public async Task InitializeAsync() => (App, Log) = await OperationLog.StartAsync("EscalationTick", "SweepOutbox");

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        Log.Dispose();
    }
}
