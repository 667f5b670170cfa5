using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Local;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.Functions.Tests.Faults;

/// <summary>A dependency is down for six hours of business time; everything survives, in order, and goes out once.</summary>
public sealed class OutageTests
{
    private const int Hours = 6;
    private static readonly TimeSpan LongEnough = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(FaultMode.Down)]
    [InlineData(FaultMode.Error)]
    public async Task With_SMS_down_for_six_hours_every_text_goes_out_afterwards_once_and_in_order(FaultMode mode)
    {
        await using var lane = await FaultLane.StartAsync();
        lane.App.Local.Faults.Set(FaultTarget.Sms, mode, LongEnough);
        var reports = Enumerable.Range(0, 3).Select(_ => lane.NewCase()).ToList();
        foreach (var report in reports)
        {
            await lane.SubmitAsync(report, FaultStep.Body(report, "lighting.pole"));
        }

        await lane.SettleAsync();
        foreach (var report in reports)
        {
            await lane.CommandAsync(report, "field", new { command = "start" });
            await lane.CommandAsync(report, "field", new { command = "comment", text = "الفرقة في الطريق", @public = true });
        }

        await PassAsync(lane);
        Assert.All(await Task.WhenAll(reports.Select(lane.SmsTagsAsync)), Assert.Empty);

        lane.App.Local.Faults.Clear(FaultTarget.Sms);
        await lane.AdvanceAsync(TimeSpan.FromMinutes(40));
        foreach (var report in reports)
        {
            Assert.Equal([$"{report.Number}|0000001|citizen-sms", $"{report.Number}|0000003|citizen-sms", $"{report.Number}|0000004|citizen-sms"], await lane.SmsTagsAsync(report));
            await lane.VerifyAsync(report, ["received", "assigned", "started", "commented"], ["received", "started", "comment"], due: true);
        }
    }

    [Fact]
    public async Task With_tables_down_for_six_hours_reports_are_taken_all_the_same_and_a_sessions_order_holds()
    {
        await using var lane = await FaultLane.StartAsync("0 0 * * * *");
        var urgent = lane.NewCase();
        await lane.SubmitAsync(urgent, FaultStep.Body(urgent, "roads.manhole"));
        await lane.SettleAsync();

        lane.App.Local.Faults.Set(FaultTarget.Tables, FaultMode.Down, LongEnough);
        var reports = Enumerable.Range(0, 3).Select(_ => lane.NewCase()).ToList();
        foreach (var report in reports)
        {
            await lane.SubmitAsync(report, FaultStep.Body(report, "other.complaint"));
        }

        await SayAsync(lane, urgent, 1, 4);
        await AssertUnavailableAsync(await lane.PostAsync(lane.Command(urgent, "field", new { command = "start" })));
        await AssertUnavailableAsync(await lane.Citizen.SendAsync(HttpMethod.Get, "/api/reports/" + urgent.Number, urgent.Token));
        await UntilHealthAsync(lane, HttpStatusCode.ServiceUnavailable, "tables");
        await PassAsync(lane, async hour => await SayAsync(lane, urgent, 5 + hour, 1));

        lane.App.Local.Faults.Clear(FaultTarget.Tables);
        await UntilHealthAsync(lane, HttpStatusCode.OK);
        await lane.AdvanceAsync(TimeSpan.FromMinutes(65));
        foreach (var report in reports)
        {
            await lane.VerifyAsync(report, ["received", "assigned"], ["received"], due: true);
        }

        var history = await lane.App.Services.GetRequiredService<IReportFinder>().LoadHistoryAsync(urgent.Number, CancellationToken.None);
        Assert.Equal(
            Enumerable.Range(1, 4 + Hours).Select(word => word.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            history.Events.Select(recorded => recorded.Body).OfType<Commented>().Select(comment => comment.Text));
        await lane.VerifyAsync(urgent, ["received", "assigned", "escalated"], ["received"], due: true);
    }

    [Fact]
    public async Task With_blobs_down_for_six_hours_only_files_are_refused()
    {
        await using var lane = await FaultLane.StartAsync();
        var (plain, photographed, earlier) = (lane.NewCase(), lane.NewCase(), lane.NewCase());
        await lane.SubmitAsync(earlier, FaultStep.Body(earlier, "lighting.pole"));
        await lane.SettleAsync();
        lane.App.Local.Faults.Set(FaultTarget.Blobs, FaultMode.Down, LongEnough);
        var photo = JpegSample.FromPhone(26.4282, 50.0881);
        await AssertUnavailableAsync(await lane.PostAsync(FaultLane.Submission(photographed, FaultStep.Body(photographed, "lighting.pole", photo))));
        await AssertUnavailableAsync(await lane.Citizen.SendAsync(
            HttpMethod.Post, $"/api/reports/{earlier.Number}/attachments", earlier.Token, new ByteArrayContent(photo)));
        await lane.SubmitAsync(plain, FaultStep.Body(plain, "lighting.pole"));
        await UntilHealthAsync(lane, HttpStatusCode.ServiceUnavailable, "blobs");
        await PassAsync(lane);
        await lane.VerifyAsync(plain, ["received", "assigned"], ["received"], due: true);
        Assert.Empty(await lane.SmsTagsAsync(photographed));

        lane.App.Local.Faults.Clear(FaultTarget.Blobs);
        await lane.SubmitAsync(photographed, FaultStep.Body(photographed, "lighting.pole", photo));
        await lane.SettleAsync();
        await lane.VerifyAsync(photographed, ["received", "assigned"], ["received"], due: true);
        Assert.Single((await lane.Citizen.GetAsync(photographed.Number, photographed.Token)).GetProperty("attachments").EnumerateArray());
        await lane.VerifyAsync(earlier, ["received", "assigned"], ["received"], due: true);
    }

    [Fact]
    public async Task With_the_bus_down_nothing_is_acknowledged_and_the_same_request_works_afterwards()
    {
        await using var lane = await FaultLane.StartAsync();
        var (report, earlier) = (lane.NewCase(), lane.NewCase());
        await lane.SubmitAsync(earlier, FaultStep.Body(earlier, "lighting.pole"));
        await lane.SettleAsync();
        lane.App.Local.Faults.Set(FaultTarget.Bus, FaultMode.Down, LongEnough);
        await AssertUnavailableAsync(await lane.PostAsync(FaultLane.Submission(report, FaultStep.Body(report, "lighting.pole"))));
        await AssertUnavailableAsync(await lane.PostAsync(lane.Command(earlier, "field", new { command = "start" })));
        await UntilHealthAsync(lane, HttpStatusCode.ServiceUnavailable, "bus", "bus-receive");

        lane.App.Local.Faults.Clear(FaultTarget.Bus);
        await lane.SettleAsync();
        Assert.Empty(await lane.SmsTagsAsync(report));
        await lane.VerifyAsync(earlier, ["received", "assigned"], ["received"], due: true);
        await lane.SubmitAsync(report, FaultStep.Body(report, "lighting.pole"));
        await lane.CommandAsync(earlier, "field", new { command = "start" });
        await lane.SettleAsync();
        await lane.VerifyAsync(report, ["received", "assigned"], ["received"], due: true);
        await lane.VerifyAsync(earlier, ["received", "assigned", "started"], ["received", "started"], due: true);
    }

    /// <summary>Six hours by the hour: whatever fell due within one is tried at its end.</summary>
    private static async Task PassAsync(FaultLane lane, Func<int, Task>? eachHour = null)
    {
        await lane.SettleAsync();
        for (var hour = 0; hour < Hours; hour++)
        {
            await (eachHour?.Invoke(hour) ?? Task.CompletedTask);
            lane.App.Local.Clock.AdvanceTo(lane.App.Now + TimeSpan.FromHours(1));
            await lane.SettleAsync();
        }
    }

    /// <summary>Internal comments, numbered, straight onto the bus: the front door cannot preview a command without tables.</summary>
    private static async Task SayAsync(FaultLane lane, FaultCase report, int first, int count)
    {
        var bus = lane.App.Services.GetRequiredService<BusSender>();
        for (var word = first; word < first + count; word++)
        {
            var id = $"{report.Key}-word-{word}";
            var text = word.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var comment = new Comment(text, false) { Number = report.Number, CommandId = id, At = lane.App.Now, Actor = Actor.System };
            await bus.SendAsync(new OutgoingMessage(Names.Queues.Commands, id, report.Number, comment), CancellationToken.None);
        }
    }

    private static async Task AssertUnavailableAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var problem = await AppFixture.JsonAsync(response);
            Assert.True(response.StatusCode == HttpStatusCode.ServiceUnavailable, problem.ToString());
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        }
    }

    private static async Task UntilHealthAsync(FaultLane lane, HttpStatusCode expected, params string[] ailing)
    {
        // An answer is kept for some seconds.
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (true)
        {
            using var response = await lane.App.Http.GetAsync("/api/health");
            var answer = await AppFixture.JsonAsync(response);
            if (response.StatusCode == expected)
            {
                Assert.Equal(ailing, Ailing(answer));
                return;
            }

            Assert.True(DateTime.UtcNow < deadline, answer.ToString());
            await Task.Delay(200);
        }
    }

    private static IEnumerable<string> Ailing(JsonElement health) =>
        health.GetProperty("checks").EnumerateObject().Where(check => check.Value.GetString() != "ok").Select(check => check.Name);
}
