using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Serverless940.Core.Text;

namespace Serverless940.Core.Notifications;

/// <summary>One text of the catalogue in one language.</summary>
/// <param name="Text">With values as <c>{name}</c>.</param>
/// <param name="MaxSegments">SMS segments it may cost with the longest realistic values.</param>
/// <param name="Counts">The value whose number decides between forms, where the language has several.</param>
/// <param name="Forms">The forms beside <paramref name="Text"/>, which is the other one.</param>
public sealed record MessageTemplate(string Text, int MaxSegments, string? Counts = null, IReadOnlyDictionary<PluralForm, string>? Forms = null);

/// <summary>
/// Every word the centre says, per language, from the resource files beside this class. A language that lacks a text
/// falls back to English, then Arabic; a test forbids that it has to.
/// </summary>
public sealed class MessageCatalogue
{
    private readonly FrozenDictionary<string, FrozenDictionary<string, MessageTemplate>> _byLanguage;

    private MessageCatalogue(FrozenDictionary<string, FrozenDictionary<string, MessageTemplate>> byLanguage) => _byLanguage = byLanguage;

    /// <summary>The catalogue that is built in.</summary>
    public static MessageCatalogue Default { get; } = Load();

    /// <summary>Codes of the languages that there are files of.</summary>
    public IEnumerable<string> Codes => _byLanguage.Keys;

    public IEnumerable<string> Templates(string language) => _byLanguage[language].Keys;

    /// <exception cref="KeyNotFoundException">No language has a template of this name.</exception>
    public MessageTemplate Find(string template, string language) => _byLanguage[LanguageOf(template, language)][template];

    /// <summary>The text with its values; a value that is missing is left out, one that is not asked for is ignored.</summary>
    public string Render(string template, string language, IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var text = TextFor(template, language, values);
        var builder = new StringBuilder(text.Length + 64);
        var at = 0;
        while (at < text.Length)
        {
            var open = text.IndexOf('{', at);
            var close = open < 0 ? -1 : text.IndexOf('}', open);
            if (close < 0)
            {
                break;
            }

            builder.Append(text, at, open - at);
            builder.Append(values.GetValueOrDefault(text[(open + 1)..close], string.Empty));
            at = close + 1;
        }

        return builder.Append(text, at, text.Length - at).ToString().Normalize(NormalizationForm.FormC);
    }

    private string LanguageOf(string template, string language) =>
        _byLanguage.TryGetValue(language, out var own) && own.ContainsKey(template) ? language
        : language != "ar" && _byLanguage["en"].ContainsKey(template) ? "en"
        : "ar";

    private string TextFor(string template, string language, IReadOnlyDictionary<string, string> values)
    {
        var found = Find(template, language);
        return found is { Counts: { } counts, Forms: { } forms }
            && long.TryParse(values.GetValueOrDefault(counts), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && forms.TryGetValue(Languages.Find(LanguageOf(template, language))!.Count(number), out var form) ? form : found.Text;
    }

    private static MessageTemplate Read(JsonElement member) => new(
        member.GetProperty("text").GetString()!,
        member.GetProperty("segments").GetInt32(),
        member.TryGetProperty("counts", out var counts) ? counts.GetString() : null,
        member.TryGetProperty("forms", out var forms)
            ? forms.EnumerateObject().ToDictionary(form => Enum.Parse<PluralForm>(form.Name, ignoreCase: true), form => form.Value.GetString()!)
            : null);

    private static MessageCatalogue Load()
    {
        const string Prefix = "Serverless940.Core.Notifications.Templates.";
        var assembly = typeof(MessageCatalogue).Assembly;
        var languages = new Dictionary<string, FrozenDictionary<string, MessageTemplate>>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var document = JsonDocument.Parse(stream);
            languages[name[Prefix.Length..^".json".Length]] = document.RootElement.EnumerateObject().ToFrozenDictionary(
                member => member.Name, member => Read(member.Value), StringComparer.Ordinal);
        }

        return new MessageCatalogue(languages.ToFrozenDictionary());
    }
}
