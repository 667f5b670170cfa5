using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Serverless940.Functions.Pages;

/// <summary>
/// A page made of a template and a file of texts in each language. <c>{t:name}</c> is a text, <c>{asset:file}</c> an
/// address, <c>{texts}</c> all texts as data for the scripts, which have none of their own.
/// </summary>
internal sealed partial class PageTemplate
{
    private const string Prefix = "Serverless940.Functions.Pages.";

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All);

    private static readonly string[] Languages = ["ar", "en"];

    private readonly Dictionary<string, Asset> _pages;

    /// <param name="name">Name of the template and of its texts.</param>
    /// <param name="values">Further values, by the name that the template calls them.</param>
    public PageTemplate(string name, IReadOnlyDictionary<string, string> values)
    {
        var template = Encoding.UTF8.GetString(Assets.Resource($"{Prefix}templates.{name}.html"));
        _pages = Languages.ToDictionary(language => language, language =>
            Assets.Packed(name, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(Fill(template, Texts(name, language), language, values))));
    }

    public Asset In(string language) => _pages[language];

    /// <summary>The texts of a page in a language, in the file's order.</summary>
    public static IReadOnlyDictionary<string, string> Texts(string name, string language) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(Assets.Resource($"{Prefix}texts.{name}.{language}.json"))!;

    private static string Fill(string template, IReadOnlyDictionary<string, string> texts, string language, IReadOnlyDictionary<string, string> values) =>
        Places().Replace(template, place => (place.Groups["kind"].Value, place.Groups["name"].Value) switch
        {
            ("t:", var name) => Encoder.Encode(texts[name]),
            ("asset:", var name) => Assets.Address(name),
            (_, "lang") => language,
            (_, "dir") => language == "ar" ? "rtl" : "ltr",
            (_, "other") => language == "ar" ? "en" : "ar",
            // The default encoder leaves no "<" that could end the script element early.
            (_, "texts") => JsonSerializer.Serialize(texts),
            (_, var name) => Encoder.Encode(values[name]),
        });

    [GeneratedRegex(@"\{(?<kind>t:|asset:|)(?<name>[A-Za-z0-9.-]+)\}")]
    private static partial Regex Places();
}
