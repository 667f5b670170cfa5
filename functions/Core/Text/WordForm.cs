namespace Serverless940.Core.Text;

/// <summary>
/// The form by which a word is known: without the Arabic article and the endings that say whose, how many and of which
/// gender, without the English plural, no letter doubled. Light on purpose: it never reaches into the word.
/// </summary>
internal static class WordForm
{
    private const int Least = 3;

    private static readonly string[] s_owners = ["هما", "ها", "هم", "كم", "نا"];

    private static readonly string[] s_articles = ["وبال", "وعال", "وال", "فال", "بال", "كال", "عال", "هال", "ولل", "ال", "لل"];

    public static bool IsArabic(ReadOnlySpan<char> word) => word.Length > 0 && word[0] is >= '\u0600' and <= '\u06ff';

    public static bool IsLatin(ReadOnlySpan<char> word) => word.Length > 0 && (char.IsAsciiLetterLower(word[0]) || char.IsAsciiDigit(word[0]));

    /// <summary>The known form of a word that stands in a list of words or terms.</summary>
    /// <param name="word">Folded; changed in place.</param>
    public static Span<char> OfTerm(Span<char> word) => Bare(WithoutArticle(word));

    /// <summary>Without its endings and doubled letters.</summary>
    /// <param name="word">Folded; changed in place.</param>
    public static Span<char> Bare(Span<char> word)
    {
        word = IsArabic(word) ? WithoutArabicEnding(word) : IsLatin(word) ? WithoutPlural(word) : word;
        // «off» is not «of».
        if (word.Length <= Least && IsLatin(word))
        {
            return word;
        }

        var length = 0;
        for (var i = 0; i < word.Length; i++)
        {
            if (length == 0 || word[length - 1] != word[i] || char.IsAsciiDigit(word[i]))
            {
                word[length++] = word[i];
            }
        }

        return word[..length];
    }

    /// <summary>Without the article, alone or behind a preposition; the same word when there is none.</summary>
    public static Span<char> WithoutArticle(Span<char> word)
    {
        if (IsArabic(word))
        {
            foreach (var article in s_articles)
            {
                if (word.Length >= article.Length + 2 && word.StartsWith(article, StringComparison.Ordinal))
                {
                    return word[article.Length..];
                }
            }
        }
        else if (word.Length > 4 && word[0] is 'e' or 'a' && word[1] == 'l' && word[2] is not ('e' or 'a'))
        {
            return word[2..];
        }

        return word;
    }

    /// <summary>Without one letter written onto it (و ف ب ل ك ع); the same word when there is none.</summary>
    public static Span<char> WithoutPreposition(Span<char> word) =>
        word.Length > Least + 1 && word[0] is 'و' or 'ف' or 'ب' or 'ل' or 'ك' or 'ع' ? word[1..] : word;

    private static Span<char> WithoutArabicEnding(Span<char> word)
    {
        foreach (var owner in s_owners)
        {
            if (Ends(word, owner))
            {
                word = word[..^owner.Length];
                return word.Length > Least && word[^1] == 'ت' ? word[..^1] : WithoutNumber(word);
            }
        }

        // «سيارتي», «ريحته»: the ta is the ta marbuta's.
        return Ends(word, "تي") || Ends(word, "ته") ? word[..^2] : WithoutNumber(word);
    }

    private static Span<char> WithoutNumber(Span<char> word) =>
        Ends(word, "ات") || Ends(word, "ين") || Ends(word, "ون") ? word[..^2]
        : word.Length > 2 && word[^1] == 'ه' ? word[..^1]
        : word;

    private static Span<char> WithoutPlural(Span<char> word) =>
        word.Length > 3 && word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i') ? word[..^1] : word;

    private static bool Ends(Span<char> word, string ending) => word.Length >= ending.Length + Least && word.EndsWith(ending, StringComparison.Ordinal);
}
