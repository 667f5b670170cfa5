using Serverless940.Core.Insights;

namespace Serverless940.Core.Tests.Insights;

public sealed class DurationTests
{
    [Fact]
    public void Every_duration_reads_as_one_within_two_percent_and_from_the_next_bucket_within_five()
    {
        var random = new Random(940);
        for (var i = 0; i < 20_000; i++)
        {
            var minutes = Math.Pow(10, random.NextDouble() * 7);
            var read = DurationBuckets.Middle(DurationBuckets.Of(TimeSpan.FromMinutes(minutes))).TotalMinutes;
            Assert.InRange(read / minutes, 0.98, 1.02);
            var next = DurationBuckets.Middle(DurationBuckets.Of(TimeSpan.FromMinutes(minutes)) + 1).TotalMinutes;
            Assert.InRange(next / minutes, 1, 1 + DurationBuckets.Error);
        }
    }

    [Fact]
    public void The_ends_have_a_bucket_each()
    {
        Assert.Equal(0, DurationBuckets.Of(TimeSpan.Zero));
        Assert.Equal(0, DurationBuckets.Of(TimeSpan.FromSeconds(59)));
        Assert.Equal(1, DurationBuckets.Of(TimeSpan.FromMinutes(1)));
        Assert.Equal(DurationBuckets.Count - 1, DurationBuckets.Of(TimeSpan.FromDays(365 * 90)));
        Assert.Equal(TimeSpan.Zero, DurationBuckets.Middle(0));
    }

    [Fact]
    public void A_median_of_ended_ones_is_the_middle_one()
    {
        var survival = new Survival();
        foreach (var minutes in new[] { 10, 20, 40, 80, 160 })
        {
            survival.AddEnded(DurationBuckets.Of(TimeSpan.FromMinutes(minutes)), 1);
        }

        Assert.InRange(survival.Quantile(0.5)!.Value.TotalMinutes, 40 * 0.95, 40 * 1.05);
        Assert.InRange(survival.Quantile(0.9)!.Value.TotalMinutes, 160 * 0.95, 160 * 1.05);
    }

    [Fact]
    public void What_is_open_makes_the_figures_worse_and_not_better()
    {
        var survival = new Survival();
        var (quick, slow) = (DurationBuckets.Of(TimeSpan.FromHours(1)), DurationBuckets.Of(TimeSpan.FromHours(100)));
        survival.AddEnded(quick, 40);
        Assert.InRange(survival.Quantile(0.5)!.Value.TotalHours, 0.95, 1.05);

        survival.AddWaiting(slow, 60);

        Assert.Null(survival.Quantile(0.5));
        Assert.Equal(60, survival.Waiting);
        // Who has only just come says nothing yet.
        var fresh = new Survival();
        fresh.AddEnded(slow, 40);
        fresh.AddWaiting(quick, 60);
        Assert.InRange(fresh.Quantile(0.5)!.Value.TotalHours, 95, 105);
    }

    [Fact]
    public void Quantiles_are_kaplan_and_meiers_on_random_lives()
    {
        var random = new Random(1958);
        for (var round = 0; round < 200; round++)
        {
            var survival = new Survival();
            var lives = Enumerable.Range(0, random.Next(1, 60)).Select(_ => (Bucket: random.Next(1, 25), Ended: random.Next(3) > 0)).ToList();
            foreach (var (bucket, ended) in lives)
            {
                if (ended)
                {
                    survival.AddEnded(bucket, 1);
                }
                else
                {
                    survival.AddWaiting(bucket, 1);
                }
            }

            foreach (var share in new[] { 0.5, 0.9 })
            {
                Assert.Equal(Exact(lives, share) is { } bucket ? DurationBuckets.Middle(bucket) : null, survival.Quantile(share));
            }
        }
    }

    /// <summary>The estimator as its definition says it: the product over the moments at which something ended.</summary>
    private static int? Exact(List<(int Bucket, bool Ended)> lives, double share)
    {
        var left = 1.0;
        foreach (var moment in lives.Where(life => life.Ended).Select(life => life.Bucket).Distinct().Order())
        {
            left *= 1 - (lives.Count(life => life.Ended && life.Bucket == moment) / (double)lives.Count(life => life.Bucket >= moment));
            if (left <= 1 - share + 1e-9)
            {
                return moment;
            }
        }

        return null;
    }
}
