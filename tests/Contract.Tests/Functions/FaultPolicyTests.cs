using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Local;
using Serverless940.Local.Functions;
using Serverless940.Tests.Shared;

namespace Serverless940.Contract.Tests.Functions;

public class FaultPolicyTests
{
    [Fact]
    public async Task Storage_is_broken_as_the_faults_say_and_whole_again_after()
    {
        await using var host = await StartAsync();
        var blobs = Blobs(host);
        await blobs.CreateBlobContainerAsync("one");

        host.Context.Faults.Set(FaultTarget.Tables, FaultMode.Down, TimeSpan.FromMinutes(5));
        await blobs.GetBlobContainerClient("one").GetPropertiesAsync();

        host.Context.Faults.Set(FaultTarget.Blobs, FaultMode.Error, TimeSpan.FromMinutes(5));
        Assert.Equal(503, (await Assert.ThrowsAsync<RequestFailedException>(() => blobs.GetBlobContainerClient("one").GetPropertiesAsync())).Status);

        host.Context.Faults.Set(FaultTarget.Blobs, FaultMode.Down, TimeSpan.FromMinutes(5));
        Assert.Equal(0, (await Assert.ThrowsAsync<RequestFailedException>(() => blobs.GetBlobContainerClient("one").GetPropertiesAsync())).Status);

        host.Context.Faults.Clear(FaultTarget.Blobs);
        await blobs.GetBlobContainerClient("one").GetPropertiesAsync();
    }

    [Fact]
    public async Task A_killed_host_reaches_storage_no_more()
    {
        var host = await StartAsync();
        var blobs = Blobs(host);
        await blobs.CreateBlobContainerAsync("before");
        await LocalHostControl.KillAsync(host.Host);
        var late = blobs.CreateBlobContainerAsync("after");

        // Another client, of a process that lives, sees that nothing arrived.
        var living = new BlobServiceClient(host.Context.GetSetting("Storage"));
        for (var i = 0; i < 20; i++)
        {
            Assert.False((await living.GetBlobContainerClient("after").ExistsAsync()).Value);
        }

        Assert.False(late.IsCompleted);
    }

    private static async Task<RunningHost> StartAsync() => await RunningHost.StartAsync(
        [typeof(HostStartTests.Ping)], settings: new() { ["Storage"] = (await TestAzurite.GetAsync()).NewAccount() });

    private static BlobServiceClient Blobs(RunningHost host)
    {
        var options = new BlobClientOptions { Retry = { MaxRetries = 0 } };
        foreach (var policy in host.Host.Services.GetServices<HttpPipelinePolicy>())
        {
            options.AddPolicy(policy, HttpPipelinePosition.PerRetry);
        }

        return new BlobServiceClient(host.Context.GetSetting("Storage"), options);
    }
}
