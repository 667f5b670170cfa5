using System.Buffers;

namespace Serverless940.Core.Classification;

/// <param name="IsDenied">Whether the text says that it is not so, wherever it names it.</param>
/// <param name="IsExplained">Whether a longer term says all that it says, and more: a dead cat is no stray one.</param>
internal readonly record struct TermMatch(IndexedTerm Term, bool IsDenied, bool IsExplained);

/// <summary>
/// Finds terms in numbered words. At each word the terms that hold it look where their other words were seen last; a word
/// belongs to a bounded number of terms, so the time grows with the text alone.
/// </summary>
internal readonly ref struct TermMatches(TermIndex index, ReadOnlySpan<int> words, ReadOnlySpan<int> places, int slack)
{
    private readonly ReadOnlySpan<int> _words = words;
    private readonly ReadOnlySpan<int> _places = places;

    public List<TermMatch> Find()
    {
        var last = ArrayPool<int>.Shared.Rent(index.Lexicon.Count);
        var found = ArrayPool<sbyte>.Shared.Rent(index.Terms.Count);
        last.AsSpan(0, index.Lexicon.Count).Fill(-1);
        found.AsSpan(0, index.Terms.Count).Clear();
        var hits = new List<int>();
        for (var at = 0; at < _words.Length; at++)
        {
            var word = _words[at];
            if (word < 0)
            {
                continue;
            }

            last[word] = at;
            foreach (var term in index.With(word))
            {
                // 1 for said, −1 for denied so far.
                if (found[term] < 1 && Span(index.Terms[term], last) is var (from, to) && to >= 0)
                {
                    if (found[term] == 0)
                    {
                        hits.Add(term);
                    }

                    found[term] = (sbyte)(IsDenied(index.Terms[term], from, to) ? -1 : 1);
                }
            }
        }

        var matches = new List<TermMatch>(hits.Count);
        foreach (var term in hits)
        {
            matches.Add(new TermMatch(index.Terms[term], found[term] < 0, IsExplained(index.Terms[term], found)));
        }

        ArrayPool<int>.Shared.Return(last);
        ArrayPool<sbyte>.Shared.Return(found);
        return matches;
    }

    /// <summary>First and last of the term's words where they were seen last; −1 when they are not all there and near.</summary>
    private (int From, int To) Span(IndexedTerm term, int[] last)
    {
        var (from, to) = (int.MaxValue, -1);
        foreach (var word in term.Words)
        {
            var at = last[word];
            if (at < 0)
            {
                return (0, -1);
            }

            from = Math.Min(from, at);
            to = Math.Max(to, at);
        }

        // A denial belongs to the word beside it.
        var reach = term.Words.Length + (term.Words.Length == 1 || (term.Denies && term.Words.Length == 2) ? 0 : slack);
        return _places[to] - _places[from] < reach ? (from, to) : (0, -1);
    }

    private bool IsExplained(IndexedTerm term, sbyte[] found)
    {
        foreach (var other in index.With(term.Words[0]))
        {
            if (found[other] == 1 && index.Terms[other].Words.Length > term.Words.Length && !term.Words.AsSpan().ContainsAnyExcept(index.Terms[other].Words))
            {
                return true;
            }
        }

        return false;
    }

    // Only directly before or after: «لا أحد أصلح الأسلاك المكشوفة» denies no wire.
    private bool IsDenied(IndexedTerm term, int from, int to) =>
        !term.Denies
        && ((from > 0 && _words[from - 1] == Lexicon.Negation && _places[from] - _places[from - 1] == 1)
            || (to + 1 < _words.Length && _words[to + 1] == Lexicon.NegationAfter && _places[to + 1] - _places[to] == 1));
}
