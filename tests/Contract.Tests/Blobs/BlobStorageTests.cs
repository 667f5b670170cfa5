using System.IO.Pipelines;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Serverless940.Tests.Shared;

namespace Serverless940.Contract.Tests.Blobs;

/// <summary>The official blob client over the stand-in of its one dependency, at Azurite.</summary>
public sealed class BlobStorageTests
{
    [Fact]
    public async Task A_blob_keeps_its_bytes_type_and_metadata()
    {
        var blob = (await ContainerAsync()).GetBlobClient("صورة 1.jpg");
        var content = BinaryData.FromString("محتوى");

        var uploaded = await blob.UploadAsync(content, new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = "image/jpeg" },
            Metadata = new Dictionary<string, string> { ["report"] = "26000000000000" },
        });
        var properties = (await blob.GetPropertiesAsync()).Value;
        var downloaded = (await blob.DownloadContentAsync()).Value.Content;

        Assert.Equal(uploaded.Value.ETag, properties.ETag);
        Assert.Equal("image/jpeg", properties.ContentType);
        Assert.Equal("26000000000000", properties.Metadata["report"]);
        Assert.Equal(content.ToArray().Length, properties.ContentLength);
        Assert.Equal(content.ToArray(), downloaded.ToArray());
        Assert.True((await blob.DeleteIfExistsAsync()).Value);
        Assert.False((await blob.ExistsAsync()).Value);
    }

    [Fact]
    public async Task A_stream_of_unknown_length_is_uploaded_in_blocks()
    {
        var blob = (await ContainerAsync()).GetBlobClient("stream");
        var bytes = new byte[3_000_000];
        new Random(940).NextBytes(bytes);
        var pipe = new Pipe();
        var feeding = FeedAsync();

        await blob.UploadAsync(pipe.Reader.AsStream(), new BlobUploadOptions
        {
            TransferOptions = new() { InitialTransferSize = 256 * 1024, MaximumTransferSize = 256 * 1024, MaximumConcurrency = 1 },
        });
        await feeding;

        Assert.Equal(bytes, (await blob.DownloadContentAsync()).Value.Content.ToArray());

        async Task FeedAsync()
        {
            for (var at = 0; at < bytes.Length; at += 100_000)
            {
                await pipe.Writer.WriteAsync(bytes.AsMemory(at, 100_000));
            }

            await pipe.Writer.CompleteAsync();
        }
    }

    [Fact]
    public async Task Blocks_are_staged_and_committed()
    {
        var blob = (await ContainerAsync()).GetBlockBlobClient("blocks");
        string[] ids = ["a", "b"];
        foreach (var id in ids)
        {
            using var block = new MemoryStream(Encoding.UTF8.GetBytes("block " + id + " "));
            await blob.StageBlockAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(id)), block);
        }

        await blob.CommitBlockListAsync(ids.Select(id => Convert.ToBase64String(Encoding.UTF8.GetBytes(id))));

        Assert.Equal("block a block b ", (await blob.DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task A_blob_is_written_and_read_as_a_stream()
    {
        var blob = (await ContainerAsync()).GetBlockBlobClient("open");
        await using (var writer = await blob.OpenWriteAsync(overwrite: true))
        {
            await writer.WriteAsync(Encoding.UTF8.GetBytes("قطعة "));
            await writer.WriteAsync(Encoding.UTF8.GetBytes("قطعة"));
        }

        using var reader = new StreamReader(await blob.OpenReadAsync());
        Assert.Equal("قطعة قطعة", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Writing_over_a_blob_must_be_asked_for()
    {
        var container = await ContainerAsync();
        await container.UploadBlobAsync("once", BinaryData.FromString("1"));

        var failure = await Assert.ThrowsAsync<Azure.RequestFailedException>(() => container.UploadBlobAsync("once", BinaryData.FromString("2")));

        Assert.Equal((409, "BlobAlreadyExists"), (failure.Status, failure.ErrorCode));
    }

    private static async Task<BlobContainerClient> ContainerAsync()
    {
        var container = new BlobContainerClient((await TestAzurite.GetAsync()).NewAccount(), "c" + Guid.NewGuid().ToString("N"));
        await container.CreateAsync();
        return container;
    }
}
