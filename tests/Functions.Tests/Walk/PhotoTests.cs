using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.Functions.Tests.Walk;

public sealed class PhotoTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly AppFixture _app = shared.App;
    private readonly CitizenDriver _citizen = shared.Citizen;

    [Fact]
    public async Task A_photo_inside_the_JSON_gives_the_place_and_loses_its_metadata()
    {
        var photo = JpegSample.FromPhone(26.4282, 50.0881);
        var (number, token) = await _citizen.ReportAsync(new
        {
            text = "حفرة في الشارع",
            reporter = new { phone = "0500000021" },
            attachments = new[] { new { contentType = "image/jpeg", data = Convert.ToBase64String(photo) } },
        });
        await _app.QuietAsync();
        var report = await _citizen.GetAsync(number, token);
        Assert.Equal("central-dammam", report.GetProperty("municipality").GetString());
        await AssertCleanAsync(number, token, photo);
    }

    [Fact]
    public async Task A_multipart_report_with_a_photo_and_a_voice_note_is_taken()
    {
        var photo = JpegSample.FromPhone(26.4282, 50.0881);
        using var form = new MultipartFormDataContent
        {
            { new StringContent("""{"text":"حفرة في الشارع","reporter":{"phone":"0500000022"}}""", Encoding.UTF8, "application/json"), "report" },
            { new ByteArrayContent(photo), "photo", "photo.jpg" },
            { new ByteArrayContent(SoundSample.Mp3Frames(40)), "voice", "voice.mp3" },
        };
        using var response = await _app.Http.PostAsync("/api/reports", form);
        var answer = await AppFixture.JsonAsync(response);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await _app.QuietAsync();
        var (number, token) = (answer.GetProperty("number").GetString()!, answer.GetProperty("token").GetString()!);
        var report = await _citizen.GetAsync(number, token);
        Assert.Equal(["image/jpeg", "audio/mpeg"], report.GetProperty("attachments").EnumerateArray().Select(file => file.GetProperty("contentType").GetString()));
        await AssertCleanAsync(number, token, photo);
    }

    [Fact]
    public async Task A_later_photo_places_and_routes_a_report_that_had_no_place()
    {
        var (number, token) = await _citizen.ReportAsync(new { text = "حفرة في الشارع", reporter = new { phone = "0500000023" } });
        await _app.QuietAsync();
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await _citizen.GetAsync(number, token)).GetProperty("municipality").ValueKind);
        var photo = JpegSample.FromPhone(26.4282, 50.0881);
        using var content = new ByteArrayContent(photo);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var response = await _citizen.SendAsync(HttpMethod.Post, $"/api/reports/{number}/attachments", token, content);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await _app.QuietAsync();
        Assert.Equal("central-dammam", (await _citizen.GetAsync(number, token)).GetProperty("municipality").GetString());
        Assert.Equal(["received", "assigned", "attachmentAdded", "placed", "assigned"], await _citizen.StepsAsync(number, token));
    }

    [Fact]
    public async Task Blob_names_tell_nothing_and_a_refused_file_leaves_none()
    {
        var container = _app.Services.GetRequiredService<BlobServiceClient>().GetBlobContainerClient(Names.Containers.Media);
        var before = await NamesAsync(container);
        var (number, token) = await _citizen.ReportAsync();
        using var content = new ByteArrayContent(JpegSample.FromPhone(26.43, 50.1)[..^40]);
        using var refused = await _citizen.SendAsync(HttpMethod.Post, $"/api/reports/{number}/attachments", token, content);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal(before, await NamesAsync(container));
        Assert.All(before, name => Assert.Matches("^[0-9a-f]{64}$", name));
    }

    private static async Task<List<string>> NamesAsync(BlobContainerClient container)
    {
        var names = new List<string>();
        await foreach (var blob in container.GetBlobsAsync())
        {
            names.Add(blob.Name);
        }

        return names;
    }

    private async Task AssertCleanAsync(string number, string token, byte[] original)
    {
        Assert.True(original.AsSpan().IndexOf(Encoding.ASCII.GetBytes(ExifSample.Secret)) > 0);
        var report = await _citizen.GetAsync(number, token);
        var id = report.GetProperty("attachments")[0].GetProperty("id").GetString();
        using var file = await _citizen.SendAsync(HttpMethod.Get, $"/api/reports/{number}/attachments/{id}", token);
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        Assert.Equal("image/jpeg", file.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", file.Headers.GetValues("X-Content-Type-Options").Single());
        var bytes = await file.Content.ReadAsByteArrayAsync();
        Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(ExifSample.Secret)));
        Assert.Equal(-1, bytes.AsSpan().IndexOf("Exif"u8));
        using var foreign = await _app.Http.GetAsync($"/api/reports/{number}/attachments/{id}");
        Assert.Equal(HttpStatusCode.Unauthorized, foreign.StatusCode);
    }
}
