using System.Buffers;

namespace Serverless940.Core.Text;

/// <summary>
/// Arabic in Latin letters and digits (عربيزي): «7ofra» and «حفرة» have the same consonants. Vowels are written as anybody
/// likes, so only the consonants count; two are too few to know a word by.
/// </summary>
internal static class Arabizi
{
    /// <summary>Fewest consonants that tell a word.</summary>
    public const int Least = 3;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("23567890");

    /// <summary>Whether a word is no English: a digit stands among its letters as a letter.</summary>
    public static bool IsMarked(ReadOnlySpan<char> word) =>
        word.Length >= Least && word.ContainsAny(s_digits) && word.ContainsAnyInRange('a', 'z') && !IsOrdinal(word) && !char.IsAsciiDigit(word[1]);

    /// <summary>The consonants of an Arabic word; how many there are.</summary>
    public static int OfArabic(ReadOnlySpan<char> word, Span<char> consonants)
    {
        var length = 0;
        for (var i = 0; i < word.Length; i++)
        {
            var letter = word[i] switch
            {
                'ا' or 'و' or 'ي' or 'ء' => '\0',
                'ه' when i == word.Length - 1 => '\0',
                'ب' => 'b',
                'ت' or 'ط' or 'ث' => 't',
                'ج' => 'j',
                'ح' => '7',
                'خ' => 'x',
                'د' or 'ذ' or 'ض' => 'd',
                'ر' => 'r',
                'ز' => 'z',
                'س' or 'ص' => 's',
                'ش' => '$',
                'ع' => '3',
                'غ' => 'g',
                'ف' => 'f',
                'ق' => 'q',
                'ك' => 'k',
                'ل' => 'l',
                'م' => 'm',
                'ن' => 'n',
                'ه' => 'h',
                _ => '?',
            };
            Add(letter, consonants, ref length);
        }

        return length;
    }

    /// <summary>The consonants of a word in Latin letters; how many there are.</summary>
    public static int OfLatin(ReadOnlySpan<char> word, Span<char> consonants)
    {
        var length = 0;
        for (var i = 0; i < word.Length; i++)
        {
            var pair = i + 1 < word.Length && word[i + 1] == 'h'
                ? word[i] switch { 's' => '$', 'k' => 'x', 'g' => 'g', 't' => 't', 'd' => 'd', _ => '\0' }
                : '\0';
            if (pair != '\0')
            {
                Add(pair, consonants, ref length);
                i++;
                continue;
            }

            var letter = word[i] switch
            {
                'a' or 'e' or 'i' or 'o' or 'u' or 'w' or 'y' or '2' => '\0',
                'h' when i == word.Length - 1 => '\0',
                '5' => 'x',
                '6' => 't',
                '8' or 'g' => 'q',
                '9' => 's',
                'c' => 'k',
                'v' => 'f',
                'p' => 'b',
                var same => same,
            };
            Add(letter, consonants, ref length);
        }

        return length;
    }

    private static bool IsOrdinal(ReadOnlySpan<char> word) =>
        char.IsAsciiDigit(word[0]) && (word.EndsWith("st") || word.EndsWith("nd") || word.EndsWith("rd") || word.EndsWith("th"));

    private static void Add(char letter, Span<char> consonants, ref int length)
    {
        if (letter != '\0' && length < consonants.Length && (length == 0 || consonants[length - 1] != letter))
        {
            consonants[length++] = letter;
        }
    }
}
