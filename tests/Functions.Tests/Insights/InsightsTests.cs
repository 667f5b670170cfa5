using System.Globalization;
using System.Net;
using System.Text.Json;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Core.Insights;
using Serverless940.Core.Policies;
using Serverless940.Functions.Insights;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Tests.Shared.Media;

namespace Serverless940.Functions.Tests.Insights;

public sealed class InsightsTests(InsightsApp shared) : IClassFixture<InsightsApp>
{
    private AppFixture App => shared.App;

    [Fact]
    public async Task A_week_of_reports_is_in_the_figures_as_a_separate_count_has_them()
    {
        var citizen = new CitizenDriver(App);
        using var field = await StaffDriver.SignInAsync(App, "field");
        using var verifier = await StaffDriver.SignInAsync(App, "verifier");
        using var department = await StaffDriver.SignInAsync(App, "department");
        using var manager = await StaffDriver.SignInAsync(App, "manager");
        var before = (await FiguresAsync(manager, "")).GetProperty("total").GetProperty("figures");
        var reports = new List<(string Number, string Token)>();
        for (var i = 0; i < 6; i++)
        {
            reports.Add(await citizen.ReportAsync());
        }

        await App.QuietAsync();
        foreach (var (number, token) in reports.Take(2))
        {
            var proof = await field.AttachAsync(number, JpegSample.FromPhone(26.43, 50.1));
            await App.QuietAsync();
            await field.DoAsync(number, new { command = "resolve", note = "new pole", attachmentIds = new[] { proof } });
            await App.QuietAsync();
            await verifier.DoAsync(number, new { command = "verify", confirmed = true });
            await App.QuietAsync();
            (await citizen.RateAsync(number, token, 5, 4)).Dispose();
        }

        await department.DoAsync(reports[2].Number, new { command = "reject", reason = "nothing found" });
        await App.QuietAsync();

        var answer = await FiguresAsync(manager, "?groupBy=municipality");
        var total = answer.GetProperty("total").GetProperty("figures");
        foreach (var (name, more) in new[] { ("received", 6), ("closed", 2), ("closedOfReceived", 2), ("rejected", 1), ("open", 3) })
        {
            Assert.Equal(before.GetProperty(name).GetInt32() + more, total.GetProperty(name).GetInt32());
        }

        Assert.Equal(2, total.GetProperty("satisfaction").GetProperty("response").GetProperty("numerator").GetInt32());
        Assert.Equal(5, total.GetProperty("satisfaction").GetProperty("quality").GetProperty("mean").GetDouble());
        Assert.True(total.GetProperty("details").GetProperty("sms").GetProperty("delivered").GetInt32() >= 3, total.ToString());
        Assert.Equal(Backlog(before) + 3, Backlog(total));
        Assert.Equal(
            total.GetProperty("received").GetInt32(),
            answer.GetProperty("groups").EnumerateArray().Sum(group => group.GetProperty("figures").GetProperty("received").GetInt32()));

        using var open = await App.Http.GetAsync("/api/insights/kpis?groupBy=municipality");
        var told = await AppFixture.JsonAsync(open);
        Assert.Equal(JsonValueKind.Null, told.GetProperty("total").GetProperty("figures").GetProperty("rejected").ValueKind);
        Assert.Equal(JsonValueKind.Null, told.GetProperty("total").GetProperty("figures").GetProperty("satisfaction").ValueKind);
        Assert.Equal(JsonValueKind.Null, told.GetProperty("total").GetProperty("figures").GetProperty("details").ValueKind);
        Assert.Equal(5, told.GetProperty("suppressedBelow").GetInt32());
    }

    [Fact]
    public async Task However_often_and_in_whatever_order_changes_arrive_they_are_counted_once()
    {
        var policy = App.Services.GetRequiredService<Policy>();
        var tables = App.Services.GetRequiredService<TableServiceClient>();
        var random = new Random(940);
        var histories = new Histories(policy, random);
        using var store = new KpiStore(tables);
        using var otherProcess = new KpiStore(tables);
        KpiProjection[] projections = [new(histories, store, policy), new(histories, otherProcess, policy)];
        var period = new KpiPeriod(new DateOnly(2031, 1, 1), new DateOnly(2031, 6, 30));
        var changes = Enumerable.Range(0, 40).SelectMany(i => histories.Live(i.ToString(CultureInfo.InvariantCulture), new DateTimeOffset(2031, 1, 20, 6, 0, 0, TimeSpan.Zero).AddDays(i % 20))).ToList();
        var deliveries = changes.Concat(changes.Where(_ => random.Next(2) == 0)).Concat(changes.Where(_ => random.Next(4) == 0)).OrderBy(_ => random.Next()).ToList();

        await Parallel.ForEachAsync(
            deliveries.Select((change, i) => (change, projections[i % 2])), new ParallelOptions { MaxDegreeOfParallelism = 6 },
            async (delivery, cancellationToken) =>
            {
                // What meets another process too often comes back from the queue.
                for (var again = true; again;)
                {
                    try
                    {
                        await delivery.Item2.ApplyAsync(delivery.change, cancellationToken);
                        again = false;
                    }
                    catch (Azure.RequestFailedException exception) when (exception.Status is 409 or 412)
                    {
                    }
                }
            });

        var counted = new KpiBook();
        foreach (var events in histories.All)
        {
            ReportLife? life = null;
            foreach (var recorded in events)
            {
                (life, var deltas) = new KpiCounter(policy).Count(life, recorded);
                counted.Add(deltas);
            }
        }

        Assert.True(changes.Count > 150);
        AssertSame(counted, await store.ReadAsync(period, period, CancellationToken.None), row => row.Day.Year == 2031);
    }

    [Theory]
    [InlineData("2026-02", "gregorian")]
    [InlineData("1447-10", "hijri")]
    [InlineData("2024-01", "gregorian")]
    public async Task Any_month_by_municipality_costs_at_most_forty_operations(string month, string calendar)
    {
        shared.Log.Clear();
        using var response = await App.Http.GetAsync($"/api/insights/kpis?from={month}&to={month}&calendar={calendar}&groupBy=municipality");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var operations = shared.Log.Of("Kpis");
        Assert.All(operations, name => Assert.Equal("tables query Kpis", name));
        Assert.InRange(operations.Count, 24, 40);
    }

    [Theory]
    [InlineData("kpis?from=2026-03-29&to=2026-03-01", "to")]
    [InlineData("kpis?from=2000-01-01&to=2100-01-01", "to")]
    [InlineData("kpis?from=2026-03-01", "to")]
    [InlineData("kpis?from=x&to=2026-03-01", "from")]
    [InlineData("kpis?groupBy=phone", "groupBy")]
    [InlineData("kpis?groupBy=1", "groupBy")]
    [InlineData("kpis?calendar=mayan", "calendar")]
    [InlineData("kpis?format=xml", "format")]
    [InlineData("bulletin?from=1447-10-07&to=1447-10-01", "to")]
    [InlineData("bulletin?from=1447-13&to=1447-13", "from")]
    [InlineData("bulletin?format=pdf", "format")]
    public async Task What_cannot_be_answered_is_refused_by_its_field(string question, string field)
    {
        using var response = await App.Http.GetAsync("/api/insights/" + question);
        var problem = await AppFixture.JsonAsync(response);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Fact]
    public async Task Who_took_it_in_and_single_days_are_for_managers()
    {
        using var field = await StaffDriver.SignInAsync(App, "field");
        using var manager = await StaffDriver.SignInAsync(App, "manager", new { municipality = "khobar" });
        foreach (var by in new[] { "agentGroup", "priority", "day" })
        {
            using var stranger = await App.Http.GetAsync("/api/insights/kpis?groupBy=" + by);
            Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
            using var staff = await field.Http.GetAsync("/api/insights/kpis?groupBy=" + by);
            Assert.Equal(HttpStatusCode.Forbidden, staff.StatusCode);
            using var allowed = await manager.Http.GetAsync("/api/insights/kpis?groupBy=" + by);
            Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
            Assert.Equal("no-store", allowed.Headers.CacheControl!.ToString());
        }

        var scoped = await FiguresAsync(manager, "?groupBy=municipality");
        Assert.All(scoped.GetProperty("groups").EnumerateArray(), group => Assert.Contains(group.GetProperty("key").GetString(), new[] { "khobar", "unassigned" }));
    }

    [Theory]
    [InlineData("json", "application/json", "\"sentences\"")]
    [InlineData("text", "text/plain", "٩٤٠")]
    [InlineData("svg", "image/svg+xml", "direction=\"rtl\"")]
    [InlineData("html", "text/html", "<html lang=\"ar\" dir=\"rtl\">")]
    [InlineData("csv", "text/csv", "from,to,key,name,received")]
    public async Task The_bulletin_comes_in_every_form(string format, string contentType, string contains)
    {
        using var response = await App.Http.GetAsync($"/api/insights/bulletin?from=1447-10-01&to=1447-10-07&lang=ar&format={format}");
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType!.MediaType);
        Assert.Contains(contains, text, StringComparison.Ordinal);
    }

    private static int Backlog(JsonElement figures) => figures.GetProperty("details").GetProperty("backlog").GetProperty("open").GetInt32();

    private static async Task<JsonElement> FiguresAsync(StaffDriver staff, string query)
    {
        using var response = await staff.Http.GetAsync("/api/insights/kpis" + query);
        return await AppFixture.JsonAsync(response);
    }

    private static void AssertSame(KpiBook expected, KpiBook actual, Func<KpiRow, bool> counts)
    {
        var (left, right) = (Flat(expected, counts), Flat(actual, counts));
        Assert.Empty(left.Except(right));
        Assert.Empty(right.Except(left));
    }

    private static HashSet<(KpiRow, KpiCell, KpiKey, int)> Flat(KpiBook book, Func<KpiRow, bool> counts) =>
        [.. from row in book.Rows where counts(row.Key) from cell in row.Value.Cells from count in row.Value.Of(cell) select (row.Key, cell, count.Key, count.Count)];
}
