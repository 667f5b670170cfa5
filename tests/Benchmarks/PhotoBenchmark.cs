using System.Globalization;
using System.Net.Http.Headers;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.Benchmarks;

/// <summary>Photos by the front door, cleaned on their way: beside bare uploads of the same bytes.</summary>
internal static class PhotoBenchmark
{
    private const int AtOnce = 4;
    private const int Photos = 60;
    private const int Small = 2 * 1024 * 1024;
    private const int Medium = 9 * 1024 * 1024;
    private const int Large = 18 * 1024 * 1024;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        await using var app = await AppFixture.StartAsync(settings: new Dictionary<string, string?>
        {
            ["AzureWebJobs.HandleReportCommand.Disabled"] = "true",
            ["AzureWebJobs.EscalationTick.Disabled"] = "true",
            ["AzureWebJobs.SweepOutbox.Disabled"] = "true",
            ["AzureWebJobs.EscalationSecondLook.Disabled"] = "true",
        });
        var (number, token) = await new CitizenDriver(app).ReportAsync();
        var photo = Photo(Small);
        var (medium, large) = (Photo(Medium), Photo(Large));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peaks = new[]
        {
            await PeakAsync(app, number, token, photo) - before,
            await PeakAsync(app, number, token, medium) - before,
            await PeakAsync(app, number, token, large) - before,
        };
        await BareAsync(app, photo);
        var pair = await Measure.AlternateAsync(
            5,
            () => Measure.RateOfAsync(AtOnce, Photos, _ => UploadAsync(app, number, token, photo)),
            () => Measure.RateOfAsync(AtOnce, Photos, _ => BareAsync(app, photo)));
        return
        [
            new Row(
                "photo, 2 MB, 4 at once", Row.Text(pair.Ours) + "/s", Row.Text(pair.Floor) + "/s bare uploads", Row.Text(pair.Ratio), ">= 0.5", pair.Ratio >= 0.5),
            new Row(
                "photo, memory of 18 MB, 4 at once", Megabytes(peaks[2]), $"{Megabytes(peaks[1])} of 9 MB, {Megabytes(peaks[0])} of 2 MB",
                Row.Text(peaks[2] / peaks[1]), "<= 1.25", peaks[2] <= peaks[1] * 1.25),
        ];
    }

    private static async Task UploadAsync(AppFixture app, string number, string token, byte[] photo)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/reports/{number}/attachments") { Content = new ByteArrayContent(photo) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var response = await app.Http.SendAsync(request);
        if ((int)response.StatusCode != 202)
        {
            throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
        }
    }

    private static async Task BareAsync(AppFixture app, byte[] photo)
    {
        var container = app.Services.GetRequiredService<BlobServiceClient>().GetBlobContainerClient(Names.Containers.Uploads);
        using var content = new MemoryStream(photo, writable: false);
        await container.GetBlobClient(Guid.NewGuid().ToString("N")).UploadAsync(content, CancellationToken.None);
    }

    /// <summary>The most bytes that are alive at once, pooled buffers included, while four photos go up: the median of several tries.</summary>
    private static async Task<double> PeakAsync(AppFixture app, string number, string token, byte[] photo)
    {
        var peaks = new List<double>();
        for (var round = 0; round < 5; round++)
        {
            var uploads = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => UploadAsync(app, number, token, photo))));
            var peak = 0L;
            while (!uploads.IsCompleted)
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
            }

            await uploads;
            peaks.Add(peak);
        }

        return Measure.Median(peaks);
    }

    private static string Megabytes(double bytes) => (bytes / 1024 / 1024).ToString("0.0", CultureInfo.InvariantCulture) + " MB";

    /// <summary>A photo of this size: its picture data is noise, which nothing on the server looks into.</summary>
    private static byte[] Photo(int bytes)
    {
        var photo = new byte[bytes];
        new Random(940).NextBytes(photo);
        photo.AsSpan().Replace((byte)0xFF, (byte)0xFE);
        byte[] head = [0xFF, 0xD8, .. JpegSample.Jfif, .. JpegSample.Head(4000, 3000)];
        head.CopyTo(photo, 0);
        photo[^2] = 0xFF;
        photo[^1] = 0xD9;
        return photo;
    }
}
