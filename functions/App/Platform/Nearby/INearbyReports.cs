using Serverless940.Core.Geo;
using Serverless940.Core.Nearby;

namespace Serverless940.Functions.Platform.Nearby;

/// <summary>Finds open reports that may be about the same thing, for features that take reports in or look at them.</summary>
public interface INearbyReports
{
    /// <summary>The most alike first. One query a cell that the circle touches.</summary>
    /// <param name="category">Its code; <see langword="null"/> when nobody knows yet.</param>
    /// <param name="except">Numbers that are not to be suggested.</param>
    /// <param name="mostReads">Queries at most; the nearest cells come first.</param>
    Task<IReadOnlyList<Candidate>> FindAsync(
        GeoPoint place, string? category, IReadOnlyCollection<string> except, int mostReads, CancellationToken cancellationToken);
}

/// <summary>How long an answer to a citizen may wait for suggestions; what has not come by then is left out.</summary>
public sealed record SuggestionBudget(TimeSpan Patience)
{
    /// <summary>Queries that an answer may cost.</summary>
    public const int Reads = 2;

    /// <summary>
    /// Answers that may look at once; the others of a rush go without. Taking reports in must never wait for a courtesy.
    /// </summary>
    public const int AtOnce = 2;
}
