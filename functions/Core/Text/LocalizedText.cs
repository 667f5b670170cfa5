namespace Serverless940.Core.Text;

/// <summary>A text in several languages; Arabic is always there.</summary>
public sealed record LocalizedText
{
    private readonly Dictionary<string, string> _byLanguage;

    /// <param name="byLanguage">BCP 47 primary language subtag to text.</param>
    /// <exception cref="ArgumentException">There is no Arabic text.</exception>
    public LocalizedText(IReadOnlyDictionary<string, string> byLanguage)
    {
        ArgumentNullException.ThrowIfNull(byLanguage);
        if (!byLanguage.ContainsKey("ar"))
        {
            throw new ArgumentException("A text needs Arabic.", nameof(byLanguage));
        }

        _byLanguage = new Dictionary<string, string>(byLanguage, StringComparer.Ordinal);
    }

    public LocalizedText(string arabic, string english)
        : this(new Dictionary<string, string> { ["ar"] = arabic, ["en"] = english })
    {
    }

    public IReadOnlyDictionary<string, string> ByLanguage => _byLanguage;

    /// <summary>The text in <paramref name="language"/>; else in English for readers of other scripts; else in Arabic.</summary>
    public string In(string language) =>
        _byLanguage.TryGetValue(language, out var text) ? text
        : language != "ar" && _byLanguage.TryGetValue("en", out var english) ? english
        : _byLanguage["ar"];

    public bool Equals(LocalizedText? other) =>
        other is not null && _byLanguage.Count == other._byLanguage.Count
        && _byLanguage.All(pair => other._byLanguage.TryGetValue(pair.Key, out var text) && text == pair.Value);

    public override int GetHashCode() => _byLanguage["ar"].GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _byLanguage["ar"];
}
