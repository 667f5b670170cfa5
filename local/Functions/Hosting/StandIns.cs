using Serverless940.Local.Azurite;

namespace Serverless940.Local.Functions;

/// <summary>The services that stand beside the host on one machine: Azurite and the bus.</summary>
internal sealed class StandIns(LocalHostBuilder builder)
{
    private const string DevelopmentStorage = "UseDevelopmentStorage=true";
    private static readonly string[] StorageSettings = ["Storage", "AzureWebJobsStorage"];

    private Task<AzuriteServer>? _azurite;

    /// <summary>Begins what is needed; nothing waits for it yet.</summary>
    public void Begin()
    {
        var emulated = StorageSettings.Where(name => builder.Web.Configuration[name] == DevelopmentStorage).ToList();
        if (emulated.Count > 0)
        {
            _azurite = Task.Run(StartAzuriteAsync);
            var connection = ConnectionAsync(_azurite);
            foreach (var name in emulated)
            {
                builder.HostSettings.SetPending(name, connection);
            }
        }
    }

    /// <summary>Completes when everything begun is up.</summary>
    public async Task ReadyAsync()
    {
        if (_azurite is not null)
        {
            await _azurite;
        }
    }

    /// <summary>The clean end.</summary>
    public async Task StopAsync()
    {
        if (_azurite is { IsCompletedSuccessfully: true })
        {
            await (await _azurite).StopAsync(CancellationToken.None);
        }
    }

    private static async Task<string> ConnectionAsync(Task<AzuriteServer> azurite) => (await azurite).ConnectionString;

    private async Task<AzuriteServer> StartAzuriteAsync()
    {
        try
        {
            return await AzuriteServer.StartAsync(
                new AzuriteOptions { DataFolder = builder.Context.DataFolder }, Console.Out.WriteLine, CancellationToken.None);
        }
        catch (AzuriteException exception)
        {
            throw new LocalHostException(exception.Message, exception);
        }
    }
}
