using System.Collections.Frozen;

namespace Serverless940.Core.Text;

/// <summary>A language in which citizens are served (لغة المستفيد).</summary>
/// <param name="Code">BCP 47 primary subtag.</param>
/// <param name="Name">As its own speakers write it.</param>
/// <param name="Script">The script it is recognised by.</param>
/// <param name="Count">The form that a whole number takes.</param>
public sealed record Language(string Code, string Name, Script Script, Func<long, PluralForm> Count)
{
    public bool RightToLeft => Script == Script.Arabic;
}

/// <summary>The scripts of our languages.</summary>
public enum Script
{
    Arabic,
    Latin,
    Devanagari,
    Bengali,
    Malayalam,
    Ethiopic,
}

/// <summary>The languages that everything said to a citizen exists in, Arabic first.</summary>
public static class Languages
{
    public static IReadOnlyList<Language> All { get; } =
    [
        new("ar", "العربية", Script.Arabic, Plurals.Arabic),
        new("en", "English", Script.Latin, Plurals.OneIsOne),
        new("ur", "اردو", Script.Arabic, Plurals.OneIsOne),
        new("hi", "हिन्दी", Script.Devanagari, Plurals.NoneIsOne),
        new("bn", "বাংলা", Script.Bengali, Plurals.NoneIsOne),
        new("fil", "Filipino", Script.Latin, Plurals.Filipino),
        new("id", "Indonesia", Script.Latin, Plurals.Same),
        new("fr", "Français", Script.Latin, Plurals.French),
        new("tr", "Türkçe", Script.Latin, Plurals.OneIsOne),
        new("fa", "فارسی", Script.Arabic, Plurals.NoneIsOne),
        new("ml", "മലയാളം", Script.Malayalam, Plurals.OneIsOne),
        new("am", "አማርኛ", Script.Ethiopic, Plurals.NoneIsOne),
    ];

    private static readonly FrozenDictionary<string, Language> s_byCode = All.ToFrozenDictionary(language => language.Code, StringComparer.Ordinal);

    /// <summary>The language of a code, or <see langword="null"/> when we do not speak it.</summary>
    public static Language? Find(string? code) => code is null ? null : s_byCode.GetValueOrDefault(code);
}
