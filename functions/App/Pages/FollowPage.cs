using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Reports;

namespace Serverless940.Functions.Pages;

/// <summary>The page on which a citizen sees where his report stands, and says what he thinks of it. Works without scripts.</summary>
internal static class FollowPage
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All);
    private static readonly TimeZoneInfo Riyadh = TimeZoneInfo.FindSystemTimeZoneById("Asia/Riyadh");

    /// <summary>What a form sent, as the address says it afterwards.</summary>
    public const string Rated = "rating";

    public const string FollowedUp = "follow-up";

    /// <param name="sent">What its reader has just sent: thanked for, and not asked for again.</param>
    public static string Render(ReportView report, string language, string? sent = null)
    {
        var page = new StringBuilder(8192);
        page.Append(Invariant($"<!doctype html><html lang=\"{language}\" dir=\"{PageWords.DirectionOf(language)}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>{E(Say("title"))} {report.Number}</title><link rel=\"stylesheet\" href=\"{Assets.Address("page.css")}\"></head><body><main>"));
        page.Append(Invariant($"<header><h1>{E(Say("heading"))}</h1>{PageWords.Choice(language)}</header>"));
        Sent(page, report.Number);
        Summary(page, report);
        Photos(page, report);
        Steps(page, report);
        if (report.CanRate && sent != Rated)
        {
            Rating(page, report.Number);
        }

        if (report.CanFollowUp && sent != FollowedUp)
        {
            FollowUp(page, report.Number);
        }

        return page.Append("</main></body></html>").ToString();

        string Say(string name) => PageWords.Of(name, language);

        void Sent(StringBuilder html, string number)
        {
            var thanks = sent switch
            {
                Rated => Say("rated"),
                FollowedUp => Say("followedUp"),
                _ => null,
            };
            if (thanks is not null)
            {
                html.Append(Invariant($"<section class=\"sent\" role=\"status\"><p>{E(thanks)}</p><a href=\"/r/{number}\">{E(Say("whereNow"))}</a></section>"));
            }
        }

        void Summary(StringBuilder html, ReportView view)
        {
            html.Append(Invariant($"<section><p class=\"number\">{view.Number}</p><p class=\"status\">{E(PageWords.Of(view.Status, language))}</p><dl>"));
            Row(html, Say("municipality"), view.MunicipalityName);
            Row(html, Say("category"), view.CategoryName);
            Row(html, Say("agency"), view.Agency is { } agency ? $"{agency.Name} {agency.Phone}" : null);
            Row(html, Say("received"), view.ReceivedAt is { } received ? When(received) : null);
            Row(html, Say("expected"), view.DueAt is { } due && view.Status is not (ReportStatus.Closed or ReportStatus.Rejected) ? When(due) : null);
            html.Append("</dl></section>");
        }

        static void Row(StringBuilder html, string title, string? value)
        {
            if (value is not null)
            {
                html.Append(Invariant($"<dt>{E(title)}</dt><dd>{E(value)}</dd>"));
            }
        }

        void Photos(StringBuilder html, ReportView view)
        {
            if (view.Attachments.Count == 0)
            {
                return;
            }

            html.Append(Invariant($"<section><h2>{E(Say("files"))}</h2><div class=\"photos\">"));
            foreach (var file in view.Attachments)
            {
                var address = $"/api/reports/{view.Number}/attachments/{file.Id}";
                var title = file.Purpose == AttachmentPurpose.Proof ? Say("afterRepair") : Say("photo");
                html.Append(file.ContentType.StartsWith("image/", StringComparison.Ordinal)
                    ? Invariant($"<figure><a href=\"{address}\"><img src=\"{address}\" alt=\"{E(title)}\" loading=\"lazy\"></a><figcaption aria-hidden=\"true\">{E(title)}</figcaption></figure>")
                    : Invariant($"<audio controls preload=\"none\" src=\"{address}\"></audio>"));
            }

            html.Append("</div></section>");
        }

        void Steps(StringBuilder html, ReportView view)
        {
            html.Append(Invariant($"<section><h2>{E(Say("steps"))}</h2><ol>"));
            if (view.Timeline.Count == 0)
            {
                html.Append(Invariant($"<li>{E(Say("handling"))}</li>"));
            }

            foreach (var step in view.Timeline)
            {
                html.Append(Invariant($"<li>{E(step.Text)}<time datetime=\"{step.At.UtcDateTime:O}\">{When(step.At)}</time></li>"));
            }

            html.Append("</ol></section>");
        }

        void Rating(StringBuilder html, string number)
        {
            html.Append(Invariant($"<section><h2>{E(Say("howWasIt"))}</h2><form method=\"post\" action=\"/r/{number}/rating\">"));
            Scale(html, "quality", Say("quality"));
            Scale(html, "speed", Say("speed"));
            html.Append(Invariant($"<fieldset><legend>{E(Say("solved"))}</legend><div class=\"choices\">"));
            foreach (var (value, words) in new[] { ("yes", Say("yes")), ("partly", Say("partly")), ("no", Say("no")) })
            {
                html.Append(Invariant($"<label><input type=\"radio\" name=\"solved\" value=\"{value}\" required>{E(words)}</label>"));
            }

            html.Append(Invariant($"</div></fieldset><label>{E(Say("comment"))}<textarea name=\"comment\" maxlength=\"2000\"></textarea></label><button>{E(Say("rate"))}</button></form></section>"));
        }

        static void Scale(StringBuilder html, string field, string title)
        {
            html.Append(Invariant($"<fieldset><legend>{E(title)}</legend><div class=\"choices\">"));
            for (var value = 1; value <= 5; value++)
            {
                html.Append(Invariant($"<label><input type=\"radio\" name=\"{field}\" value=\"{value}\" required>{value}</label>"));
            }

            html.Append("</div></fieldset>");
        }

        void FollowUp(StringBuilder html, string number) =>
            html.Append(Invariant($"<section><h2>{E(Say("ignored"))}</h2><form method=\"post\" action=\"/r/{number}/follow-up\"><label>{E(Say("whatHappened"))}<textarea name=\"text\" maxlength=\"4000\" required></textarea></label><button>{E(Say("sendFollowUp"))}</button></form></section>"));
    }

    private static string When(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Riyadh).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string E(string text) => Encoder.Encode(text);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
