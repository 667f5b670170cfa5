using Serverless940.Core.Geo;
using Serverless940.Core.Policies;
using Serverless940.Core.Routing;
using Serverless940.Core.Tests.Policies;

namespace Serverless940.Core.Tests.Routing;

public sealed class RouterTests
{
    private static readonly Policy s_policy = ExamplePolicy.Policy;

    [Theory]
    [InlineData(26.4282, 50.0881, "central-dammam", RoutingRule.Inside)]
    [InlineData(26.40, 50.00, "west-dammam", RoutingRule.Inside)]
    [InlineData(26.45, 50.15, "east-dammam", RoutingRule.Inside)]
    [InlineData(26.28, 50.20, "khobar", RoutingRule.Inside)]
    [InlineData(26.30, 50.12, "dhahran", RoutingRule.Inside)]
    [InlineData(27.01, 49.60, "jubail", RoutingRule.Inside)]
    [InlineData(28.43, 48.49, "khafji", RoutingRule.Inside)]
    [InlineData(26.52, 50.02, "anak", RoutingRule.Overlap)] // Qatif has it too; the smaller one ranks lower
    [InlineData(26.505, 50.02, "saihat", RoutingRule.Overlap)]
    [InlineData(26.42, 50.105, "central-dammam", RoutingRule.Overlap)] // the border of East and Central: the same rank, so by id
    public void A_point_goes_to_the_municipality_that_holds_it(double lat, double lon, string municipality, RoutingRule rule)
    {
        var route = Route(new Place { Point = new GeoPoint(lat, lon) });

        Assert.Equal((municipality, rule, 0.0), (route.Municipality, route.Rule, route.DistanceMetres));
        Assert.Equal("maintenance", route.Department);
        Assert.Equal(PlaceVerdict.Accepted, route.Point);
    }

    [Fact]
    public void A_point_at_sea_off_the_coast_goes_to_the_nearest_municipality()
    {
        var boat = new GeoPoint(26.30, 50.275);

        var route = Route(new Place { Point = boat });

        Assert.Equal(("khobar", RoutingRule.Nearest), (route.Municipality, route.Rule));
        Assert.Equal(boat.DistanceTo(new GeoPoint(26.30, 50.245)), route.DistanceMetres, 5.0);
        Assert.Equal(["khobar", "2991"], route.Arguments);
    }

    [Fact]
    public void A_point_in_the_desert_beyond_reach_goes_to_the_dispatcher()
    {
        var route = Route(new Place { Point = new GeoPoint(26.9, 48.5) });

        Assert.Equal((null, RoutingRule.Unrouted), (route.Municipality, route.Rule));
        Assert.Equal("maintenance", route.Department);
        Assert.Equal(["nothingNear"], route.Arguments);
    }

    [Fact]
    public void A_point_in_a_hole_is_not_inside()
    {
        var ring = Square(49.5, 26.4, 0.2);
        var policy = WithBoundary(
            "west-dammam",
            ring.Factory.CreatePolygon(ring.Shell, [(NetTopologySuite.Geometries.LinearRing)Square(49.55, 26.45, 0.1).Shell.Reverse()]));

        Assert.Equal(["west-dammam"], RoutingIndex.Of(policy).Inside(new GeoPoint(26.42, 49.52)).Select(m => m.Id));
        Assert.Empty(RoutingIndex.Of(policy).Inside(new GeoPoint(26.5, 49.6)));
        Assert.Equal("west-dammam", RoutingIndex.Of(policy).Nearest(new GeoPoint(26.5, 49.6))?.Municipality.Id);
    }

    [Theory]
    [InlineData(25.38, 49.60, "al-ahsa", "al-ahsa-amana")]
    [InlineData(28.38, 45.98, "hafar-al-batin", "hafar-al-batin-amana")]
    public void A_place_with_an_amana_of_its_own_is_referred_there(double lat, double lon, string municipality, string agency)
    {
        var route = Route(new Place { Point = new GeoPoint(lat, lon) });

        Assert.Equal((municipality, agency, RoutingRule.ReferralArea), (route.Municipality, route.Agency, route.Rule));
        Assert.Equal(RoutingRule.Inside, route.PlacedBy);
        Assert.Null(route.Team);
    }

    [Fact]
    public void A_category_of_another_body_is_referred_there_and_the_place_is_kept()
    {
        var route = Route(new Place { Point = new GeoPoint(26.4282, 50.0881) }, "utilities.electricity");

        Assert.Equal(("central-dammam", "electricity-company", RoutingRule.CategoryAgency), (route.Municipality, route.Agency, route.Rule));
    }

    [Fact]
    public void The_team_is_the_municipalitys_own_or_else_the_one_for_everywhere()
    {
        Assert.Equal("maintenance-khobar", Route(new Place { Point = new GeoPoint(26.28, 50.20) }).Team);
        Assert.Equal("maintenance-province", Route(new Place { Point = new GeoPoint(28.43, 48.49) }).Team);
    }

    [Theory]
    [InlineData(26.2, 50.55, PlaceVerdict.OutsideArea)] // Manama
    [InlineData(25.28, 51.53, PlaceVerdict.OutsideArea)] // Doha
    [InlineData(24.71, 46.67, PlaceVerdict.OutsideArea)] // Riyadh
    [InlineData(29.37, 47.98, PlaceVerdict.OutsideArea)] // Kuwait City
    [InlineData(26.2, 53.0, PlaceVerdict.OutsideArea)] // far out at sea
    [InlineData(30.04, 31.23, PlaceVerdict.OutsideArea)] // Cairo
    [InlineData(0, 0, PlaceVerdict.Nowhere)]
    [InlineData(double.NaN, 50, PlaceVerdict.Nowhere)]
    [InlineData(91, 50, PlaceVerdict.Nowhere)]
    [InlineData(50.0881, 26.4282, PlaceVerdict.Swapped)]
    [InlineData(26.4282, 50.0881, PlaceVerdict.Accepted)]
    [InlineData(25.38, 49.60, PlaceVerdict.Accepted)] // Al-Ahsa: referred, not refused
    public void Intake_tells_a_place_of_ours_from_others(double lat, double lon, PlaceVerdict verdict) =>
        Assert.Equal(verdict, PlaceCheck.Check(s_policy, lat, lon));

    [Theory]
    [InlineData(50.0881, 26.4282, "swapped")]
    [InlineData(26.2, 50.55, "outsideArea")]
    [InlineData(0, 0, "nowhere")]
    public void A_point_that_cannot_be_is_never_turned_or_moved(double lat, double lon, string reason)
    {
        var route = Route(new Place { Point = new GeoPoint(lat, lon) });

        Assert.Equal((null, RoutingRule.Unrouted), (route.Municipality, route.Rule));
        Assert.Equal([reason], route.Arguments);
    }

    [Fact]
    public void Words_count_where_the_point_cannot_be()
    {
        var route = Route(new Place { Point = new GeoPoint(0, 0), Address = "الظهران، حي القصور" });

        Assert.Equal(("dhahran", RoutingRule.District), (route.Municipality, route.Rule));
        Assert.Equal(PlaceVerdict.Nowhere, route.Point);
    }

    [Fact]
    public void Without_any_place_the_dispatcher_has_it_and_the_department_is_known()
    {
        var route = Route(new Place());

        Assert.Equal((null, "maintenance", RoutingRule.Unrouted), (route.Municipality, route.Department, route.Rule));
        Assert.Equal(["noPlace"], route.Arguments);
    }

    private static RoutingDecision Route(Place place, string category = "lighting.pole") =>
        Router.Route(s_policy, place, s_policy.Categories[category]);

    private static NetTopologySuite.Geometries.Polygon Square(double lon, double lat, double side) =>
        (NetTopologySuite.Geometries.Polygon)s_policy.City.Area.Factory.ToGeometry(new(lon, lon + side, lat, lat + side));

    private static Policy WithBoundary(string municipality, NetTopologySuite.Geometries.Geometry boundary) => s_policy with
    {
        Municipalities = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(
            [new KeyValuePair<string, Municipality>(municipality, s_policy.Municipalities[municipality] with { Boundary = boundary })]),
    };
}
