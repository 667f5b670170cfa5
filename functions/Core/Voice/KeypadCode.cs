using System.Diagnostics.CodeAnalysis;
using Serverless940.Core.Geo;

namespace Serverless940.Core.Voice;

/// <summary>
/// A National Address short code (العنوان الوطني المختصر) on a telephone's keys, its four letters in either of two ways.
/// By key and place: two digits a letter, the key that carries it and its place on the key, so A is 21, S is 74, Z is 94.
/// By repeated pressing, a star after each letter: A is 2*, S is 7777*. Then the four digits.
/// </summary>
public static class KeypadCode
{
    private const int Letters = 4;
    private const int Figures = 4;

    private static readonly string[] s_keys = ["", "", "ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ"];

    /// <summary>Reads a code as it was pressed.</summary>
    public static bool TryRead(string? pressed, [NotNullWhen(true)] out string? code)
    {
        code = null;
        var letters = pressed switch
        {
            null => null,
            _ when pressed.Contains('*', StringComparison.Ordinal) => Repeated(pressed),
            { Length: (2 * Letters) + Figures } => Placed(pressed),
            _ => null,
        };
        return letters is not null && NationalAddress.TryNormalize(letters + pressed![^Figures..], out code);
    }

    /// <summary>How a code is pressed by key and place.</summary>
    public static string Press(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return string.Concat(code.Select(letter => char.IsAsciiLetterUpper(letter)
            ? string.Concat(Key(letter), (char)('1' + s_keys[Key(letter) - '0'].IndexOf(letter, StringComparison.Ordinal)))
            : letter.ToString()));
    }

    private static char Key(char letter) => (char)('0' + Array.FindIndex(s_keys, key => key.Contains(letter, StringComparison.Ordinal)));

    private static string? Placed(string pressed)
    {
        var letters = new char[Letters];
        for (var index = 0; index < Letters; index++)
        {
            if (Letter(pressed[2 * index], pressed[(2 * index) + 1] - '1') is not { } letter)
            {
                return null;
            }

            letters[index] = letter;
        }

        return new string(letters);
    }

    private static string? Repeated(string pressed)
    {
        var parts = pressed.Split('*');
        if (parts.Length != Letters + 1 || parts[Letters].Length != Figures)
        {
            return null;
        }

        var letters = parts[..Letters].Select(part => part.Length > 0 && part.All(key => key == part[0]) ? Letter(part[0], part.Length - 1) : null).ToList();
        return letters.TrueForAll(letter => letter is not null) ? string.Concat(letters) : null;
    }

    private static char? Letter(char key, int place) =>
        char.IsAsciiDigit(key) && place >= 0 && place < s_keys[key - '0'].Length ? s_keys[key - '0'][place] : null;
}
