namespace Serverless940.Core.Classification;

/// <summary>What the words of a report say it is about (التصنيف الآلي), and which words said it.</summary>
/// <param name="Candidates">Categories that something speaks for, the most likely first.</param>
/// <param name="Hazards">Terms of danger, as the policy writes them; one is enough for an emergency.</param>
/// <param name="CertainFrom">Confidence from which on nobody is asked.</param>
public sealed record Classification(IReadOnlyList<Candidate> Candidates, IReadOnlyList<string> Hazards, double CertainFrom)
{
    /// <summary>Nothing spoke for anything.</summary>
    public static Classification Silent { get; } = new([], [], 1);

    /// <summary>The category, when it is certain enough; otherwise a person or the citizen decides.</summary>
    public string? Category => Candidates is [{ } first, ..] && first.Confidence >= CertainFrom ? first.Category : null;

    /// <summary>What to offer when it is not certain: the most likely ones.</summary>
    public IReadOnlyList<string> Offered(int most) => [.. Candidates.Take(most).Select(candidate => candidate.Category)];

    /// <summary>Confidence of the most likely, 0 when nothing spoke.</summary>
    public double Confidence => Candidates is [{ } first, ..] ? first.Confidence : 0;
}

/// <summary>A category that terms speak for.</summary>
/// <param name="Confidence">0 to 1: its share against the others, and how much was said at all.</param>
/// <param name="Score">Weights of the terms, words counted once.</param>
/// <param name="Terms">The terms that spoke, as the policy writes them, the heaviest first.</param>
public sealed record Candidate(string Category, double Confidence, double Score, IReadOnlyList<string> Terms);
