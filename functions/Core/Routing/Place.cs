using Serverless940.Core.Geo;

namespace Serverless940.Core.Routing;

/// <summary>Where the thing is, as far as it was said. Anything may be missing.</summary>
public sealed record Place
{
    public GeoPoint? Point { get; init; }

    /// <summary>National Address short code; turned into a point by whoever can look it up.</summary>
    public string? NationalAddress { get; init; }

    /// <summary>Code of a street plate; likewise.</summary>
    public string? PlateCode { get; init; }

    /// <summary>Free words: district, street, town.</summary>
    public string? Address { get; init; }

    /// <summary>The municipality or town that the caller named: its id or its name.</summary>
    public string? Municipality { get; init; }
}

/// <summary>Which rule found where a report goes, strongest first.</summary>
public enum RoutingRule
{
    /// <summary>The point lies inside of one boundary, or on it.</summary>
    Inside,

    /// <summary>It lies inside of several; the lowest rank took it.</summary>
    Overlap,

    /// <summary>It lies in none, but near enough to one.</summary>
    Nearest,

    /// <summary>A district named in the words.</summary>
    District,

    /// <summary>The municipality that the caller named.</summary>
    Named,

    /// <summary>A town named in the words, which one municipality serves.</summary>
    Town,

    /// <summary>The municipality has an administration of its own: referred there.</summary>
    ReferralArea,

    /// <summary>The category is another body's: referred there.</summary>
    CategoryAgency,

    /// <summary>No rule knew: the city's dispatcher decides.</summary>
    Unrouted,
}

/// <summary>Where a report goes, and why. Never empty: without a municipality the city's dispatcher has it.</summary>
/// <param name="Municipality">Id, or <see langword="null"/> when the place is not known well enough.</param>
/// <param name="Department">Id of who works it (or follows up the referral).</param>
/// <param name="Team">Id of the department's team for the place, if it has one.</param>
/// <param name="Agency">Id of the body it is referred to.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Explanation">Key of the sentence that explains it, e.g. <c>routing.nearest</c>.</param>
/// <param name="Arguments">What the sentence names: ids, whole metres, reasons.</param>
/// <param name="DistanceMetres">Metres from the boundary; 0 inside of it or without a point.</param>
public sealed record RoutingDecision(
    string? Municipality,
    string? Department,
    string? Team,
    string? Agency,
    RoutingRule Rule,
    string Explanation,
    IReadOnlyList<string> Arguments,
    double DistanceMetres)
{
    /// <summary>The rule that found the municipality; differs from <see cref="Rule"/> for a referral.</summary>
    public RoutingRule PlacedBy { get; init; } = Rule;

    /// <summary>What was thought of the point.</summary>
    public PlaceVerdict Point { get; init; } = PlaceVerdict.Missing;
}
