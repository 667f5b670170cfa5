using System.Diagnostics;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Core.Insights;
using Serverless940.Functions.Insights;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Policies;
using Serverless940.Functions.Platform.Storage;
using Serverless940.Functions.Tests.Speed;
using Serverless940.Simulator;

namespace Serverless940.Benchmarks;

/// <summary>
/// The articles' total, 121,776 reports, replayed through the core over a year and written as the projection writes them; then a
/// month by municipality, beside the bare queries for the same rows.
/// </summary>
internal static class InsightsBenchmark
{
    private const int Reports = 121_776;
    private static readonly KpiPeriod _month = new(new DateOnly(2011, 11, 27), new DateOnly(2011, 12, 25));

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        var policy = PolicyFolder.Read("policies/eastern-province").Policy ?? throw new InvalidOperationException("The example policy cannot be used.");
        var (app, log) = await OperationLog.StartAsync("EscalationTick", "SweepOutbox");
        await using var _ = app;
        using var __ = log;
        var (store, tables) = (app.Services.GetRequiredService<KpiStore>(), app.Services.GetRequiredService<TableServiceClient>());
        var replayed = await FillAsync(store, policy);
        var question = new KpiQuestionnaire(_month, CalendarKind.Hijri, KpiGroupBy.Municipality);
        var calculator = new KpiCalculator(policy);
        var until = new DateTimeOffset(2012, 7, 3, 0, 0, 0, TimeSpan.FromHours(3));
        var report = await AskAsync();
        log.Clear();
        await AskAsync();
        var operations = log.Operations.Count(operation => operation.Name == "tables query Kpis");
        var pair = await Measure.AlternateAsync(9, () => TimeAsync(AskAsync), () => TimeAsync(() => BareAsync(tables)));
        var over = pair.Ours - pair.Floor;
        return
        [
            new Row($"figures, {replayed:#,0} reports, a Hijri month by municipality", $"{operations} operations", null, null, "<= 40", operations <= 40),
            new Row($"its time, {report.Total.Figures.Received:#,0} reports in the month, {report.Groups.Count} groups", $"{pair.Ours:0} ms", $"{pair.Floor:0} ms bare queries", Row.Text(pair.Ratio), "<= 50 ms over the floor", over <= 50),
        ];

        async Task<KpiReport> AskAsync() => calculator.Answer(await store.ReadAsync(_month, _month.Before(calculator.Hijri), CancellationToken.None), question, until);
    }

    private static async Task<int> FillAsync(KpiStore store, Core.Policies.Policy policy)
    {
        var once = PastRequests.Read(Path.Combine(AppContext.BaseDirectory, "data", "boston311-2011h2.csv.gz"), policy);
        var all = Enumerable.Range(0, 3).SelectMany(round => once.Select(request => request with
        {
            Id = $"{request.Id}-{round}",
            OpenedAt = request.OpenedAt.AddDays(184 * (round % 2)),
            ClosedAt = request.ClosedAt?.AddDays(184 * (round % 2)),
        })).Take(Reports).ToList();
        var until = new DateTimeOffset(2012, 7, 3, 0, 0, 0, TimeSpan.FromHours(3));
        var replayed = 0;
        for (var shard = 0; shard < KpiStore.Shards; shard++)
        {
            var own = all.Where((_, index) => index % KpiStore.Shards == shard).ToList();
            var result = new Simulation(policy, null).Run(own, until, KpiGroupBy.None);
            replayed += result.Requests;
            await store.WriteAsync(result.Book, shard, CancellationToken.None);
        }

        return replayed;
    }

    private static async Task BareAsync(TableServiceClient tables)
    {
        var table = tables.GetTableClient(Names.Tables.Kpis);
        var partitions = new[] { new DateOnly(2011, 10, 1), new DateOnly(2011, 11, 1), new DateOnly(2011, 12, 1) }
            .SelectMany(month => Enumerable.Range(0, KpiStore.Shards).Select(shard => (Partition: Keys.KpiMonth(month, shard), From: Keys.KpiDay(new DateOnly(2011, 10, 28)), To: Keys.KpiDay(_month.To))))
            .Concat(Enumerable.Range(0, KpiStore.Shards).Select(shard => (Partition: Keys.KpiBacklog(shard), From: Keys.KpiDay(DateOnly.MinValue), To: Keys.KpiDay(DateOnly.MaxValue))));
        await Task.WhenAll(partitions.Select(async one =>
        {
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {one.Partition} and RowKey ge {one.From} and RowKey le {one.To}");
            await foreach (var _ in table.QueryAsync<TableEntity>(filter))
            {
            }
        }));
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
