using System.Collections.Frozen;
using Serverless940.Core.Policies;
using Serverless940.Core.Text;

namespace Serverless940.Core.Classification;

/// <summary>
/// The words of a policy by number: one number for all words that mean the same. A word that is not known as it is
/// written is tried without its article, without a letter written onto it, and, in a text that is Arabic in Latin letters,
/// by its consonants.
/// </summary>
internal sealed class Lexicon
{
    /// <summary>Denies what follows.</summary>
    public const int Negation = 0;

    /// <summary>Denies what stands before.</summary>
    public const int NegationAfter = 1;

    /// <summary>A word that no term knows.</summary>
    public const int Unknown = -1;

    /// <summary>A word that says nothing.</summary>
    public const int Filler = -2;

    /// <summary>A word that turns to something else («but»): as good as the end of a clause.</summary>
    public const int Turn = -3;

    private const int MostConsonants = 12;

    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _words;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _consonants;

    private Lexicon(Dictionary<string, int> words, int count)
    {
        Count = count;
        _words = words.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _consonants = Consonants(words).ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>How many numbers there are.</summary>
    public int Count { get; }

    /// <summary>Number of a word.</summary>
    /// <param name="word">Folded; changed in place.</param>
    /// <param name="latinArabic">Whether the text is Arabic in Latin letters.</param>
    public int NumberOf(Span<char> word, bool latinArabic)
    {
        Span<char> copy = stackalloc char[WordCutter.LongestWord];
        var bare = WordForm.Bare(Copy(word, copy));
        if (_words.TryGetValue(bare, out var number))
        {
            return number;
        }

        var rest = WordForm.WithoutArticle(word);
        if (rest.Length < word.Length && _words.TryGetValue(WordForm.Bare(Copy(rest, copy)), out number))
        {
            return number;
        }

        if (WordForm.IsArabic(word))
        {
            var attached = WordForm.WithoutPreposition(word);
            return attached.Length < word.Length && _words.TryGetValue(WordForm.Bare(Copy(attached, copy)), out number) ? number : Unknown;
        }

        return latinArabic && WordForm.IsLatin(word) ? ByConsonants(word, rest) : Unknown;
    }

    /// <summary>Numbers the words of a policy.</summary>
    /// <param name="terms">The words of all terms, each word in the form in which it is known.</param>
    public static (Lexicon Lexicon, IReadOnlyList<int[]> Terms) Of(ClassificationRules rules, IEnumerable<string> terms)
    {
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        void Name(IEnumerable<string> list, int number)
        {
            foreach (var form in list.SelectMany(WordForms.Of))
            {
                words.TryAdd(form, number);
            }
        }

        Name(rules.Negations, Negation);
        Name(rules.NegationsAfter, NegationAfter);
        Name(rules.Fillers, Filler);
        Name(rules.Turns, Turn);
        var next = NegationAfter + 1;
        foreach (var group in rules.Synonyms)
        {
            Name(group.Words, next++);
        }

        var numbered = new List<int[]>();
        foreach (var term in terms)
        {
            var numbers = new List<int>();
            foreach (var form in WordForms.Of(term))
            {
                if (!words.TryGetValue(form, out var number))
                {
                    words.Add(form, number = next++);
                }

                if (number >= 0 && !numbers.Contains(number))
                {
                    numbers.Add(number);
                }
            }

            numbered.Add([.. numbers]);
        }

        return (new Lexicon(words, next), numbered);
    }

    private int ByConsonants(Span<char> word, Span<char> withoutArticle)
    {
        Span<char> consonants = stackalloc char[MostConsonants];
        var length = Arabizi.OfLatin(word, consonants);
        if (length >= Arabizi.Least && _consonants.TryGetValue(consonants[..length], out var number))
        {
            return number;
        }

        length = Arabizi.OfLatin(withoutArticle, consonants);
        return withoutArticle.Length < word.Length && length >= Arabizi.Least && _consonants.TryGetValue(consonants[..length], out number) ? number : Unknown;
    }

    // Consonants that two words share tell neither.
    private static Dictionary<string, int> Consonants(Dictionary<string, int> words)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var shared = new HashSet<string>(StringComparer.Ordinal);
        Span<char> consonants = stackalloc char[MostConsonants];
        foreach (var (word, number) in words)
        {
            if (!WordForm.IsArabic(word) || number < 0)
            {
                continue;
            }

            var length = Arabizi.OfArabic(word, consonants);
            var key = consonants[..length].ToString();
            if (length >= Arabizi.Least && !known.TryAdd(key, number) && known[key] != number)
            {
                shared.Add(key);
            }
        }

        foreach (var key in shared)
        {
            known.Remove(key);
        }

        return known;
    }

    private static Span<char> Copy(Span<char> word, Span<char> to)
    {
        word.CopyTo(to);
        return to[..word.Length];
    }
}
