namespace Serverless940.Core.Geo;

/// <summary>
/// The box around Saudi Arabia, with a little sea. Its latitudes (16 to 33) and longitudes (34 to 56) do not overlap,
/// so a swapped pair is always recognised.
/// </summary>
public static class Kingdom
{
    public const double MinLat = 16;
    public const double MaxLat = 33;
    public const double MinLon = 34;
    public const double MaxLon = 56;

    public static bool Contains(GeoPoint point) =>
        point.Lat is >= MinLat and <= MaxLat && point.Lon is >= MinLon and <= MaxLon;
}
