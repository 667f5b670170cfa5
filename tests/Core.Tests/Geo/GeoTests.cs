using Serverless940.Core.Geo;

namespace Serverless940.Core.Tests.Geo;

public sealed class GeoTests
{
    private static readonly GeoPoint s_dammam = new(26.4282, 50.0881);

    [Theory]
    [InlineData(57.64911, 10.40744, 11, "u4pruydqqvj")] // the example of the scheme's author
    [InlineData(42.605, -5.603, 5, "ezs42")]
    [InlineData(-25.382708, -49.265506, 12, "6gkzwgjzn820")]
    [InlineData(90, 180, 3, "zzz")]
    [InlineData(-90, -180, 3, "000")]
    public void A_geohash_is_as_published(double lat, double lon, int precision, string expected) =>
        Assert.Equal(expected, Geohash.Encode(new GeoPoint(lat, lon), precision));

    [Fact]
    public void A_cell_holds_its_point_and_its_hash_comes_back_from_its_middle()
    {
        for (var precision = 1; precision <= 12; precision++)
        {
            var hash = Geohash.Encode(s_dammam, precision);
            var (southWest, northEast) = Geohash.Bounds(hash);

            Assert.InRange(s_dammam.Lat, southWest.Lat, northEast.Lat);
            Assert.InRange(s_dammam.Lon, southWest.Lon, northEast.Lon);
            Assert.Equal(hash, Geohash.Encode(new GeoPoint((southWest.Lat + northEast.Lat) / 2, (southWest.Lon + northEast.Lon) / 2), precision));
        }
    }

    [Fact]
    public void Neighbours_touch_and_wrap_around()
    {
        Assert.Equal(["ezefp", "ezefr", "ezefx", "ezs40", "ezs41", "ezs43", "ezs48", "ezs49"], Geohash.Neighbours("ezs42").Order(StringComparer.Ordinal));
        Assert.Contains(Geohash.Encode(new GeoPoint(10, -179.9), 3), Geohash.Neighbours(Geohash.Encode(new GeoPoint(10, 179.9), 3)));
        Assert.Equal(5, Geohash.Neighbours(Geohash.Encode(new GeoPoint(90, 0), 4)).Count);
    }

    [Fact]
    public void A_circle_within_a_cell_is_one_cell_and_at_a_corner_four()
    {
        var (southWest, northEast) = Geohash.Bounds(Geohash.Encode(s_dammam, 5));
        var middle = new GeoPoint((southWest.Lat + northEast.Lat) / 2, (southWest.Lon + northEast.Lon) / 2);

        Assert.Equal([Geohash.Encode(middle, 5)], Geohash.Covering(middle, 75, 5));
        Assert.Equal(4, Geohash.Covering(northEast, 75, 5).Distinct().Count());
        Assert.Equal(Geohash.Encode(northEast, 5), Geohash.Covering(northEast, 75, 5)[0]);
    }

    [Fact]
    public void Cells_around_a_point_hold_everything_that_is_near()
    {
        var random = new Random(940);
        for (var i = 0; i < 2_000; i++)
        {
            var centre = new GeoPoint(25 + (random.NextDouble() * 3), 49 + random.NextDouble());
            var other = new GeoPoint(centre.Lat + ((random.NextDouble() - 0.5) * 0.0016), centre.Lon + ((random.NextDouble() - 0.5) * 0.0016));
            if (centre.DistanceTo(other) <= 75)
            {
                var cells = Geohash.Covering(centre, 75, 5);
                Assert.Contains(Geohash.Encode(other, 5), cells);
                Assert.InRange(cells.Count, 1, 4);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("u4pruydqqvj1w")]
    public void What_is_no_geohash_is_refused(string text) => Assert.Throws<FormatException>(() => Geohash.Bounds(text));

    [Theory]
    [InlineData(26.4282, 50.0881, 26.4282, 50.0881, 0)]
    [InlineData(0, 0, 0, 1, 111_195)]
    [InlineData(26.2172, 50.1971, 26.4207, 50.0888, 25_060)]
    [InlineData(0, 179.9, 0, -179.9, 22_239)]
    public void Distances_are_along_the_great_circle(double lat1, double lon1, double lat2, double lon2, double metres) =>
        Assert.Equal(metres, new GeoPoint(lat1, lon1).DistanceTo(new GeoPoint(lat2, lon2)), Math.Max(1, metres * 0.002));

    [Theory]
    [InlineData("RAAA2919", "RAAA2919")]
    [InlineData(" raaa 2919 ", "RAAA2919")]
    [InlineData("RAAA-٢٩١٩", "RAAA2919")]
    [InlineData("raaa۲۹۱۹", "RAAA2919")]
    [InlineData("\u200FRAAA2919\u200E", "RAAA2919")]
    [InlineData("ＲＡＡＡ２９１９", "RAAA2919")]
    public void A_short_code_is_read_as_people_write_it(string written, string code)
    {
        Assert.True(NationalAddress.TryNormalize(written, out var normalized));
        Assert.Equal(code, normalized);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("RAA2919")]
    [InlineData("RAAA291")]
    [InlineData("RAAA29190")]
    [InlineData("2919RAAA")]
    [InlineData("RÄAA2919")]
    [InlineData("رااا2919")]
    public void What_is_no_short_code_is_refused(string? written) => Assert.False(NationalAddress.TryNormalize(written, out _));
}
