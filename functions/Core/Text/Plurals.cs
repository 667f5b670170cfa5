namespace Serverless940.Core.Text;

/// <summary>The forms of a counted noun, as Unicode CLDR names them.</summary>
public enum PluralForm
{
    Other,
    Zero,
    One,
    Two,
    Few,
    Many,
}

/// <summary>The plural rules of our languages for whole numbers from 0 up (Unicode CLDR, cardinals).</summary>
internal static class Plurals
{
    public static PluralForm Arabic(long n) => n switch
    {
        0 => PluralForm.Zero,
        1 => PluralForm.One,
        2 => PluralForm.Two,
        _ => (n % 100) switch
        {
            >= 3 and <= 10 => PluralForm.Few,
            >= 11 => PluralForm.Many,
            _ => PluralForm.Other,
        },
    };

    public static PluralForm OneIsOne(long n) => n == 1 ? PluralForm.One : PluralForm.Other;

    /// <summary>Nothing is counted like one thing.</summary>
    public static PluralForm NoneIsOne(long n) => n is 0 or 1 ? PluralForm.One : PluralForm.Other;

    /// <summary>«3 fichiers», «1 000 000 de fichiers».</summary>
    public static PluralForm French(long n) =>
        n is 0 or 1 ? PluralForm.One : n % 1_000_000 == 0 ? PluralForm.Many : PluralForm.Other;

    public static PluralForm Filipino(long n) => n is 1 or 2 or 3 || n % 10 is not (4 or 6 or 9) ? PluralForm.One : PluralForm.Other;

    public static PluralForm Same(long n) => PluralForm.Other;
}
