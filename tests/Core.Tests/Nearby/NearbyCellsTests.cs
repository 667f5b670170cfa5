using Serverless940.Core.Geo;
using Serverless940.Core.Nearby;
using Serverless940.Core.Tests.Policies;

namespace Serverless940.Core.Tests.Nearby;

/// <summary>No similar report is missed for lying on the other side of a line, and no place costs more than four reads.</summary>
public sealed class NearbyCellsTests
{
    /// <summary>The northernmost and southernmost places that are served, the corners between, and the kingdom's own ends.</summary>
    public static TheoryData<double, double> Places
    {
        get
        {
            var area = ExamplePolicy.Policy.City.Area.EnvelopeInternal;
            return new TheoryData<double, double>
            {
                { area.MaxY, area.MinX }, { area.MaxY, area.MaxX }, { area.MinY, area.MinX }, { area.MinY, area.MaxX },
                { 26.4282, 50.0881 }, { Kingdom.MinLat, Kingdom.MinLon }, { Kingdom.MaxLat, Kingdom.MaxLon },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Whatever_lies_within_the_circle_lies_in_a_read_also_at_borders_and_corners(double lat, double lon)
    {
        var random = new Random(940);
        foreach (var radius in new[] { 1.0, 75, 300, 2_000 })
        {
            for (var i = 0; i < 400; i++)
            {
                var centre = NearABorder(new GeoPoint(lat, lon), radius, random);
                var reads = NearbyCells.Around(centre, radius);

                Assert.InRange(reads.Count, 1, NearbyCells.MostReads);
                Assert.Equal(reads.Count, reads.Distinct().Count());
                Assert.StartsWith(reads[0].Prefix, Geohash.Encode(centre, NearbyCells.Row), StringComparison.Ordinal);
                Assert.All(reads, read => Assert.StartsWith(read.Partition, read.Prefix, StringComparison.Ordinal));
                var other = Within(centre, radius, random);
                var cell = Geohash.Encode(other, NearbyCells.Row);
                Assert.True(
                    reads.Any(read => cell[..NearbyCells.Partition] == read.Partition && cell.StartsWith(read.Prefix, StringComparison.Ordinal)),
                    $"{other} lies {centre.DistanceTo(other)} m from {centre} and in none of {string.Join(' ', reads)}");
            }
        }
    }

    [Fact]
    public void Most_places_cost_one_read_and_a_corner_of_four_partitions_four()
    {
        var random = new Random(1);
        var ones = Enumerable.Range(0, 1_000)
            .Count(_ => NearbyCells.Around(new GeoPoint(26 + random.NextDouble(), 49.5 + random.NextDouble()), 75).Count == 1);
        Assert.InRange(ones, 600, 1_000);

        var (corner, _) = Geohash.Bounds(Geohash.Encode(new GeoPoint(26.4282, 50.0881), NearbyCells.Partition));
        Assert.Equal(4, NearbyCells.Around(corner, 75).Select(read => read.Partition).Distinct().Count());
    }

    [Fact]
    public void The_cells_that_hold_most_of_the_circle_are_read_first()
    {
        var (southWest, northEast) = Geohash.Bounds(Geohash.Encode(new GeoPoint(26.4282, 50.0881), NearbyCells.Partition));
        // Ten metres from the eastern border, sixty from the southern one.
        var place = new GeoPoint(southWest.Lat + (60 / GeoPoint.MetresPerDegree), northEast.Lon - (10 / GeoPoint.MetresPerDegree));

        var reads = NearbyCells.Around(place, 75);

        Assert.Equal(4, reads.Count);
        Assert.Equal(Geohash.Encode(place with { Lon = northEast.Lon + 0.0001 }, NearbyCells.Partition), reads[1].Partition);
    }

    // On a line, beside it by less than the circle, or just anywhere; of any fineness of cell.
    private static GeoPoint NearABorder(GeoPoint around, double radius, Random random)
    {
        var place = new GeoPoint(around.Lat + ((random.NextDouble() - 0.5) * 0.2), around.Lon + ((random.NextDouble() - 0.5) * 0.2));
        var (southWest, northEast) = Geohash.Bounds(Geohash.Encode(place, random.Next(NearbyCells.Partition, NearbyCells.Row)));
        double Beside(double line) => random.Next(3) == 0 ? line : line + ((random.NextDouble() - 0.5) * 2 * radius / GeoPoint.MetresPerDegree);
        return new GeoPoint(
            random.Next(3) switch { 0 => place.Lat, 1 => Beside(southWest.Lat), _ => Beside(northEast.Lat) },
            random.Next(3) switch { 0 => place.Lon, 1 => Beside(southWest.Lon), _ => Beside(northEast.Lon) });
    }

    private static GeoPoint Within(GeoPoint centre, double radius, Random random)
    {
        while (true)
        {
            var span = 2.4 * radius / GeoPoint.MetresPerDegree;
            var other = new GeoPoint(centre.Lat + ((random.NextDouble() - 0.5) * span), centre.Lon + ((random.NextDouble() - 0.5) * span));
            if (centre.DistanceTo(other) <= radius)
            {
                return other;
            }
        }
    }
}
