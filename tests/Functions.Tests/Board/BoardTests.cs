using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Functions.Board;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.Functions.Tests.Board;

public sealed class BoardTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private AppFixture App => shared.App;

    [Fact]
    public async Task A_report_stands_on_the_board_of_its_municipality_from_its_first_moment_to_its_last()
    {
        var (number, _) = await shared.Citizen.ReportAsync(CitizenDriver.Pole("0500000201"));
        await App.AdvanceAsync(TimeSpan.Zero);
        using var field = await StaffDriver.SignInAsync(App, "field");
        using var verifier = await StaffDriver.SignInAsync(App, "verifier");
        var row = Row(await ListAsync(field, "q=" + number), number);
        Assert.Equal("assigned", row.GetProperty("status").GetString());
        Assert.Equal("central-dammam", row.GetProperty("municipality").GetString());
        Assert.False(row.TryGetProperty("text", out _));

        await field.DoAsync(number, new { command = "start" });
        await App.AdvanceAsync(TimeSpan.Zero);
        Assert.Single((await ListAsync(field, $"municipality=central-dammam&status=inProgress&q={number}")).GetProperty("items").EnumerateArray());
        Assert.Empty((await ListAsync(field, $"status=assigned&q={number}")).GetProperty("items").EnumerateArray());

        var proof = await field.AttachAsync(number, JpegSample.FromPhone(26.4282, 50.0881));
        await App.AdvanceAsync(TimeSpan.Zero);
        await field.DoAsync(number, new { command = "resolve", note = "بُدّل العمود", attachmentIds = new[] { proof } });
        await App.AdvanceAsync(TimeSpan.Zero);
        await verifier.DoAsync(number, new { command = "verify", confirmed = true });
        await App.AdvanceAsync(TimeSpan.Zero);
        Assert.Empty((await ListAsync(field, "q=" + number)).GetProperty("items").EnumerateArray());
        Assert.Equal("closed", Row(await ListAsync(field, "status=closed&q=" + number), number).GetProperty("status").GetString());
    }

    [Fact]
    public async Task What_will_be_late_first_comes_first_and_pages_neither_lose_nor_repeat_a_row()
    {
        foreach (var category in new[] { "parks.trees", "lighting.pole", "cleanliness.bins", "lighting.out" })
        {
            await shared.Citizen.ReportAsync(new
            {
                category, location = new { lat = 26.2172, lon = 50.1971 }, reporter = new { phone = "0500000202" },
            });
        }

        await App.AdvanceAsync(TimeSpan.Zero);
        using var manager = await StaffDriver.SignInAsync(App, "manager");
        var whole = Numbers(await ListAsync(manager, "top=500"));
        Assert.True(whole.Count >= 4);
        var due = (await ListAsync(manager, "top=500")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("dueAt").GetDateTimeOffset()).ToList();
        Assert.Equal(due.Order(), due);

        var paged = new List<string>();
        for (string? next = null; ;)
        {
            var page = await ListAsync(manager, "top=2" + (next is null ? string.Empty : "&next=" + Uri.EscapeDataString(next)));
            paged.AddRange(Numbers(page));
            if (!page.TryGetProperty("next", out var more) || more.ValueKind == JsonValueKind.Null)
            {
                break;
            }

            next = more.GetString();
        }

        Assert.Equal(whole, paged);
    }

    [Fact]
    public async Task A_poll_that_finds_nothing_new_is_not_answered_again_and_one_that_does_is()
    {
        var (number, _) = await shared.Citizen.ReportAsync(CitizenDriver.Pole("0500000203"));
        await App.AdvanceAsync(TimeSpan.Zero);
        using var field = await StaffDriver.SignInAsync(App, "field");
        var path = "/api/staff/reports?municipality=central-dammam&q=" + number;
        using var first = await field.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        // Within the minute, as long as business time stands at the same one.
        Assert.Equal(HttpStatusCode.NotModified, await PollAsync(field, path, first.Headers.ETag!.ToString()));

        await field.DoAsync(number, new { command = "start" });
        await App.AdvanceAsync(TimeSpan.Zero);
        Assert.Equal(HttpStatusCode.OK, await PollAsync(field, path, first.Headers.ETag!.ToString()));
    }

    [Fact]
    public async Task Staff_of_one_municipality_see_no_other_and_may_not_ask_for_it()
    {
        var (number, _) = await shared.Citizen.ReportAsync(CitizenDriver.Pole("0500000204"));
        await App.AdvanceAsync(TimeSpan.Zero);
        using var khobar = await StaffDriver.SignInAsync(App, "department", new { municipality = "khobar" }, "khobar-department");
        Assert.Empty((await ListAsync(khobar, "q=" + number)).GetProperty("items").EnumerateArray());
        using var refused = await khobar.Http.GetAsync("/api/staff/reports?municipality=central-dammam");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("scope", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var nobody = await App.Http.GetAsync("/api/staff/reports");
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
    }

    [Theory]
    [InlineData("municipality=atlantis")]
    [InlineData("department=magic")]
    [InlineData("status=lost")]
    [InlineData("status=3")]
    [InlineData("priority=1")]
    [InlineData("overdue=perhaps")]
    [InlineData("category=lighting.candle")]
    [InlineData("top=0")]
    [InlineData("top=501")]
    [InlineData("escalation=-1")]
    [InlineData("month=202613")]
    [InlineData("next=!!")]
    [InlineData("next=aGVsbG8")]
    public async Task A_filter_that_means_nothing_is_refused_by_name(string query)
    {
        using var manager = await StaffDriver.SignInAsync(App, "manager");
        using var response = await manager.Http.GetAsync("/api/staff/reports?" + query);
        var problem = await AppFixture.JsonAsync(response);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(problem.GetProperty("errors").TryGetProperty(query.Split('=')[0], out _), problem.ToString());
    }

    [Fact]
    public async Task A_change_that_comes_late_or_twice_never_takes_the_board_back()
    {
        var index = App.Services.GetRequiredService<BoardIndex>();
        var now = App.Now;
        var row = new BoardRow(
            "26000000000019", 2, ReportKind.Report, ReportStatus.Assigned, "lighting.pole", Priority.High, Core.Messages.Channel.Web, "khobar", "maintenance",
            null, null, null, 0, now, now, now, now);
        await index.PutAsync(row, CancellationToken.None);
        await index.PutAsync(row with { Version = 4, Municipality = "qatif", Status = ReportStatus.InProgress }, CancellationToken.None);
        await index.PutAsync(row with { Version = 3, Status = ReportStatus.OnHold }, CancellationToken.None);
        await index.PutAsync(row, CancellationToken.None);

        Assert.Equal(ReportStatus.InProgress, (await index.FindAsync(row.Number, CancellationToken.None))!.Status);
        Assert.DoesNotContain(await index.ReadAsync(BoardIndex.OpenPartition("khobar"), CancellationToken.None), other => other.Number == row.Number);
        Assert.Single(await index.ReadAsync(BoardIndex.OpenPartition("qatif"), CancellationToken.None), other => other.Number == row.Number);

        await index.PutAsync(row with { Version = 5, Municipality = "qatif", Status = ReportStatus.Rejected }, CancellationToken.None);
        Assert.DoesNotContain(await index.ReadAsync(BoardIndex.OpenPartition("qatif"), CancellationToken.None), other => other.Number == row.Number);
        Assert.Single(await index.ReadAsync(BoardIndex.FinishedPartition("qatif", BoardIndex.Month(now)), CancellationToken.None), other => other.Number == row.Number);
    }

    [Fact]
    public async Task An_agent_sees_what_a_caller_reported_before_and_nobody_else_does()
    {
        var (number, _) = await shared.Citizen.ReportAsync(CitizenDriver.Pole("0500000205"));
        await App.AdvanceAsync(TimeSpan.Zero);
        using var agent = await StaffDriver.SignInAsync(App, "agent");
        using var answer = await agent.Http.PostAsJsonAsync("/api/staff/callers", new { phone = "0500000205" });
        var caller = await AppFixture.JsonAsync(answer);
        Assert.Equal(number, Assert.Single(caller.GetProperty("reports").EnumerateArray()).GetProperty("number").GetString());
        Assert.Equal("+966500000205", caller.GetProperty("phone").GetString());

        using var field = await StaffDriver.SignInAsync(App, "field");
        Assert.Equal(HttpStatusCode.Forbidden, (await field.Http.PostAsJsonAsync("/api/staff/callers", new { phone = "0500000205" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await agent.Http.PostAsJsonAsync("/api/staff/callers", new { phone = "940" })).StatusCode);
    }

    [Fact]
    public async Task A_call_becomes_a_report_in_one_request_and_the_same_call_again_is_the_same_report()
    {
        using var agent = await StaffDriver.SignInAsync(App, "agent");
        var body = new
        {
            kind = "complaint", category = "cleanliness.bins", text = "الحاوية ممتلئة", callId = "CA00000000000000000000000000000205", fromThisPhone = true,
            location = new { lat = 26.4282, lon = 50.0881 }, reporter = new { phone = "0500000206" },
        };
        using var first = await agent.Http.PostAsJsonAsync("/api/staff/reports", body);
        using var second = await agent.Http.PostAsJsonAsync("/api/staff/reports", body);
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        var number = (await AppFixture.JsonAsync(first)).GetProperty("number").GetString()!;
        Assert.Equal(number, (await AppFixture.JsonAsync(second)).GetProperty("number").GetString());
        await App.AdvanceAsync(TimeSpan.Zero);

        var report = await agent.ReportAsync(number);
        Assert.Equal("phone", report.GetProperty("channel").GetString());
        Assert.True(report.GetProperty("reporter").GetProperty("phoneProven").GetBoolean());
        Assert.Single(await shared.Citizen.SmsAsync("+966500000206"));

        using var field = await StaffDriver.SignInAsync(App, "field");
        Assert.Equal(HttpStatusCode.Forbidden, (await field.Http.PostAsJsonAsync("/api/staff/reports", body)).StatusCode);
        using var odd = await agent.Http.PostAsJsonAsync("/api/staff/reports", new { category = "cleanliness.bins", callId = "x", fromThisPhone = true });
        var errors = (await AppFixture.JsonAsync(odd)).GetProperty("errors");
        Assert.True(errors.TryGetProperty("callId", out _) && errors.TryGetProperty("reporter.phone", out _) && errors.TryGetProperty("location", out _));
        using var word = await agent.Http.PostAsJsonAsync("/api/staff/reports", new { category = "cleanliness.bins", fromThisPhone = "yes" });
        Assert.Equal(HttpStatusCode.BadRequest, word.StatusCode);
        Assert.True((await AppFixture.JsonAsync(word)).GetProperty("errors").TryGetProperty("fromThisPhone", out _));
    }

    private static async Task<JsonElement> ListAsync(StaffDriver staff, string query)
    {
        using var response = await staff.Http.GetAsync("/api/staff/reports?" + query);
        var json = await AppFixture.JsonAsync(response);
        Assert.True(response.StatusCode == HttpStatusCode.OK, json.ToString());
        return json;
    }

    private static async Task<HttpStatusCode> PollAsync(StaffDriver staff, string path, string etag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        using var response = await staff.Http.SendAsync(request);
        return response.StatusCode;
    }

    private static JsonElement Row(JsonElement page, string number) =>
        page.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("number").GetString() == number);

    private static List<string> Numbers(JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("number").GetString()!)];
}
