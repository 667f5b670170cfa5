using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Valid;
using Serverless940.Core.Geo;

namespace Serverless940.Core.Policies;

/// <summary>
/// A GeoJSON geometry (RFC 7946: Polygon or MultiPolygon, positions are [longitude, latitude]) into a valid WGS84
/// polygon; what is wrong is told at the line of the nearest position.
/// </summary>
internal static class GeoJsonReader
{
    private static readonly GeometryFactory s_factory = new(new PrecisionModel(), 4326);

    private static readonly Dictionary<string, int> s_types = new() { ["Polygon"] = 2, ["MultiPolygon"] = 3 };

    /// <returns>The geometry, or <see langword="null"/> when something was wrong with it.</returns>
    public static Geometry? Read(PolicyNode node, PolicyErrors errors)
    {
        var before = errors.Count;
        var scope = new PolicyScope(node, errors);
        if (!scope.IsObject)
        {
            return null;
        }

        var depth = scope.Choice("type", s_types);
        var coordinates = scope.Required("coordinates", NodeKind.Array);
        scope.Done();
        if (coordinates is null || errors.Count > before)
        {
            return null;
        }

        var positions = new List<PolicyNode>();
        var polygons = depth == 2
            ? [Polygon(coordinates, scope, positions)]
            : coordinates.Items.ConvertAll(item => Polygon(item, scope, positions));
        if (polygons.Count == 0)
        {
            errors.Add(coordinates, "the geometry has no polygon");
        }

        if (errors.Count > before)
        {
            return null;
        }

        Geometry geometry = depth == 2 ? polygons[0]! : s_factory.CreateMultiPolygon([.. polygons.Select(p => p!)]);
        return Valid(geometry, positions, errors) ? geometry : null;
    }

    private static Polygon? Polygon(PolicyNode node, PolicyScope scope, List<PolicyNode> positions)
    {
        if (!scope.Is(node, NodeKind.Array))
        {
            return null;
        }

        if (node.Items.Count == 0)
        {
            scope.Errors.Add(node, "the polygon has no ring");
            return null;
        }

        var rings = node.Items.ConvertAll(ring => Ring(ring, scope, positions));
        return rings.Contains(null) ? null : s_factory.CreatePolygon(rings[0], [.. rings.Skip(1).Select(r => r!)]);
    }

    private static LinearRing? Ring(PolicyNode node, PolicyScope scope, List<PolicyNode> positions)
    {
        if (!scope.Is(node, NodeKind.Array))
        {
            return null;
        }

        if (node.Items.Count < 4)
        {
            scope.Errors.Add(node, "a ring needs at least four positions, the last the same as the first");
            return null;
        }

        var points = new Coordinate[node.Items.Count];
        for (var i = 0; i < points.Length; i++)
        {
            if (Position(node.Items[i], scope) is not { } point)
            {
                // The first bad position says it all: a swapped file would fill the list.
                return null;
            }

            points[i] = point;
        }

        if (!points[0].Equals2D(points[^1]))
        {
            scope.Errors.Add(node.Items[^1], "the ring is not closed: its last position must be the same as its first");
            return null;
        }

        positions.AddRange(node.Items);
        return s_factory.CreateLinearRing(points);
    }

    private static Coordinate? Position(PolicyNode node, PolicyScope scope)
    {
        if (node.Kind != NodeKind.Array || node.Items.Count != 2 || node.Items.Exists(n => n.Kind != NodeKind.Number))
        {
            scope.Errors.Add(node, "a position must be [longitude, latitude]");
            return null;
        }

        var point = new GeoPoint(node.Items[1].Number, node.Items[0].Number);
        if (Kingdom.Contains(point))
        {
            return new Coordinate(point.Lon, point.Lat);
        }

        scope.Errors.Add(node, Kingdom.Contains(point.Swapped)
            ? "longitude and latitude are swapped: a position is [longitude, latitude]"
            : !point.IsValid
                ? "the position is outside WGS84: longitude -180 to 180, latitude -90 to 90"
                : "the position is outside the plausible area: longitude 34 to 56, latitude 16 to 33");
        return null;
    }

    private static bool Valid(Geometry geometry, List<PolicyNode> positions, PolicyErrors errors)
    {
        if (new IsValidOp(geometry).ValidationError is not { } error)
        {
            return true;
        }

        var at = error.Coordinate;
        var nearest = positions.MinBy(p => Math.Pow(p.Items[0].Number - at.X, 2) + Math.Pow(p.Items[1].Number - at.Y, 2))!;
        var what = error.ErrorType switch
        {
            TopologyValidationErrors.SelfIntersection or TopologyValidationErrors.RingSelfIntersection => "the boundary crosses itself",
            TopologyValidationErrors.HoleOutsideShell => "a hole lies outside of its polygon",
            TopologyValidationErrors.NestedHoles => "a hole lies within another",
            TopologyValidationErrors.NestedShells => "a polygon lies within another",
            TopologyValidationErrors.DisconnectedInteriors => "holes cut the polygon in two",
            TopologyValidationErrors.DuplicateRings => "a ring is there twice",
            TopologyValidationErrors.TooFewPoints => "a ring has too few different positions",
            _ => "the boundary is not valid: " + error.Message,
        };
        errors.Add(nearest, PolicyScope.Invariant($"{what} at longitude {at.X:0.######}, latitude {at.Y:0.######}"));
        return false;
    }
}
