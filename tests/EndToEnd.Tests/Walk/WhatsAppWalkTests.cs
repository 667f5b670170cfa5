using System.Net;
using System.Text;
using Serverless940.EndToEnd.Tests.Harness;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.EndToEnd.Tests.Walk;

public sealed class WhatsAppWalkTests(RunningApp running) : IClassFixture<RunningApp>
{
    private readonly AppProcess _app = running.App;

    [Fact]
    public async Task A_text_a_photo_and_a_location_in_a_chat_become_a_report_whose_number_comes_in_the_chat_and_by_SMS()
    {
        var citizen = Citizen.New();
        var phone = new WhatsAppPhone(citizen);
        await phone.SayAsync(_app, "عمود الإنارة مكسور أمام المدرسة");
        await _app.QuietAsync();
        // It asks for what is missing, and nothing is a report yet.
        Assert.Contains("الموقع", Assert.Single(await phone.InboxAsync(_app)), StringComparison.Ordinal);
        Assert.Empty(await citizen.SmsAsync(_app));
        await phone.SendPhotoAsync(_app, JpegSample.FromPhone(26.4282, 50.0881));
        await _app.QuietAsync();
        Assert.Empty(await citizen.SmsAsync(_app));
        await phone.PinAsync(_app, 26.4282, 50.0881, "wamid.end-to-end.pin");
        await phone.PinAsync(_app, 26.4282, 50.0881, "wamid.end-to-end.pin");
        await _app.QuietAsync();

        var report = await phone.ReportAsync(_app);
        Assert.Single(await phone.InboxAsync(_app), text => text.Contains(report.Number, StringComparison.Ordinal));
        var view = await Citizen.ReadAsync(_app, report);
        Assert.Equal("assigned", view.GetProperty("status").GetString());
        Assert.False(string.IsNullOrEmpty(view.GetProperty("department").GetString()));
        Assert.EndsWith("-dammam", view.GetProperty("municipality").GetString(), StringComparison.Ordinal);

        var id = Assert.Single(view.GetProperty("attachments").EnumerateArray()).GetProperty("id").GetString();
        using var photo = await Citizen.SendAsync(_app, report, HttpMethod.Get, "/attachments/" + id);
        Assert.Equal(HttpStatusCode.OK, photo.StatusCode);
        Assert.Equal("image/jpeg", photo.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("SECRET", Encoding.Latin1.GetString(await photo.Content.ReadAsByteArrayAsync()), StringComparison.Ordinal);
    }
}
