namespace Serverless940.Core.Geo;

/// <summary>
/// Geohash cells (G. Niemeyer, 2008): bits of longitude and latitude by turns, five to a character. Five characters are
/// about 4.9 km on a side at the equator, seven 150 m.
/// </summary>
public static class Geohash
{
    private const string Alphabet = "0123456789bcdefghjkmnpqrstuvwxyz";

    /// <summary>The cell of a point.</summary>
    /// <param name="precision">Characters, 1 to 12.</param>
    /// <exception cref="ArgumentOutOfRangeException">The precision or the point is out of range.</exception>
    public static string Encode(GeoPoint point, int precision)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, 12);
        if (!point.IsValid)
        {
            throw new ArgumentOutOfRangeException(nameof(point), point, "Not a place on the earth.");
        }

        var (lonBits, latBits) = Bits(precision);
        return FromCell(Cell(point.Lon, -180, 360, lonBits), Cell(point.Lat, -90, 180, latBits), precision);
    }

    /// <summary>The box of a cell: its south-west and north-east corners.</summary>
    /// <exception cref="FormatException">A character is not of the geohash alphabet, or there are none or too many.</exception>
    public static (GeoPoint SouthWest, GeoPoint NorthEast) Bounds(string hash)
    {
        var (lon, lat) = ToCell(hash);
        var (lonBits, latBits) = Bits(hash.Length);
        var width = 360.0 / (1L << lonBits);
        var height = 180.0 / (1L << latBits);
        return (
            new GeoPoint(-90 + (lat * height), -180 + (lon * width)),
            new GeoPoint(-90 + ((lat + 1) * height), -180 + ((lon + 1) * width)));
    }

    /// <summary>The cells around a cell: eight, or five at a pole; longitude wraps.</summary>
    public static IReadOnlyList<string> Neighbours(string hash)
    {
        var (lon, lat) = ToCell(hash);
        var (lonBits, latBits) = Bits(hash.Length);
        var found = new List<string>(8);
        for (var dLat = -1; dLat <= 1; dLat++)
        {
            for (var dLon = -1; dLon <= 1; dLon++)
            {
                var row = lat + dLat;
                if ((dLat, dLon) != (0, 0) && row >= 0 && row < 1L << latBits)
                {
                    found.Add(FromCell((lon + dLon) & ((1L << lonBits) - 1), row, hash.Length));
                }
            }
        }

        return found;
    }

    /// <summary>
    /// The cells that a circle touches, the point's own first. At most four as long as the circle is narrower than a cell.
    /// </summary>
    public static IReadOnlyList<string> Covering(GeoPoint centre, double radiusMetres, int precision)
    {
        var own = Encode(centre, precision);
        ArgumentOutOfRangeException.ThrowIfNegative(radiusMetres);
        var (lonBits, latBits) = Bits(precision);
        var dLat = radiusMetres / GeoPoint.MetresPerDegree;
        var dLon = dLat / Math.Max(0.01, Math.Cos(double.DegreesToRadians(centre.Lat)));
        var south = Cell(Math.Max(-90, centre.Lat - dLat), -90, 180, latBits);
        var north = Cell(Math.Min(90, centre.Lat + dLat), -90, 180, latBits);
        var west = (long)Math.Floor((centre.Lon - dLon + 180) / 360 * (1L << lonBits));
        var east = (long)Math.Floor((centre.Lon + dLon + 180) / 360 * (1L << lonBits));
        if ((north - south + 1) * (east - west + 1) > 1024)
        {
            throw new ArgumentOutOfRangeException(nameof(radiusMetres), radiusMetres, "Too wide for cells this small.");
        }

        var found = new List<string>(4) { own };
        for (var lat = south; lat <= north; lat++)
        {
            for (var lon = west; lon <= east; lon++)
            {
                var cell = FromCell(lon & ((1L << lonBits) - 1), lat, precision);
                if (cell != own)
                {
                    found.Add(cell);
                }
            }
        }

        return found;
    }

    private static (int Lon, int Lat) Bits(int precision) => (((precision * 5) + 1) / 2, precision * 5 / 2);

    private static long Cell(double value, double origin, double span, int bits) =>
        Math.Clamp((long)Math.Floor((value - origin) / span * (1L << bits)), 0, (1L << bits) - 1);

    private static string FromCell(long lon, long lat, int precision)
    {
        var (lonBits, latBits) = Bits(precision);
        return string.Create(precision, (lon, lat, lonBits, latBits), static (span, cell) =>
        {
            var (lonLeft, latLeft) = (cell.lonBits, cell.latBits);
            for (var i = 0; i < span.Length; i++)
            {
                var digit = 0;
                for (var bit = 0; bit < 5; bit++)
                {
                    // Even bits from the left are longitude.
                    var value = ((i * 5) + bit) % 2 == 0 ? cell.lon >> --lonLeft : cell.lat >> --latLeft;
                    digit = (digit << 1) | (int)(value & 1);
                }

                span[i] = Alphabet[digit];
            }
        });
    }

    private static (long Lon, long Lat) ToCell(string hash)
    {
        if (hash.Length is 0 or > 12)
        {
            throw new FormatException("A geohash has 1 to 12 characters.");
        }

        long lon = 0, lat = 0;
        for (var i = 0; i < hash.Length * 5; i++)
        {
            var digit = Alphabet.IndexOf(char.ToLowerInvariant(hash[i / 5]), StringComparison.Ordinal);
            if (digit < 0)
            {
                throw new FormatException("Not a character of a geohash.");
            }

            var bit = (digit >> (4 - (i % 5))) & 1;
            (lon, lat) = i % 2 == 0 ? ((lon << 1) | (long)bit, lat) : (lon, (lat << 1) | (long)bit);
        }

        return (lon, lat);
    }
}
