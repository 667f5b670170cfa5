using System.Collections.Frozen;
using System.Text.Json;
using Serverless940.Core.Messages;
using Serverless940.Core.Text;

namespace Serverless940.Functions.Pages;

/// <summary>The words of the pages that follow a report, in every language in which citizens are served.</summary>
internal static class PageWords
{
    private static readonly FrozenDictionary<string, IReadOnlyDictionary<string, string>> s_texts = Languages.All
        .ToFrozenDictionary(language => language.Code, language => PageTemplate.Texts("follow", language.Code), StringComparer.Ordinal);

    /// <summary>How the page is left for another language, without scripts.</summary>
    public static string Choice(string language) =>
        $"<details><summary lang=\"{language}\">{Languages.Find(language)!.Name}</summary>"
        + string.Join(' ', Languages.All.Where(other => other.Code != language).Select(other =>
            $"<a href=\"?lang={other.Code}\" lang=\"{other.Code}\" dir=\"{DirectionOf(other.Code)}\">{other.Name}</a>"))
        + "</details>";

    public static string Of(string name, string language) => s_texts[language][name];

    public static string Of(ReportStatus status, string language) =>
        Of("status." + JsonNamingPolicy.CamelCase.ConvertName(status.ToString()), language);

    public static string DirectionOf(string language) => Languages.Find(language)!.RightToLeft ? "rtl" : "ltr";
}
