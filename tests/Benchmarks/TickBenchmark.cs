using System.Diagnostics;
using Serverless940.Functions.Tests.Speed;

namespace Serverless940.Benchmarks;

/// <summary>A tick of the escalation timer with ten reports due.</summary>
internal static class TickBenchmark
{
    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        var rows = new List<Row>();
        var minute = TimeSpan.FromMinutes(1);
        IReadOnlyList<string>? floor = null;
        await using (var ticks = await TickCounter.StartAsync(calm: TimeSpan.FromHours(1)))
        {
            foreach (var open in (int[])[1_000, 10_000, 100_000])
            {
                await ticks.OpenAsync(open);
                var operations = await ticks.TickAsync(due: 10, after: minute);
                floor ??= operations;
                var started = Stopwatch.GetTimestamp();
                await ticks.TickAsync(due: 10, after: minute);
                rows.Add(new Row(
                    $"tick, 10 due of {Row.Text(open)} open", $"{operations.Count} operations, {Row.Text(Stopwatch.GetElapsedTime(started).TotalMilliseconds)} ms",
                    $"{floor.Count} with 1,000", null, "the same", floor.Order().SequenceEqual(operations.Order())));
            }
        }

        await using (var ticks = await TickCounter.StartAsync(calm: TimeSpan.FromHours(25)))
        {
            await ticks.OpenAsync(1_000);
            var usual = await ticks.TickAsync(due: 10, after: minute);
            var late = await ticks.TickAsync(due: 10, after: TimeSpan.FromDays(1));
            var more = (late.Count - usual.Count) / (double)TickCounter.Shards;
            rows.Add(new Row("tick, after a day's stop", $"{late.Count} operations", $"{usual.Count}", $"+{Row.Text(more)} a shard", "<= +3 a shard", more <= 3));
        }

        return rows;
    }
}
