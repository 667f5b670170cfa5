using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Serverless940.Core.Insights;

namespace Serverless940.Functions.Insights;

/// <summary>The bulletin as a page, for screens and for paper. It needs nothing but itself.</summary>
internal static class BulletinPage
{
    private const string Style = """
        :root { color-scheme: light; --ink: #16211d; --quiet: #5a6963; --paper: #fff; --ground: #eef2f0; --line: #d5ddd9; --accent: #0b6b4f; --pale: #dcebe4; }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 1.0625rem/1.75 "IBM Plex Sans Arabic", "Noto Naskh Arabic", "Segoe UI", Tahoma, system-ui, sans-serif; }
        main { max-inline-size: 54rem; margin-inline: auto; padding: clamp(0.75rem, 3vw, 2rem); }
        article { background: var(--paper); border: 1px solid var(--line); border-block-start: 0.375rem solid var(--accent); border-radius: 0.5rem; padding: clamp(1rem, 4vw, 2.5rem); }
        header { display: flex; justify-content: space-between; gap: 1rem; align-items: start; }
        h1 { margin: 0; font-size: clamp(1.375rem, 4vw, 1.875rem); line-height: 1.3; color: var(--accent); }
        h2 { margin: 2rem 0 0.75rem; font-size: 1.125rem; }
        p { margin: 0 0 0.5rem; }
        .city { font-weight: 600; margin: 0.25rem 0 0; }
        .when, .fine { color: var(--quiet); }
        .fine { font-size: 0.875rem; margin-block-start: 1.5rem; border-block-start: 1px solid var(--line); padding-block-start: 0.75rem; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.75rem, 1fr)); gap: 0.75rem; margin: 1.5rem 0; padding: 0; list-style: none; }
        .tiles li { background: var(--pale); border-radius: 0.5rem; padding: 0.75rem 1rem; }
        .tiles strong { display: block; font-size: 1.75rem; line-height: 1.25; color: var(--accent); }
        .tiles span { color: var(--quiet); font-size: 0.9375rem; }
        table { inline-size: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th { text-align: start; color: var(--quiet); font-weight: 600; font-size: 0.875rem; }
        th, td { padding: 0.375rem 0.25rem; border-block-end: 1px solid var(--line); }
        td.n, th.n { text-align: end; white-space: nowrap; }
        meter { inline-size: 100%; min-inline-size: 3rem; block-size: 0.75rem; display: block; appearance: none; border: 0; background: none; }
        meter::-webkit-meter-bar { background: var(--pale); border: 0; border-radius: 0.375rem; block-size: 0.75rem; }
        meter::-webkit-meter-optimum-value { background: var(--accent); border-radius: 0.375rem; }
        meter::-moz-meter-bar { background: var(--accent); }
        .bar { inline-size: 30%; }
        a { color: var(--accent); white-space: nowrap; }
        a:focus-visible { outline: 3px solid #9a4a00; outline-offset: 2px; }
        @media (max-width: 34rem) { .bar { display: none; } }
        @page { size: A4; margin: 18mm; }
        @media print {
          body { background: none; font-size: 11pt; }
          main { padding: 0; max-inline-size: none; }
          article { border: 0; border-block-start: 0.375rem solid var(--accent); padding: 1rem 0 0; }
          .tiles li, meter, meter::-webkit-meter-bar, meter::-webkit-meter-optimum-value { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          .screen { display: none; }
          tr, li, p { break-inside: avoid; }
        }
        """;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All);

    /// <summary>Nothing may be loaded, and no style but this one applies.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static string Render(Bulletin bulletin, IQueryCollection query)
    {
        var texts = BulletinTexts.In(bulletin.Language);
        var other = bulletin.Language == "ar" ? "en" : "ar";
        var page = new StringBuilder(8192);
        page.Append(Invariant($"<!doctype html><html lang=\"{bulletin.Language}\" dir=\"{(bulletin.Language == "ar" ? "rtl" : "ltr")}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{E(bulletin.Title)} – {E(bulletin.PeriodName)}</title><style>{Style}</style></head><body><main><article>"));
        page.Append(Invariant($"<header><div><h1>{E(bulletin.Title)}</h1><p class=\"city\">{E(bulletin.City)}</p><p class=\"when\">{E(bulletin.PeriodName)}<br>{E(bulletin.Gregorian)}</p></div><a class=\"screen\" href=\"{E(Link(query, other))}\" lang=\"{other}\" hreflang=\"{other}\">{E(texts["language.other"])}</a></header>"));
        if (bulletin.Tiles.Count > 0)
        {
            page.Append("<ul class=\"tiles\">");
            foreach (var tile in bulletin.Tiles)
            {
                page.Append(Invariant($"<li><strong>{E(tile.Value)}</strong><span>{E(tile.Label)}</span></li>"));
            }

            page.Append("</ul>");
        }

        foreach (var sentence in bulletin.Sentences)
        {
            page.Append(Invariant($"<p>{E(sentence)}</p>"));
        }

        Table(page, bulletin, texts);
        return page.Append(Invariant($"<p class=\"fine\">{E(bulletin.AsOf)}<br>{E(bulletin.Note)}</p></article></main></body></html>")).ToString();
    }

    private static void Table(StringBuilder page, Bulletin bulletin, BulletinTexts texts)
    {
        if (bulletin.Municipalities.Count == 0)
        {
            return;
        }

        var most = bulletin.Municipalities.Max(line => line.Received);
        page.Append(Invariant($"<h2>{E(texts["chart"])}</h2><table><thead><tr><th>{E(texts["column.name"])}</th><th class=\"bar\"></th><th class=\"n\">{E(texts["column.received"])}</th><th class=\"n\">{E(texts["column.closed"])}</th><th class=\"n\">{E(texts["column.before"])}</th></tr></thead><tbody>"));
        foreach (var line in bulletin.Municipalities)
        {
            page.Append(Invariant($"<tr><td>{E(line.Name)}</td><td class=\"bar\"><meter min=\"0\" max=\"{most}\" value=\"{line.Received}\" aria-hidden=\"true\"></meter></td><td class=\"n\">{texts.Number(line.Received)}</td><td class=\"n\">{Number(line.Closed)}</td><td class=\"n\">{Number(line.Before)}</td></tr>"));
        }

        page.Append("</tbody></table>");

        string Number(int? count) => count is { } known ? texts.Number(known) : "–";
    }

    // The same bulletin in the other language.
    private static string Link(IQueryCollection query, string language) => "?" + string.Join('&', query
        .Where(pair => pair.Key is "from" or "to" or "calendar" or "format")
        .Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value.ToString())}").Append("lang=" + language));

    private static string E(string text) => Encoder.Encode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
