namespace Serverless940.Core.Text;

/// <summary>
/// Cuts a text into folded words, in one pass and without allocating. Letters that are drawn out («خطررر») count twice at
/// most; <see cref="WordForm"/> makes one of them.
/// </summary>
internal ref struct WordCutter(ReadOnlySpan<char> text, Span<char> buffer)
{
    /// <summary>Letters of a word that are read; no word is longer.</summary>
    public const int LongestWord = 40;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<char> _word = buffer[..LongestWord];
    private int _next;
    private int _length;

    /// <summary>The word, until the next call.</summary>
    public readonly Span<char> Word => _word[.._length];

    /// <summary>Whether a clause ended between this word and the one before.</summary>
    public bool StartsClause { get; private set; }

    public bool MoveNext()
    {
        _length = 0;
        StartsClause = false;
        var hamza = false;
        for (; _next < _text.Length; _next++)
        {
            var folded = Folding.Of(_text[_next]);
            switch (folded)
            {
                case Folding.Gap or Folding.Stop when _length > 0:
                    // «ماء» without its hamza would be the word for not.
                    if (hamza && _length == 2)
                    {
                        Add('ء');
                    }

                    return true;
                case Folding.Stop:
                    StartsClause = true;
                    break;
                case Folding.Gap or Folding.Nothing:
                    break;
                case Folding.Several:
                    foreach (var letter in Folding.LettersOf(_text[_next]))
                    {
                        Add(letter);
                    }

                    break;
                case 'ء':
                    hamza = true;
                    break;
                default:
                    hamza = false;
                    Add(folded);
                    break;
            }
        }

        if (hamza && _length == 2)
        {
            Add('ء');
        }

        return _length > 0;
    }

    private void Add(char letter)
    {
        if (_length < LongestWord && !(_length > 1 && _word[_length - 1] == letter && _word[_length - 2] == letter && !char.IsAsciiDigit(letter)))
        {
            _word[_length++] = letter;
        }
    }
}
