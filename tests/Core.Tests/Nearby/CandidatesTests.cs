using Serverless940.Core.Geo;
using Serverless940.Core.Nearby;
using Serverless940.Core.Policies;
using Serverless940.Core.Tests.Policies;

namespace Serverless940.Core.Tests.Nearby;

public sealed class CandidatesTests
{
    private static readonly GeoPoint s_here = new(26.4282, 50.0881);
    private static readonly DateTimeOffset s_now = new(2026, 3, 29, 6, 0, 0, TimeSpan.Zero);
    private static readonly IntakeRules s_rules = ExamplePolicy.Policy.Intake;

    [Fact]
    public void Kin_near_and_fresh_are_found_the_most_alike_first()
    {
        var found = Find(
            "lighting.pole",
            Report("far", "lighting.pole", metres: 60),
            Report("kin", "lighting.out", metres: 1),
            Report("near", "lighting.pole", metres: 5),
            Report("old", "lighting.pole", metres: 60, days: 20));

        Assert.Equal(["near", "far", "old"], found.Select(candidate => candidate.Report.Number));
        Assert.All(found, candidate => Assert.InRange(candidate.Likeness, 0, 1));
        Assert.Equal(5, found[0].DistanceMetres, 0.1);
    }

    [Fact]
    public void What_is_too_far_too_old_of_another_kind_or_told_apart_is_not_suggested()
    {
        Assert.Empty(Find("lighting.pole", Report("far", "lighting.pole", metres: 76)));
        Assert.Empty(Find("lighting.pole", Report("old", "lighting.pole", metres: 5, days: 31)));
        Assert.Empty(Find("lighting.pole", Report("other", "roads.pothole", metres: 5)));
        Assert.Empty(Find("lighting.pole", Report("apart", "lighting.pole", metres: 5)));
        Assert.Single(Find("lighting.pole", Report("edge", "lighting.pole", metres: 74.9, days: 29.9)));
    }

    [Fact]
    public void The_answer_does_not_depend_on_the_order_of_the_index_and_holds_nobody_twice()
    {
        var random = new Random(7);
        var reports = Enumerable.Range(0, 60).Select(i => Report($"r{i:00}", i % 3 == 0 ? "lighting.out" : "lighting.pole", random.NextDouble() * 90, random.NextDouble() * 35)).ToArray();
        var expected = Find("lighting.pole", reports).Select(candidate => candidate.Report.Number).ToList();

        Assert.Equal(Candidates.Most, expected.Distinct().Count());
        for (var i = 0; i < 20; i++)
        {
            random.Shuffle(reports);
            Assert.Equal(expected, Find("lighting.pole", [.. reports, .. reports]).Select(candidate => candidate.Report.Number));
        }
    }

    private static IReadOnlyList<Candidate> Find(string category, params NearbyReport[] known) => Candidates.Of(known, category, s_here, ["apart"], s_rules, s_now);

    private static NearbyReport Report(string number, string category, double metres, double days = 0) =>
        new(number, category, s_here with { Lat = s_here.Lat + (metres / GeoPoint.MetresPerDegree) }, s_now.AddDays(-days));
}
