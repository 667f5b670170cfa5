using System.Buffers;
using Serverless940.Core.Policies;
using Serverless940.Core.Text;

namespace Serverless940.Core.Classification;

/// <summary>
/// Reads what a report is about from its words, by the weighted terms of the policy. A term is found when its words stand
/// near each other in one clause, in any order; it counts once, however often it is repeated. One pass, linear in the text.
/// </summary>
public static class Classifier
{
    /// <summary>Words that may stand between the words of a term.</summary>
    private const int Slack = 2;

    /// <summary>How much said makes half of certain.</summary>
    private const double Doubt = 2.5;

    /// <summary>What is left of a term that is denied, when it is no hazard: «مافي حاوية» still is about bins.</summary>
    private const double Denied = 0.5;

    /// <summary>What is left of a term that a longer one explains.</summary>
    private const double Explained = 0.25;

    /// <summary>Reads a text; <see langword="null"/> and one without a word say nothing.</summary>
    public static Classification Classify(Policy policy, string? text)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (string.IsNullOrEmpty(text))
        {
            return Classification.Silent;
        }

        var index = TermIndex.Of(policy);
        var words = ArrayPool<int>.Shared.Rent(text.Length + 1);
        var places = ArrayPool<int>.Shared.Rent(text.Length + 1);
        try
        {
            var count = Read(text, index.Lexicon, words, places);
            var matches = new TermMatches(index, words.AsSpan(0, count), places.AsSpan(0, count), Slack).Find();
            return matches.Count == 0 ? Classification.Silent : Weigh(index, matches, policy.Classification);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(words);
            ArrayPool<int>.Shared.Return(places);
        }
    }

    /// <summary>The words of a text that no term of the policy knows, each once: what a new term might be made of.</summary>
    public static IReadOnlyList<string> UnknownWords(Policy policy, string? text)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var lexicon = TermIndex.Of(policy).Lexicon;
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        var cutter = new WordCutter(text, stackalloc char[WordCutter.LongestWord]);
        while (cutter.MoveNext())
        {
            if (cutter.Word.Length > 2 && !cutter.Word.ContainsAnyInRange('0', '9') && lexicon.NumberOf(cutter.Word, false) == Lexicon.Unknown)
            {
                unknown.Add(cutter.Word.ToString());
            }
        }

        return [.. unknown];
    }

    // Words by number, and where they stand: a clause's end is a gap that no term reaches over.
    private static int Read(string text, Lexicon lexicon, int[] words, int[] places)
    {
        var latinArabic = IsLatinArabic(text);
        var (count, place) = (0, 0);
        var cutter = new WordCutter(text, stackalloc char[WordCutter.LongestWord]);
        while (cutter.MoveNext())
        {
            place += cutter.StartsClause ? Slack + 1 : 0;
            var number = lexicon.NumberOf(cutter.Word, latinArabic);
            if (number == Lexicon.Turn)
            {
                place += Slack + 1;
            }
            else if (number != Lexicon.Filler)
            {
                words[count] = number;
                places[count++] = place++;
            }
        }

        return count;
    }

    private static bool IsLatinArabic(string text)
    {
        var cutter = new WordCutter(text, stackalloc char[WordCutter.LongestWord]);
        while (cutter.MoveNext())
        {
            if (Arabizi.IsMarked(cutter.Word))
            {
                return true;
            }
        }

        return false;
    }

    private static Classification Weigh(TermIndex index, List<TermMatch> matches, ClassificationRules rules)
    {
        var scored = matches.Where(match => match.Term.Category >= 0)
            .GroupBy(match => match.Term.Category)
            .Select(group => Score(index.Categories[group.Key], group))
            .OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.Category, StringComparer.Ordinal)
            .ToList();
        var all = scored.Sum(candidate => candidate.Score * candidate.Score);
        return new Classification(
            [.. scored.Select(candidate => candidate with { Confidence = Math.Round(candidate.Score * candidate.Score / all * (candidate.Score / (candidate.Score + Doubt)), 3) })],
            [.. matches.Where(match => match.Term.Hazard && !match.IsDenied).Select(match => match.Term.Text).Distinct(StringComparer.Ordinal)],
            rules.CertainFrom);
    }

    private static double Belief(TermMatch match) =>
        (match.IsDenied ? match.Term.Hazard ? 0 : Denied : 1) * (match.IsExplained ? Explained : 1);

    // Heaviest first; a lighter term adds only for the words that no heavier one has spoken for.
    private static Candidate Score(string category, IEnumerable<TermMatch> matches)
    {
        var ordered = matches.OrderByDescending(match => match.Term.Weight * Belief(match)).ThenByDescending(match => match.Term.Words.Length).ToList();
        var spoken = new HashSet<int>();
        var score = 0.0;
        foreach (var match in ordered)
        {
            var fresh = match.Term.Words.Count(spoken.Add);
            score += match.Term.Weight * fresh / match.Term.Words.Length * Belief(match);
        }

        return new Candidate(category, 0, Math.Max(score, 0.01), [.. ordered.Select(match => match.Term.Text)]);
    }
}
