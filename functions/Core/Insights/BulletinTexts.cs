using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace Serverless940.Core.Insights;

/// <summary>The words of the bulletin in one language, from the resource files beside this class.</summary>
public sealed class BulletinTexts
{
    private static readonly FrozenDictionary<string, BulletinTexts> ByLanguage = Load();

    private readonly FrozenDictionary<string, string> _texts;

    private BulletinTexts(string language, FrozenDictionary<string, string> texts)
    {
        Language = language;
        _texts = texts;
    }

    public static IEnumerable<string> Languages => ByLanguage.Keys;

    public string Language { get; }

    public IEnumerable<string> Names => _texts.Keys;

    /// <exception cref="KeyNotFoundException">There is no text of this name.</exception>
    public string this[string name] => _texts[name];

    /// <summary>The words in a language; Arabic for one that we do not have.</summary>
    public static BulletinTexts In(string language) => ByLanguage.GetValueOrDefault(language) ?? ByLanguage["ar"];

    public string? Find(string name) => _texts.GetValueOrDefault(name);

    /// <summary>A text with its values.</summary>
    public string Say(string name, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var text = this[name];
        foreach (var (key, value) in values)
        {
            text = text.Replace("{" + key + "}", value, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>A whole number as the language writes it: Arabic-Indic digits and thousands in Arabic.</summary>
    public string Number(int number)
    {
        var text = number.ToString("#,0", CultureInfo.InvariantCulture);
        return Language != "ar" ? text : string.Concat(text.Select(letter => letter == ',' ? '٬' : (char)('٠' + letter - '0')));
    }

    /// <summary>Digits of a text as the language writes them.</summary>
    public string Digits(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Language != "ar" ? text : string.Concat(text.Select(letter => char.IsAsciiDigit(letter) ? (char)('٠' + letter - '0') : letter));
    }

    /// <summary>A number of things, in the form that the number asks for (CLDR's plural rules).</summary>
    public string Count(int number, string noun) => Say($"{noun}.{Form(number)}", ("n", Number(number)));

    /// <summary>A share, rounded down: "more than 89 %" unless it is that exactly.</summary>
    public string Share(KpiShare share)
    {
        ArgumentNullException.ThrowIfNull(share);
        var hundredfold = 100L * share.Numerator;
        var percent = (int)(hundredfold / share.Denominator);
        return Say(percent > 0 && hundredfold % share.Denominator != 0 ? "percent.more" : percent == 0 && hundredfold > 0 ? "percent.less" : "percent", ("n", Number(Math.Max(percent, hundredfold > 0 ? 1 : 0))));
    }

    /// <summary>A number rounded down as the press does it ("more than 800"), or itself when it is small or round.</summary>
    public string Rounded(int number, string noun)
    {
        var round = Round(number);
        return round == number ? Count(number, noun) : Say("more", ("count", Count(round, noun)));
    }

    /// <summary>Down to the fifty from a hundred on, to the hundred from a thousand on, to the thousand from ten thousand on.</summary>
    public static int Round(int number) => number < 100 ? number : number - (number % (number < 1_000 ? 50 : number < 10_000 ? 100 : 1_000));

    /// <summary>A list as the language joins it.</summary>
    public string List(IReadOnlyList<string> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return items.Count < 2 ? string.Concat(items) : string.Join(this["list.comma"], items.SkipLast(1)) + this["list.and"] + items[^1];
    }

    private string Form(int number) => Language != "ar"
        ? number == 1 ? "one" : "other"
        : number switch
        {
            1 => "one",
            2 => "two",
            _ when number % 100 is >= 3 and <= 10 => "few",
            _ when number % 100 >= 11 => "many",
            _ => "other",
        };

    private static FrozenDictionary<string, BulletinTexts> Load()
    {
        const string Prefix = "Serverless940.Core.Insights.Templates.";
        var assembly = typeof(BulletinTexts).Assembly;
        var languages = new Dictionary<string, BulletinTexts>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var document = JsonDocument.Parse(stream);
            var language = name[Prefix.Length..^".json".Length];
            languages[language] = new BulletinTexts(
                language, document.RootElement.EnumerateObject().ToFrozenDictionary(member => member.Name, member => member.Value.GetString()!));
        }

        return languages.ToFrozenDictionary();
    }
}
