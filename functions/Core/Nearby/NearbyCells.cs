using Serverless940.Core.Geo;

namespace Serverless940.Core.Nearby;

/// <summary>One read of the index: a cell, and the finer cell within it that the circle touches.</summary>
/// <param name="Partition">Geohash of five characters.</param>
/// <param name="Prefix">The finer cell's geohash; it begins with the partition's.</param>
public sealed record NearbyRead(string Partition, string Prefix);

/// <summary>
/// Which cells hold what is near a place. The partition is a cell of about 4.5 km; within it a read is narrowed to the
/// finest cell that is still wider than the circle, so that the circle touches four at most, and mostly one.
/// </summary>
public static class NearbyCells
{
    /// <summary>Characters of a partition's geohash.</summary>
    public const int Partition = 5;

    /// <summary>Characters of a row's geohash: cells of five metres.</summary>
    public const int Row = 9;

    /// <summary>Reads that a circle can need: it meets four cells at a corner.</summary>
    public const int MostReads = 4;

    /// <summary>The reads for a circle, in the order of how much of it they may hold; the centre's own cell first.</summary>
    /// <param name="radiusMetres">At most 2,000, so that cells of five characters are wider than the circle.</param>
    public static IReadOnlyList<NearbyRead> Around(GeoPoint centre, double radiusMetres)
    {
        var precision = Precision(centre, radiusMetres);
        return [.. Geohash.Covering(centre, radiusMetres, precision)
            .OrderBy(cell => DistanceTo(cell, centre))
            .Select(cell => new NearbyRead(cell[..Partition], cell))];
    }

    private static int Precision(GeoPoint centre, double radiusMetres)
    {
        for (var precision = Row; precision > Partition; precision--)
        {
            var (southWest, northEast) = Geohash.Bounds(Geohash.Encode(centre, precision));
            var height = (northEast.Lat - southWest.Lat) * GeoPoint.MetresPerDegree;
            // At the circle's pole-ward edge, where a degree of longitude is shortest.
            var edge = Math.Min(89.9, Math.Abs(centre.Lat) + (radiusMetres / GeoPoint.MetresPerDegree));
            var width = (northEast.Lon - southWest.Lon) * GeoPoint.MetresPerDegree * Math.Cos(double.DegreesToRadians(edge));
            if (Math.Min(height, width) > 2 * radiusMetres)
            {
                return precision;
            }
        }

        return Partition;
    }

    private static double DistanceTo(string cell, GeoPoint point)
    {
        var (southWest, northEast) = Geohash.Bounds(cell);
        return point.DistanceTo(new GeoPoint(
            Math.Clamp(point.Lat, southWest.Lat, northEast.Lat), Math.Clamp(point.Lon, southWest.Lon, northEast.Lon)));
    }
}
