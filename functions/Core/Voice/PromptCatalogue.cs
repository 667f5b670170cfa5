using System.Collections.Frozen;
using System.Text.Json;

namespace Serverless940.Core.Voice;

/// <summary>Every sentence that the telephone says, per language, from the resource files beside this class.</summary>
public sealed class PromptCatalogue
{
    private readonly FrozenDictionary<string, FrozenDictionary<string, string>> _byLanguage;

    private PromptCatalogue(FrozenDictionary<string, FrozenDictionary<string, string>> byLanguage) => _byLanguage = byLanguage;

    /// <summary>The catalogue that is built in.</summary>
    public static PromptCatalogue Default { get; } = Load();

    /// <summary>Arabic, English, then the others by name: the order of their keys.</summary>
    public IReadOnlyList<string> Languages =>
        [.. _byLanguage.Keys.OrderBy(language => language switch { "ar" => 0, "en" => 1, _ => 2 }).ThenBy(language => language, StringComparer.Ordinal)];

    public IEnumerable<string> Names(string language) => _byLanguage[language].Keys;

    public bool Has(string language) => _byLanguage.ContainsKey(language);

    /// <summary>The text in a language, else in English, else in Arabic.</summary>
    /// <exception cref="KeyNotFoundException">No language has it.</exception>
    public string Find(string name, string language) =>
        _byLanguage.TryGetValue(language, out var own) && own.TryGetValue(name, out var text) ? text
        : _byLanguage["en"].TryGetValue(name, out var english) ? english
        : _byLanguage["ar"][name];

    private static PromptCatalogue Load()
    {
        const string Prefix = "Serverless940.Core.Voice.Prompts.";
        var assembly = typeof(PromptCatalogue).Assembly;
        var languages = new Dictionary<string, FrozenDictionary<string, string>>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var document = JsonDocument.Parse(stream);
            languages[name[Prefix.Length..^".json".Length]] = document.RootElement.EnumerateObject()
                .ToFrozenDictionary(member => member.Name, member => member.Value.GetString()!, StringComparer.Ordinal);
        }

        return new PromptCatalogue(languages.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
