using System.Globalization;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Routing;

/// <summary>
/// Finds who a report belongs to (التوجيه). Never empty: what no rule knows goes to the city's dispatcher, with the reason.
/// </summary>
public static class Router
{
    public static RoutingDecision Route(Policy policy, Place place, Category category)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(category);
        var index = RoutingIndex.Of(policy);
        var verdict = PlaceCheck.Check(policy, place.Point);
        var found = (verdict == PlaceVerdict.Accepted ? ByPoint(index, place.Point!.Value) : null) ?? ByWords(index, place);
        return Decide(policy, index, category, found, verdict, place) with { Point = verdict };
    }

    private static RoutingDecision Decide(
        Policy policy, RoutingIndex index, Category category, Found? found, PlaceVerdict verdict, Place place)
    {
        if (found?.Municipality is { ReferTo: { } other } neighbour)
        {
            return new RoutingDecision(
                neighbour.Id, category.Department, null, other, RoutingRule.ReferralArea,
                "routing.referralArea", [neighbour.Id, other], found.Metres)
            { PlacedBy = found.Rule };
        }

        var municipality = found?.Municipality?.Id;
        if (category.Agency is { } agency)
        {
            return new RoutingDecision(
                municipality, category.Department, null, agency, RoutingRule.CategoryAgency,
                "routing.categoryAgency", [category.Code, agency], found?.Metres ?? 0)
            { PlacedBy = municipality is null ? RoutingRule.Unrouted : found!.Rule };
        }

        if (municipality is null)
        {
            return new RoutingDecision(
                null, category.Department, null, null, RoutingRule.Unrouted, "routing.unrouted", Why(found, verdict, place), 0);
        }

        return new RoutingDecision(
            municipality, category.Department, index.TeamFor(category.Department, municipality), null, found!.Rule,
            found.Key, found.Arguments, found.Metres);
    }

    private static Found? ByPoint(RoutingIndex index, Geo.GeoPoint point)
    {
        if (index.Inside(point) is { Count: > 0 } inside)
        {
            return inside.Count == 1
                ? new Found(inside[0], RoutingRule.Inside, "routing.inside", [inside[0].Id], 0)
                : new Found(inside[0], RoutingRule.Overlap, "routing.overlap", [.. inside.Select(m => m.Id)], 0);
        }

        return index.Nearest(point) is var (nearest, metres)
            ? new Found(
                nearest, RoutingRule.Nearest, "routing.nearest",
                [nearest.Id, Math.Round(metres).ToString(CultureInfo.InvariantCulture)], metres)
            : null;
    }

    private static Found? ByWords(RoutingIndex index, Place place)
    {
        var named = index.Names.Named(place.Municipality);
        var words = index.Names.Read(place.Address);
        var towns = named.Count > 0 ? named : words.Towns;
        if (PlaceNames.District(words, towns) is var (district, name))
        {
            return new Found(district, RoutingRule.District, "routing.district", [district.Id, name], 0);
        }

        if (named.Count == 1)
        {
            return new Found(named[0], RoutingRule.Named, "routing.named", [named[0].Id], 0);
        }

        // The caller says "Dammam", which three share; the words may say which of them.
        var narrowed = named.Count > 1 ? words.Towns.Where(named.Contains).ToList() : words.Towns;
        return narrowed.Count == 1 ? new Found(narrowed[0], RoutingRule.Town, "routing.town", [narrowed[0].Id], 0)
            : towns.Count > 1 ? new Found(null, RoutingRule.Unrouted, "routing.unrouted", [.. towns.Select(m => m.Id)], 0)
            : null;
    }

    private static IReadOnlyList<string> Why(Found? found, PlaceVerdict verdict, Place place) => verdict switch
    {
        _ when found is not null => ["ambiguous", .. found.Arguments],
        PlaceVerdict.Swapped => ["swapped"],
        PlaceVerdict.OutsideArea => ["outsideArea"],
        PlaceVerdict.Nowhere => ["nowhere"],
        PlaceVerdict.Accepted => ["nothingNear"],
        _ => [place is { Address: null, Municipality: null, NationalAddress: null, PlateCode: null } ? "noPlace" : "unknownWords"],
    };

    private sealed record Found(
        Municipality? Municipality, RoutingRule Rule, string Key, IReadOnlyList<string> Arguments, double Metres);
}
