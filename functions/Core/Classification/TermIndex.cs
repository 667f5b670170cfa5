using System.Runtime.CompilerServices;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Classification;

/// <summary>A term of a policy, its words as numbers.</summary>
/// <param name="Text">As the policy writes it.</param>
/// <param name="Category">Index of the category in <see cref="TermIndex.Categories"/>; −1 for a hazard of no category.</param>
/// <param name="Denies">Whether it says itself that something is not there («مافي إنارة»).</param>
internal sealed record IndexedTerm(string Text, int[] Words, int Category, double Weight, bool Hazard, bool Denies);

/// <summary>A policy's terms, arranged for one pass over a text. Built once per policy value, then only read: safe for many threads.</summary>
internal sealed class TermIndex
{
    private static readonly ConditionalWeakTable<Policy, TermIndex> s_byPolicy = [];

    private readonly int[][] _byWord;

    private TermIndex(Policy policy)
    {
        Categories = [.. policy.Categories.Keys.Order(StringComparer.Ordinal)];
        var written = Categories
            .SelectMany((code, index) => policy.Categories[code].Terms.Select(term => (Category: index, Term: term)))
            .Concat(policy.Classification.Hazards.Select(term => (Category: -1, Term: term)))
            .ToList();
        var (lexicon, words) = Lexicon.Of(policy.Classification, written.Select(pair => pair.Term.Text));
        Lexicon = lexicon;

        // Spellings and translations of one term are one term: the first of the heaviest.
        Terms =
        [
            .. written.Zip(words, (pair, numbers) => new IndexedTerm(
                    pair.Term.Text, numbers, pair.Category, pair.Term.Weight, pair.Term.Hazard,
                    numbers.Contains(Lexicon.Negation) || numbers.Contains(Lexicon.NegationAfter)))
                .Where(term => term.Words.Length > 0)
                .GroupBy(term => (term.Category, string.Join(' ', term.Words.Order())))
                .Select(same => same.MaxBy(term => term.Weight)! with { Hazard = same.Any(term => term.Hazard) }),
        ];
        var byWord = new List<int>[lexicon.Count];
        for (var index = 0; index < Terms.Count; index++)
        {
            foreach (var word in Terms[index].Words)
            {
                (byWord[word] ??= []).Add(index);
            }
        }

        _byWord = [.. byWord.Select(list => list?.ToArray() ?? [])];
    }

    /// <summary>Category codes, in the order of their names.</summary>
    public IReadOnlyList<string> Categories { get; }

    public Lexicon Lexicon { get; }

    public IReadOnlyList<IndexedTerm> Terms { get; }

    public static TermIndex Of(Policy policy) => s_byPolicy.GetValue(policy, static p => new TermIndex(p));

    /// <summary>The terms that a word belongs to.</summary>
    public ReadOnlySpan<int> With(int word) => _byWord[word];
}
