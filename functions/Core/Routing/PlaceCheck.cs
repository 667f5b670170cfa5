using Serverless940.Core.Geo;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Routing;

/// <summary>What is to be thought of a pair of coordinates.</summary>
public enum PlaceVerdict
{
    /// <summary>There is no point.</summary>
    Missing,

    /// <summary>In the served area, or in one that is referred.</summary>
    Accepted,

    /// <summary>No numbers, out of range, or (0,0): a device that did not know.</summary>
    Nowhere,

    /// <summary>Latitude and longitude exchanged: ask back, never turn silently.</summary>
    Swapped,

    /// <summary>A place in another region, another country or far out at sea.</summary>
    OutsideArea,
}

/// <summary>Says at intake whether a point can be one of ours.</summary>
public static class PlaceCheck
{
    public static PlaceVerdict Check(Policy policy, double lat, double lon) => Check(policy, new GeoPoint(lat, lon));

    public static PlaceVerdict Check(Policy policy, GeoPoint? point)
    {
        if (point is not { } given)
        {
            return PlaceVerdict.Missing;
        }

        var index = RoutingIndex.Of(policy);
        var swapped = given.Swapped;
        return !given.IsValid || (Math.Abs(given.Lat) < 0.001 && Math.Abs(given.Lon) < 0.001) ? PlaceVerdict.Nowhere
            : index.Serves(given) ? PlaceVerdict.Accepted
            : swapped.IsValid && index.Serves(swapped) ? PlaceVerdict.Swapped
            : PlaceVerdict.OutsideArea;
    }
}
