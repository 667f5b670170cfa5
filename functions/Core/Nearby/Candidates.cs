using Serverless940.Core.Geo;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Nearby;

/// <summary>An open report as the index knows it; holds nothing of its reporter.</summary>
public sealed record NearbyReport(string Number, string Category, GeoPoint Point, DateTimeOffset ReceivedAt);

/// <summary>An open report that may be about the same thing (بلاغ مشابه).</summary>
/// <param name="Likeness">0 to 1: the same category, near and fresh is most alike.</param>
public sealed record Candidate(NearbyReport Report, double DistanceMetres, double Likeness);

/// <summary>Finds what may be the same thing by kinship of categories, distance and time. A suggestion, never a decision.</summary>
public static class Candidates
{
    /// <summary>As many as a citizen can look through.</summary>
    public const int Most = 3;

    // A neighbour in the same group may be the same thing under another name: a dark lamp and a broken pole.
    private const double SameGroup = 0.5;

    /// <summary>The part of a category's code that its kin share.</summary>
    public static string GroupOf(string category)
    {
        ArgumentNullException.ThrowIfNull(category);
        var dot = category.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? category : category[..dot];
    }

    /// <summary>The most alike first.</summary>
    /// <param name="known">What the index holds around there.</param>
    /// <param name="except">Numbers that are not to be suggested: the report itself, and what its reporter says is different.</param>
    public static IReadOnlyList<Candidate> Of(
        IEnumerable<NearbyReport> known, string category, GeoPoint place, IReadOnlyCollection<string> except, IntakeRules rules, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var group = GroupOf(category);
        return [.. known
            .Where(report => GroupOf(report.Category) == group && !except.Contains(report.Number) && now - report.ReceivedAt <= rules.DuplicateWithin)
            .DistinctBy(report => report.Number, StringComparer.Ordinal)
            .Select(report => (Report: report, Distance: place.DistanceTo(report.Point)))
            .Where(pair => pair.Distance <= rules.DuplicateWithinMetres)
            .Select(pair => new Candidate(pair.Report, pair.Distance, Likeness(pair.Report, pair.Distance, category, rules, now)))
            .OrderByDescending(candidate => candidate.Likeness)
            .ThenBy(candidate => candidate.Report.ReceivedAt)
            .ThenBy(candidate => candidate.Report.Number, StringComparer.Ordinal)
            .Take(Most)];
    }

    // Half for being near and a tenth for being fresh; the category weighs on both.
    private static double Likeness(NearbyReport report, double distance, string category, IntakeRules rules, DateTimeOffset now)
    {
        var near = 1 - (distance / rules.DuplicateWithinMetres);
        var fresh = 1 - (Math.Max(0, (now - report.ReceivedAt).TotalHours) / rules.DuplicateWithin.TotalHours);
        return (report.Category == category ? 1 : SameGroup) * (0.4 + (0.5 * near) + (0.1 * fresh));
    }
}
