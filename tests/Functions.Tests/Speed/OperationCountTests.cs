using Serverless940.Core.Geo;
using Serverless940.Core.Nearby;
using Serverless940.Functions.Tests.Fixtures;

namespace Serverless940.Functions.Tests.Speed;

/// <summary>What a step costs in operations: the figures that no machine changes.</summary>
public sealed class OperationCountTests
{
    private static readonly string[] _timers = ["EscalationTick", "EscalationSecondLook", "SweepOutbox"];

    [Fact]
    public async Task Accepting_a_report_is_one_send_and_at_most_two_reads_beside_it()
    {
        var (app, log) = await OperationLog.StartAsync([.. _timers, "HandleReportCommand"]);
        await using var _ = app;
        using var __ = log;
        var (southWest, northEast) = Geohash.Bounds(Geohash.Encode(new GeoPoint(26.4282, 50.0881), NearbyCells.Partition + 1));
        await ReportAsync(new GeoPoint((southWest.Lat + northEast.Lat) / 2, (southWest.Lon + northEast.Lon) / 2));
        Assert.Equal(["bus send commands", "tables query Nearby"], Own(log));
        // At the corner of four cells there would be four to read: the answer makes do with the two nearest.
        log.Clear();
        Assert.Equal(4, NearbyCells.Around(southWest, 75).Count);
        await ReportAsync(southWest);
        Assert.Equal(["bus send commands", "tables query Nearby", "tables query Nearby"], Own(log));

        Task ReportAsync(GeoPoint place) => new CitizenDriver(app).ReportAsync(new { category = "lighting.pole", location = new { lat = place.Lat, lon = place.Lon } });

        static IEnumerable<string> Own(OperationLog log) => log.Operations.Where(operation => !IsWaiting(operation))
            .Select(operation => operation.Function == "SubmitReport" ? operation.Name : operation.ToString());
    }

    [Fact]
    public async Task The_path_from_the_request_to_the_text_holds_these_operations_and_no_others()
    {
        var (app, log) = await OperationLog.StartAsync(_timers);
        await using var _ = app;
        using var __ = log;
        await new CitizenDriver(app).ReportAsync();
        await app.QuietAsync();
        var (path, beside) = CausalPath.Of(log);
        Assert.Equal(
            [
                "bus send commands",
                "bus deliver commands", "bus read session state commands",
                "tables upsert Hints", "tables query Reports", "tables upsert Links", "tables transaction Reports",
                "bus send notifications",
                "bus deliver notifications", "bus read session state notifications",
                "tables query Reporters", "tables add Reporters", "tables add Notifications", "sms send",
            ],
            path.Select(operation => operation.Name));
        Assert.True(path.Count <= CausalPath.Limit);
        Assert.Equal(
            [
                "bus complete changes", "bus read session state changes",
                // The board's row, the month's counts and the backlog's.
                "tables query Kpis", "tables query Kpis", "tables read Board",
                "tables transaction Board", "tables transaction Kpis", "tables transaction Kpis",
                "tables upsert Board", "tables upsert Directory", "tables upsert Due", "tables upsert Nearby", "tables upsert Reporters",
            ],
            beside.Where(operation => operation.Function == "ProjectChange").Select(operation => operation.Name).Order(StringComparer.Ordinal));
        Assert.Single(await new CitizenDriver(app).SmsAsync());
    }

    [Fact]
    public async Task A_step_of_a_call_costs_two_operations_at_most()
    {
        var (app, log) = await OperationLog.StartAsync(_timers);
        await using var _ = app;
        using var __ = log;
        var call = new Channels.CallDriver(app, "+966500000009");
        async Task<string> CostOf(Func<Task> step)
        {
            log.Clear();
            await step();
            return string.Join(" + ", log.Of("VoiceWebhook"));
        }

        Assert.Equal("tables read Conversations", await CostOf(call.DialAsync));
        const string Kept = "bus send inbound";
        string[] expected = [Kept, "", Kept, "", "", Kept];
        string[] keys = ["1", "1", "3", "1", "732121212919", "1"];
        for (var step = 0; step < keys.Length; step++)
        {
            Assert.Equal(expected[step], await CostOf(() => call.PressAsync(keys[step])));
        }

        Assert.Equal(Kept, await CostOf(() => call.SpeakAsync()));
        var number = call.Number;
        await app.QuietAsync();
        Assert.Equal("", await CostOf(() => call.PressAsync("*")));
        Assert.Equal("", await CostOf(() => call.PressAsync("3")));
        Assert.Equal("tables read Reports + " + Kept, await CostOf(() => call.PressAsync(number)));
        Assert.Equal(Kept, await CostOf(() => call.SpeakAsync()));
        Assert.Equal(Kept, await CostOf(call.HangUpAsync));
    }

    [Fact]
    public async Task A_tick_with_ten_due_costs_the_same_with_a_thousand_and_with_twenty_thousand_open()
    {
        await using var ticks = await TickCounter.StartAsync(calm: TimeSpan.FromHours(1));
        await ticks.OpenAsync(1_000);
        var few = await ticks.TickAsync(due: 10, after: TimeSpan.FromMinutes(1));
        await ticks.OpenAsync(20_000);
        var many = await ticks.TickAsync(due: 10, after: TimeSpan.FromMinutes(1));
        string[] expected =
        [
            "bus send commands", .. Enumerable.Repeat("tables query Due", 1 + TickCounter.Shards), "tables transaction Due",
        ];
        Assert.Equal(expected, few.Order(StringComparer.Ordinal));
        Assert.Equal(expected, many.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task After_a_stop_of_a_day_a_tick_costs_at_most_three_more_a_shard()
    {
        await using var ticks = await TickCounter.StartAsync(calm: TimeSpan.FromHours(25));
        await ticks.OpenAsync(1_000);
        var usual = await ticks.TickAsync(due: 10, after: TimeSpan.FromMinutes(1));
        var late = await ticks.TickAsync(due: 10, after: TimeSpan.FromDays(1));
        Assert.InRange(late.Count - usual.Count, 0, 3 * TickCounter.Shards);
    }

    private static bool IsWaiting(Operation operation) =>
        operation.Function == OperationLog.Host && operation.Name.Split(' ')[1] is "accept" or "receive";
}
