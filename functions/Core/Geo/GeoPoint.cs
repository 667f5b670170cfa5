using System.Globalization;

namespace Serverless940.Core.Geo;

/// <summary>A place on the earth, WGS84.</summary>
/// <param name="Lat">Degrees north, -90 to 90.</param>
/// <param name="Lon">Degrees east, -180 to 180.</param>
public readonly record struct GeoPoint(double Lat, double Lon)
{
    /// <summary>Mean radius of the earth in metres (IUGG R1).</summary>
    public const double EarthRadiusMetres = 6_371_008.8;

    /// <summary>Metres of one degree of latitude.</summary>
    public const double MetresPerDegree = EarthRadiusMetres * Math.PI / 180;

    /// <summary>Whether both are numbers within the range of WGS84.</summary>
    public bool IsValid => Lat is >= -90 and <= 90 && Lon is >= -180 and <= 180;

    /// <summary>Latitude and longitude exchanged, the usual slip of a form or a feed.</summary>
    public GeoPoint Swapped => new(Lon, Lat);

    /// <summary>Metres along the great circle (haversine: exact to half a percent, stable at small distances).</summary>
    public double DistanceTo(GeoPoint other)
    {
        var lat1 = double.DegreesToRadians(Lat);
        var lat2 = double.DegreesToRadians(other.Lat);
        var sinLat = Math.Sin((lat2 - lat1) / 2);
        var sinLon = Math.Sin(double.DegreesToRadians(other.Lon - Lon) / 2);
        var a = (sinLat * sinLat) + (Math.Cos(lat1) * Math.Cos(lat2) * sinLon * sinLon);
        return 2 * EarthRadiusMetres * Math.Asin(Math.Min(1, Math.Sqrt(a)));
    }

    /// <summary>Latitude, longitude with six decimals (a tenth of a metre), invariant.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Lat:0.######},{Lon:0.######}");
}
