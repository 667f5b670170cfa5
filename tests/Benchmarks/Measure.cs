using System.Diagnostics;

namespace Serverless940.Benchmarks;

/// <summary>A figure, the floor beside it, and their ratio: medians over rounds that alternate.</summary>
internal readonly record struct Pair(double Ours, double Floor, double Ratio);

internal static class Measure
{
    /// <summary>
    /// Takes both figures turn by turn, so that what else the machine does falls on both; the ratio is that of neighbours.
    /// </summary>
    public static async Task<Pair> AlternateAsync(int rounds, Func<Task<double>> ours, Func<Task<double>> floor)
    {
        var pairs = new List<(double Ours, double Floor)>();
        for (var round = 0; round < rounds; round++)
        {
            var bare = await floor();
            pairs.Add((await ours(), bare));
        }

        return new Pair(
            Median(pairs.Select(pair => pair.Ours)), Median(pairs.Select(pair => pair.Floor)), Median(pairs.Select(pair => pair.Ours / pair.Floor)));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>Operations a second of so many workers that each do one after the other.</summary>
    public static async Task<double> RateAsync(int workers, TimeSpan duration, Func<int, Task> operation)
    {
        var done = 0L;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                await operation(worker);
                Interlocked.Increment(ref done);
            }
        })));
        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Operations a second until so many are done, shared by the workers.</summary>
    public static async Task<double> RateOfAsync(int workers, int count, Func<int, Task> operation)
    {
        var next = -1;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            for (int mine; (mine = Interlocked.Increment(ref next)) < count;)
            {
                await operation(mine);
            }
        })));
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
