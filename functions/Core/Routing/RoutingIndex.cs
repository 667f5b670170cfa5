using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;
using Serverless940.Core.Geo;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Routing;

/// <summary>
/// A policy's boundaries, names and teams, arranged for looking up. Built once per policy value (a few milliseconds),
/// then only read: safe for many threads.
/// </summary>
public sealed class RoutingIndex
{
    /// <summary>Edges that share one box: fewer make the tree deep, more make each visit long.</summary>
    private const int EdgesPerRun = 16;

    private static readonly ConditionalWeakTable<Policy, RoutingIndex> s_byPolicy = [];

    private readonly STRtree<Area> _areas = new();
    private readonly STRtree<Run> _edges = new();
    private readonly IndexedPointInAreaLocator _served;
    private readonly FrozenDictionary<(string Department, string Municipality), string> _teams;
    private readonly double _reachMetres;

    private RoutingIndex(Policy policy)
    {
        _reachMetres = policy.City.NearestWithinMetres;
        _served = Ready(policy.City.Area);
        Names = new PlaceNames(policy);
        _teams = Teams(policy);
        foreach (var municipality in policy.Municipalities.Values)
        {
            if (municipality.Boundary is { } boundary)
            {
                _areas.Insert(boundary.EnvelopeInternal, new Area(municipality, Ready(boundary)));
                AddEdges(municipality, boundary);
            }
        }

        // Built here, because the trees build themselves at the first query, which is not safe for several threads.
        _areas.Build();
        _edges.Build();
    }

    internal PlaceNames Names { get; }

    public static RoutingIndex Of(Policy policy) => s_byPolicy.GetValue(policy, static p => new RoutingIndex(p));

    /// <summary>Whether a point is in the city's area or in one that the city refers.</summary>
    public bool Serves(GeoPoint point)
    {
        var at = new Coordinate(point.Lon, point.Lat);
        return _served.Locate(at) != Location.Exterior || Inside(at).Exists(area => area.ReferTo is not null);
    }

    /// <summary>The municipalities whose boundary holds the point or runs through it; lowest rank first, then by id.</summary>
    public IReadOnlyList<Municipality> Inside(GeoPoint point) => Inside(new Coordinate(point.Lon, point.Lat));

    /// <summary>The municipality whose boundary is nearest, within the city's reach.</summary>
    public (Municipality Municipality, double Metres)? Nearest(GeoPoint point)
    {
        var scale = Math.Cos(double.DegreesToRadians(point.Lat));
        var dLat = _reachMetres / GeoPoint.MetresPerDegree;
        var window = new Envelope(point.Lon - (dLat / scale), point.Lon + (dLat / scale), point.Lat - dLat, point.Lat + dLat);
        (Municipality Municipality, double Metres)? best = null;
        foreach (var run in _edges.Query(window))
        {
            var metres = run.Distance(point, scale);
            if (metres <= _reachMetres
                && (best is not { } b || metres < b.Metres || (metres == b.Metres && Before(run.Municipality, b.Municipality))))
            {
                best = (run.Municipality, metres);
            }
        }

        return best;
    }

    /// <summary>The department's team of the municipality, else its team for everywhere.</summary>
    public string? TeamFor(string? department, string? municipality) =>
        department is null ? null
        : _teams.TryGetValue((department, municipality ?? ""), out var own) ? own
        : _teams.GetValueOrDefault((department, ""));

    private static bool Before(Municipality left, Municipality right) =>
        left.Rank != right.Rank ? left.Rank < right.Rank : string.CompareOrdinal(left.Id, right.Id) < 0;

    private static IndexedPointInAreaLocator Ready(Geometry geometry)
    {
        var locator = new IndexedPointInAreaLocator(geometry);
        _ = locator.Locate(geometry.Coordinate);
        return locator;
    }

    private static FrozenDictionary<(string Department, string Municipality), string> Teams(Policy policy) =>
        policy.Teams.Values
            .GroupBy(team => (team.Department, team.Municipality ?? ""))
            .ToFrozenDictionary(
                group => group.Key,
                group => group.OrderByDescending(t => t.Capacity).ThenBy(t => t.Id, StringComparer.Ordinal).First().Id);

    private List<Municipality> Inside(Coordinate at)
    {
        var found = new List<Municipality>(2);
        foreach (var area in _areas.Query(new Envelope(at)))
        {
            if (area.Locator.Locate(at) != Location.Exterior)
            {
                found.Add(area.Municipality);
            }
        }

        if (found.Count > 1)
        {
            found.Sort((left, right) => Before(left, right) ? -1 : Before(right, left) ? 1 : 0);
        }

        return found;
    }

    private void AddEdges(Municipality municipality, Geometry boundary)
    {
        foreach (var line in NetTopologySuite.Geometries.Utilities.LinearComponentExtracter.GetLines(boundary).OfType<LineString>())
        {
            var points = line.Coordinates;
            for (var from = 0; from < points.Length - 1; from += EdgesPerRun)
            {
                var run = points[from..Math.Min(points.Length, from + EdgesPerRun + 1)];
                var box = new Envelope();
                foreach (var point in run)
                {
                    box.ExpandToInclude(point);
                }

                _edges.Insert(box, new Run(municipality, run));
            }
        }
    }

    private sealed record Area(Municipality Municipality, IndexedPointInAreaLocator Locator);

    /// <summary>Some edges of a boundary in a row.</summary>
    private sealed record Run(Municipality Municipality, Coordinate[] Points)
    {
        /// <summary>Metres to the nearest edge, on the plane that touches the earth at the point: right to 0.1 % at 50 km.</summary>
        public double Distance(GeoPoint from, double scale)
        {
            var best = double.PositiveInfinity;
            var (x1, y1) = Plane(Points[0], from, scale);
            for (var i = 1; i < Points.Length; i++)
            {
                var (x2, y2) = Plane(Points[i], from, scale);
                var (dx, dy) = (x2 - x1, y2 - y1);
                var length = (dx * dx) + (dy * dy);
                var t = length > 0 ? Math.Clamp(-((x1 * dx) + (y1 * dy)) / length, 0, 1) : 0;
                best = Math.Min(best, Math.Pow(x1 + (t * dx), 2) + Math.Pow(y1 + (t * dy), 2));
                (x1, y1) = (x2, y2);
            }

            return Math.Sqrt(best);
        }

        private static (double X, double Y) Plane(Coordinate point, GeoPoint from, double scale) =>
            ((point.X - from.Lon) * GeoPoint.MetresPerDegree * scale, (point.Y - from.Lat) * GeoPoint.MetresPerDegree);
    }
}
