namespace Serverless940.Functions.Tests.Fixtures;

/// <summary>One app for all tests of a class that need no clock of their own; each test has its own report.</summary>
public sealed class SharedApp : IAsyncLifetime
{
    public AppFixture App { get; private set; } = null!;

    public CitizenDriver Citizen => new(App);

    public async Task InitializeAsync() => App = await AppFixture.StartAsync();

    public async Task DisposeAsync() => await App.DisposeAsync();
}
