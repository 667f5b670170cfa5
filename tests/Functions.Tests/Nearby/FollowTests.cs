using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Data.Tables;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Core.Reports;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Nearby;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Reports;
using Serverless940.Functions.Tests.Fixtures;

namespace Serverless940.Functions.Tests.Nearby;

/// <summary>One app whose suggestions are waited for, however busy the machine.</summary>
public sealed class PatientApp : IAsyncLifetime
{
    public AppFixture App { get; private set; } = null!;

    public async Task InitializeAsync() =>
        App = await AppFixture.StartAsync(configure: services => services.AddSingleton(new SuggestionBudget(TimeSpan.FromMinutes(1))));

    public async Task DisposeAsync() => await App.DisposeAsync();
}

/// <summary>Similar reports: shown, followed, joined, separated. Each test has a street of its own.</summary>
public sealed class FollowTests(PatientApp shared) : IClassFixture<PatientApp>
{
    private readonly AppFixture _app = shared.App;
    private readonly CitizenDriver _citizen = new(shared.App);

    [Fact]
    public async Task A_similar_report_is_shown_without_its_number_and_its_follower_hears_every_step_by_his_own_link()
    {
        var (main, token) = await ReportAsync(26.4300, "0500000201");
        var second = await AnswerAsync(26.4301, "0500000202");
        var suggestion = Assert.Single(second.GetProperty("possibleDuplicates").EnumerateArray());
        Assert.Equal(("lighting.pole", 11), (suggestion.GetProperty("category").GetString(), suggestion.GetProperty("distanceMetres").GetInt32()));
        Assert.DoesNotContain(main, second.ToString(), StringComparison.Ordinal);

        using var followed = await FollowAsync(Id(suggestion), "0500000203");
        Assert.Equal(HttpStatusCode.Accepted, followed.StatusCode);
        using var again = await FollowAsync(Id(suggestion), "+966500000203");
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        await _app.QuietAsync();
        using var field = await StaffDriver.SignInAsync(_app, "field");
        await field.DoAsync(main, new { command = "start" });
        await _app.QuietAsync();

        var heard = await _citizen.SmsAsync("+966500000203");
        Assert.Equal(2, heard.Count);
        Assert.All(heard, text => Assert.DoesNotContain(main, text.Text, StringComparison.Ordinal));
        var code = heard[1].Text[^11..];
        Assert.EndsWith("https://940.gov.example/f/" + code, heard[0].Text, StringComparison.Ordinal);
        using var page = await _app.Http.GetAsync("/f/" + code);
        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains("A team started work", html, StringComparison.Ordinal);
        Assert.DoesNotContain(main, html, StringComparison.Ordinal);
        Assert.DoesNotContain("مكسور", html, StringComparison.Ordinal);
        Assert.Equal(1, (await field.ReportAsync(main)).GetProperty("followers").GetInt32());
        Assert.DoesNotContain("raised", await _citizen.StepsAsync(main, token));

        using var gone = await _app.Http.PostAsync($"/f/{code}/unfollow", null);
        Assert.Equal(HttpStatusCode.OK, gone.StatusCode);
        await _app.QuietAsync();
        await field.DoAsync(main, new { command = "hold", reason = "a part", until = _app.Now.AddDays(3) });
        await _app.QuietAsync();
        Assert.Equal(2, (await _citizen.SmsAsync("+966500000203")).Count);
        using var closed = await _app.Http.GetAsync("/f/" + code);
        Assert.Equal(HttpStatusCode.NotFound, closed.StatusCode);
    }

    [Fact]
    public async Task What_is_no_suggestion_or_no_phone_is_refused_field_by_field()
    {
        using var neither = await FollowAsync("26114839271504", "12");
        var problem = await AppFixture.JsonAsync(neither);
        Assert.Equal(HttpStatusCode.BadRequest, neither.StatusCode);
        Assert.Equal(["followId", "phone"], problem.GetProperty("errors").EnumerateObject().Select(member => member.Name).Order());
        using var broken = await _app.Http.PostAsync("/api/followers", new StringContent("{"));
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        var (main, _) = await ReportAsync(26.4310, "0500000211");
        var id = Id(Assert.Single((await AnswerAsync(26.4310, "0500000212")).GetProperty("possibleDuplicates").EnumerateArray()));
        using var landline = await FollowAsync(id, "0138000001");
        Assert.Equal(HttpStatusCode.BadRequest, landline.StatusCode);

        using var dispatcher = await StaffDriver.SignInAsync(_app, "dispatcher");
        await dispatcher.DoAsync(main, new { command = "reject", reason = "nothing there" });
        await _app.QuietAsync();
        using var closed = await FollowAsync(id, "0500000213");
        Assert.Equal(HttpStatusCode.Gone, closed.StatusCode);
        Assert.DoesNotContain(main, (await AnswerAsync(26.4310, "0500000214")).GetProperty("possibleDuplicates").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_finds_his_own_reported_joins_it_and_hears_of_the_main_one()
    {
        var (main, _) = await ReportAsync(26.4320, "0500000221");
        var answer = await AnswerAsync(26.4320, "0500000222");
        var (own, token) = (answer.GetProperty("number").GetString()!, answer.GetProperty("token").GetString()!);
        var id = Id(Assert.Single(answer.GetProperty("possibleDuplicates").EnumerateArray()));
        await _app.QuietAsync();

        using var joined = await _citizen.SendAsync(HttpMethod.Post, $"/api/reports/{own}/duplicate", token, JsonContent.Create(new { followId = id, same = true }));
        Assert.Equal(HttpStatusCode.Accepted, joined.StatusCode);
        await _app.QuietAsync();
        using var field = await StaffDriver.SignInAsync(_app, "field");
        await field.DoAsync(main, new { command = "start" });
        await _app.QuietAsync();

        Assert.Equal("merged", (await _citizen.GetAsync(own, token)).GetProperty("status").GetString());
        var heard = await _citizen.SmsAsync("+966500000222");
        Assert.Equal(3, heard.Count); // received, joined, and that work has begun on the main one
        Assert.Equal(heard[1].Text[^11..], heard[2].Text[^11..]);
        Assert.DoesNotContain(main, heard[2].Text, StringComparison.Ordinal);
        Assert.DoesNotContain(own, (await field.ReportAsync(main)).GetProperty("mergedInto").ToString(), StringComparison.Ordinal);
        Assert.Equal([own], (await field.ReportAsync(main)).GetProperty("merged").EnumerateArray().Select(number => number.GetString()!));
    }

    [Fact]
    public async Task Mine_is_different_is_kept_and_not_suggested_again()
    {
        var (main, _) = await ReportAsync(26.4330, "0500000231");
        var answer = await AnswerAsync(26.4330, "0500000232");
        var (own, token) = (answer.GetProperty("number").GetString()!, answer.GetProperty("token").GetString()!);
        var id = Id(Assert.Single(answer.GetProperty("possibleDuplicates").EnumerateArray()));
        await _app.QuietAsync();
        using var dispatcher = await StaffDriver.SignInAsync(_app, "dispatcher");
        Assert.Equal([main], await SimilarAsync(dispatcher, own));

        using var different = await _citizen.SendAsync(HttpMethod.Post, $"/api/reports/{own}/duplicate", token, JsonContent.Create(new { followId = id, same = false }));
        Assert.Equal(HttpStatusCode.Accepted, different.StatusCode);
        await _app.QuietAsync();

        Assert.Empty(await SimilarAsync(dispatcher, own));
        Assert.Equal("differed", (await _citizen.StepsAsync(own, token))[^1]);
        using var without = await _citizen.SendAsync(HttpMethod.Post, $"/api/reports/{own}/duplicate", token, JsonContent.Create(new { followId = id }));
        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        using var stranger = await _citizen.SendAsync(HttpMethod.Post, $"/api/reports/{main}/duplicate", token, JsonContent.Create(new { followId = id, same = true }));
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }

    [Fact]
    public async Task Two_identical_reports_at_once_are_both_taken_and_each_is_found_beside_the_other()
    {
        var both = await Task.WhenAll(_citizen.ReportAsync(Pole(26.4340, "0500000241")), _citizen.ReportAsync(Pole(26.4340, "0500000242")));
        await _app.QuietAsync();
        using var dispatcher = await StaffDriver.SignInAsync(_app, "dispatcher");

        Assert.NotEqual(both[0].Number, both[1].Number);
        Assert.Equal([both[1].Number], await SimilarAsync(dispatcher, both[0].Number));
        Assert.Equal([both[0].Number], await SimilarAsync(dispatcher, both[1].Number));
        Assert.Equal("assigned", (await _citizen.GetAsync(both[0].Number, both[0].Token)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Two_that_are_merged_into_each_other_at_once_are_never_both_lost()
    {
        var (one, oneToken) = await ReportAsync(26.4350, "0500000251");
        var (two, twoToken) = await ReportAsync(26.4350, "0500000252");
        using var dispatcher = await StaffDriver.SignInAsync(_app, "dispatcher");
        var commands = await Task.WhenAll(
            dispatcher.CommandAsync(one, new { command = "merge", into = two }), dispatcher.CommandAsync(two, new { command = "merge", into = one }));
        await _app.QuietAsync();

        var reports = _app.Services.GetRequiredService<IReportFinder>();
        var states = new[] { (await reports.FindAsync(one, default))!, (await reports.FindAsync(two, default))! };
        Assert.Contains(states, report => report.IsOpen);
        foreach (var merged in states.Where(report => report.MergedInto is not null))
        {
            Assert.Contains(states.Single(report => report.Number == merged.MergedInto).JoinedReports, joined => joined.Number == merged.Number);
        }

        Assert.All(states.SelectMany(report => report.JoinedReports), joined => Assert.NotNull(states.Single(report => report.Number == joined.Number).MergedInto));
        Array.ForEach(commands, command => command.Dispose());
        Assert.NotEqual("closed", (await _citizen.GetAsync(one, oneToken)).GetProperty("status").GetString());
        Assert.NotEqual("closed", (await _citizen.GetAsync(two, twoToken)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Staff_merge_and_unmerge_and_chains_strange_scopes_and_closed_ones_are_refused()
    {
        var (main, _) = await ReportAsync(26.4360, "0500000261");
        var (own, token) = await ReportAsync(26.4360, "0500000262");
        var (third, _) = await ReportAsync(26.4360, "0500000263");
        using var dispatcher = await StaffDriver.SignInAsync(_app, "dispatcher");
        var due = (await dispatcher.ReportAsync(own)).GetProperty("nextEscalationAt").GetDateTimeOffset();

        await dispatcher.DoAsync(own, new { command = "merge", into = main });
        await _app.QuietAsync();
        Assert.Equal("mergeIntoMerged", await RefusedAsync(dispatcher, third, new { command = "merge", into = own }));
        Assert.Equal("mergeOfMain", await RefusedAsync(dispatcher, main, new { command = "merge", into = third }));
        Assert.Equal("mergeIntoItself", await RefusedAsync(dispatcher, third, new { command = "merge", into = third }));
        Assert.Equal("unknownReport", await RefusedAsync(dispatcher, third, new { command = "merge", into = ReportNumber.Derive(ReportNumber.SourceHash("nobody"), 2026) }));
        Assert.Equal([third], await SimilarAsync(dispatcher, main));

        await dispatcher.DoAsync(own, new { command = "unmerge" });
        await _app.QuietAsync();
        var after = await dispatcher.ReportAsync(own);
        Assert.Equal("assigned", after.GetProperty("status").GetString());
        Assert.InRange((after.GetProperty("nextEscalationAt").GetDateTimeOffset() - due).TotalMinutes, 0, 5);
        Assert.Equal(0, (await dispatcher.ReportAsync(main)).GetProperty("followers").GetInt32());
        Assert.Equal(2, (await SimilarAsync(dispatcher, main)).Count);

        using var elsewhere = await StaffDriver.SignInAsync(_app, "dispatcher", "municipality:khobar", "elsewhere");
        var (far, _) = await ReportAsync(26.2172, "0500000264", 50.1971);
        Assert.Equal("notYours", await RefusedAsync(elsewhere, far, new { command = "merge", into = main }));
        await dispatcher.DoAsync(far, new { command = "merge", into = main });
        await _app.QuietAsync();
        Assert.Equal("merged", (await dispatcher.ReportAsync(far)).GetProperty("status").GetString());
        Assert.Contains("unmerged", await _citizen.StepsAsync(own, token));
    }

    [Fact]
    public async Task A_lost_index_is_made_again_from_the_reports()
    {
        var (one, _) = await ReportAsync(26.4370, "0500000271");
        var (two, _) = await ReportAsync(26.4370, "0500000272");
        var tables = _app.Services.GetRequiredService<TableServiceClient>();
        foreach (var name in new[] { Names.Tables.Nearby, Names.Tables.Due })
        {
            var table = tables.GetTableClient(name);
            foreach (var row in table.Query<TableEntity>().Where(row => row.RowKey.EndsWith(one, StringComparison.Ordinal) || row.RowKey.EndsWith(two, StringComparison.Ordinal)).ToList())
            {
                await table.DeleteEntityAsync(row.PartitionKey, row.RowKey);
            }
        }

        using var dispatcher = await StaffDriver.SignInAsync(_app, "dispatcher");
        Assert.Empty(await SimilarAsync(dispatcher, one));
        var rebuild = ActivatorUtilities.CreateInstance<RebuildProjections>(_app.Services);
        await rebuild.RunAsync(new TimerInfo(), CancellationToken.None);

        Assert.Equal([two], await SimilarAsync(dispatcher, one));
        Assert.Contains(tables.GetTableClient(Names.Tables.Due).Query<TableEntity>(), row => row.RowKey.EndsWith(one, StringComparison.Ordinal));
        Assert.Null(await _app.Services.GetRequiredService<ReportDirectory>().CursorAsync(CancellationToken.None));
    }

    private async Task<(string Number, string Token)> ReportAsync(double lat, string phone, double lon = 50.0881)
    {
        var report = await _citizen.ReportAsync(Pole(lat, phone, lon));
        await _app.QuietAsync();
        return report;
    }

    private async Task<JsonElement> AnswerAsync(double lat, string phone)
    {
        using var response = await _citizen.PostAsync(Pole(lat, phone));
        return await AppFixture.JsonAsync(response);
    }

    private Task<HttpResponseMessage> FollowAsync(string followId, string phone) =>
        _app.Http.PostAsJsonAsync("/api/followers", new { followId, phone, language = "en" });

    private static async Task<IReadOnlyList<string>> SimilarAsync(StaffDriver staff, string number) =>
        [.. (await staff.Http.GetFromJsonAsync<JsonElement>($"/api/staff/reports/{number}/similar")).EnumerateArray().Select(found => found.GetProperty("number").GetString()!)];

    private static async Task<string> RefusedAsync(StaffDriver staff, string number, object command)
    {
        using var response = await staff.CommandAsync(number, command);
        return (await AppFixture.JsonAsync(response)).GetProperty("code").GetString()!;
    }

    private static string Id(JsonElement suggestion) => suggestion.GetProperty("followId").GetString()!;

    private static object Pole(double lat, string phone, double lon = 50.0881) => new
    {
        category = "lighting.pole", text = "عمود إنارة مكسور", location = new { lat, lon }, reporter = new { phone, language = "ar" }, channel = "app",
    };
}
