using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Azure.Storage.Blobs;
using Serverless940.Local.Azurite;

namespace Serverless940.Contract.Tests.Azurite;

public sealed class AzuriteServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("serverless940-azurite-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_living_azurite_is_adopted_and_a_clean_stop_leaves_no_process()
    {
        var first = await StartAsync();
        var second = await StartAsync();

        Assert.False(first.Adopted);
        Assert.True(second.Adopted);
        Assert.Equal(first.ProcessId, second.ProcessId);
        Assert.Equal(first.ConnectionString, second.ConnectionString);

        await second.StopAsync();
        Assert.False(IsAlive(first.ProcessId));
    }

    [Fact]
    public async Task It_belongs_to_no_process_that_could_take_it_along()
    {
        await using var server = await StartAsync();

        if (OperatingSystem.IsLinux())
        {
            var stat = await File.ReadAllTextAsync($"/proc/{server.ProcessId}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            Assert.NotEqual(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), fields[1]);
            Assert.Equal(server.ProcessId.ToString(CultureInfo.InvariantCulture), fields[3]);
            var output = new FileInfo($"/proc/{server.ProcessId}/fd/1").LinkTarget!;
            Assert.StartsWith(_folder, output, StringComparison.Ordinal);
        }

        Assert.Contains(IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners(), listener =>
            listener.Port == server.TablePort && IPAddress.IsLoopback(listener.Address));
        Assert.DoesNotContain(IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners(), listener =>
            listener.Port == server.TablePort && !IPAddress.IsLoopback(listener.Address));
    }

    [Fact]
    public async Task A_restart_keeps_the_data_and_the_ports()
    {
        var first = await StartAsync();
        var blobs = new BlobContainerClient(first.ConnectionString, "kept");
        await blobs.CreateAsync();
        await blobs.UploadBlobAsync("note", BinaryData.FromString("باق"));
        await first.StopAsync();

        await using var second = await StartAsync();

        Assert.NotEqual(first.ProcessId, second.ProcessId);
        Assert.Equal(first.ConnectionString, second.ConnectionString);
        Assert.Equal("باق", (await blobs.GetBlobClient("note").DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task A_remembered_port_that_somebody_else_took_is_replaced()
    {
        var first = await StartAsync();
        await first.StopAsync();
        using var squatter = new TcpListener(IPAddress.Loopback, first.TablePort);
        squatter.Start();

        await using var second = await StartAsync();

        Assert.NotEqual(first.TablePort, second.TablePort);
    }

    [Fact]
    public async Task A_remembered_process_number_that_belongs_to_somebody_else_is_left_alone()
    {
        var first = await StartAsync();
        await first.StopAsync();
        var file = Path.Combine(_folder, "azurite.json");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace(
            $"\"processId\":{first.ProcessId}", $"\"processId\":{Environment.ProcessId}", StringComparison.Ordinal));

        await using var second = await StartAsync();

        Assert.False(second.Adopted);
    }

    [Fact]
    public async Task Two_starts_at_once_share_one_azurite()
    {
        var both = await Task.WhenAll(StartAsync(), StartAsync());

        Assert.Equal(both[0].ProcessId, both[1].ProcessId);
        await both[0].StopAsync();
    }

    [Fact]
    public async Task Other_accounts_are_not_served_by_a_living_azurite_of_the_same_folder()
    {
        var first = await StartAsync();

        await using var second = await StartAsync("other:c2VjcmV0");

        Assert.False(second.Adopted);
        Assert.False(IsAlive(first.ProcessId));
        Assert.Contains("AccountName=other;AccountKey=c2VjcmV0;", second.ConnectionString, StringComparison.Ordinal);
    }

    private Task<AzuriteServer> StartAsync(string? accounts = null) => AzuriteServer.StartAsync(
        new AzuriteOptions { DataFolder = _folder, AccountsEnv = accounts }, _ => { }, CancellationToken.None);

    private static bool IsAlive(int processId)
    {
        if (OperatingSystem.IsLinux())
        {
            var stat = $"/proc/{processId}/stat";
            return File.Exists(stat) && !File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal);
        }

        return Process.GetProcesses().Any(process => process.Id == processId);
    }
}
