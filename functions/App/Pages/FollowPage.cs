using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Serverless940.Core.Messages;
using Serverless940.Core.Text;
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
        page.Append(Invariant($"<!doctype html><html lang=\"{language}\" dir=\"{(language == "ar" ? "rtl" : "ltr")}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>{E(Say("بلاغ", "Report"))} {report.Number}</title><link rel=\"stylesheet\" href=\"{Assets.Address("page.css")}\"></head><body><main>"));
        var (other, name) = language == "ar" ? ("en", "English") : ("ar", "العربية");
        page.Append(Invariant($"<header><h1>{E(Say("متابعة بلاغ", "Your report"))}</h1><a href=\"?lang={other}\" lang=\"{other}\">{name}</a></header>"));
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

        string Say(string arabic, string english) => language == "ar" ? arabic : english;

        void Sent(StringBuilder html, string number)
        {
            var thanks = sent switch
            {
                Rated => Say("وصل تقييمكم، شكرًا لكم.", "Your rating has arrived. Thank you."),
                FollowedUp => Say("وصلت متابعتكم إلى إدارة رضا المستفيد.", "Your message is with the satisfaction department."),
                _ => null,
            };
            if (thanks is not null)
            {
                html.Append(Invariant($"<section class=\"sent\" role=\"status\"><p>{E(thanks)}</p><a href=\"/r/{number}\">{E(Say("أين وصل البلاغ الآن؟", "Where does the report stand now?"))}</a></section>"));
            }
        }

        void Summary(StringBuilder html, ReportView view)
        {
            html.Append(Invariant($"<section><p class=\"number\">{view.Number}</p><p class=\"status\">{E(StatusWords(view.Status).In(language))}</p><dl>"));
            Row(html, Say("البلدية", "Municipality"), view.MunicipalityName);
            Row(html, Say("التصنيف", "Category"), view.CategoryName);
            Row(html, Say("الجهة", "Agency"), view.Agency is { } agency ? $"{agency.Name} {agency.Phone}" : null);
            Row(html, Say("استُلم", "Received"), view.ReceivedAt is { } received ? When(received) : null);
            Row(html, Say("المتوقع قبل", "Expected by"), view.DueAt is { } due && view.Status is not (ReportStatus.Closed or ReportStatus.Rejected) ? When(due) : null);
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

            html.Append(Invariant($"<section><h2>{E(Say("المرفقات", "Files"))}</h2><div class=\"photos\">"));
            foreach (var file in view.Attachments)
            {
                var address = $"/api/reports/{view.Number}/attachments/{file.Id}";
                var title = file.Purpose == AttachmentPurpose.Proof ? Say("بعد المعالجة", "After the repair") : Say("صورة البلاغ", "Photo of the report");
                html.Append(file.ContentType.StartsWith("image/", StringComparison.Ordinal)
                    ? Invariant($"<figure><a href=\"{address}\"><img src=\"{address}\" alt=\"{E(title)}\" loading=\"lazy\"></a><figcaption aria-hidden=\"true\">{E(title)}</figcaption></figure>")
                    : Invariant($"<audio controls preload=\"none\" src=\"{address}\"></audio>"));
            }

            html.Append("</div></section>");
        }

        void Steps(StringBuilder html, ReportView view)
        {
            html.Append(Invariant($"<section><h2>{E(Say("الخطوات", "Steps"))}</h2><ol>"));
            if (view.Timeline.Count == 0)
            {
                html.Append(Invariant($"<li>{E(Say("استلمنا بلاغكم ونعالجه الآن", "We received your report and are handling it"))}</li>"));
            }

            foreach (var step in view.Timeline)
            {
                html.Append(Invariant($"<li>{E(step.Text)}<time datetime=\"{step.At.UtcDateTime:O}\">{When(step.At)}</time></li>"));
            }

            html.Append("</ol></section>");
        }

        void Rating(StringBuilder html, string number)
        {
            html.Append(Invariant($"<section><h2>{E(Say("كيف كانت المعالجة؟", "How was it dealt with?"))}</h2><form method=\"post\" action=\"/r/{number}/rating\">"));
            Scale(html, "quality", Say("جودة المعالجة (5 ممتاز)", "Quality (5 is excellent)"));
            Scale(html, "speed", Say("سرعة المعالجة", "Speed"));
            html.Append(Invariant($"<fieldset><legend>{E(Say("هل حُلّت المشكلة؟", "Is the problem solved?"))}</legend><div class=\"choices\">"));
            foreach (var (value, words) in new[] { ("yes", Say("نعم", "Yes")), ("partly", Say("جزئيًا", "Partly")), ("no", Say("لا", "No")) })
            {
                html.Append(Invariant($"<label><input type=\"radio\" name=\"solved\" value=\"{value}\" required>{E(words)}</label>"));
            }

            html.Append(Invariant($"</div></fieldset><label>{E(Say("ملاحظة (اختياري)", "Comment (optional)"))}<textarea name=\"comment\" maxlength=\"2000\"></textarea></label><button>{E(Say("أرسلوا التقييم", "Send rating"))}</button></form></section>"));
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
            html.Append(Invariant($"<section><h2>{E(Say("لم يُلتفت إلى بلاغي", "I was ignored"))}</h2><form method=\"post\" action=\"/r/{number}/follow-up\"><label>{E(Say("ما الذي حدث؟ تصل رسالتكم إلى إدارة رضا المستفيد", "What happened? This goes to the satisfaction department"))}<textarea name=\"text\" maxlength=\"4000\" required></textarea></label><button>{E(Say("أرسلوا المتابعة", "Send"))}</button></form></section>"));
    }

    private static string When(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Riyadh).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static LocalizedText StatusWords(ReportStatus status) => status switch
    {
        ReportStatus.Received => new("استُلم", "Received"),
        ReportStatus.Assigned => new("لدى الجهة المختصة", "With the responsible department"),
        ReportStatus.InProgress => new("قيد المعالجة", "Being worked on"),
        ReportStatus.OnHold => new("بالانتظار", "Waiting"),
        ReportStatus.Referred => new("أُحيل إلى جهة أخرى", "Passed on"),
        ReportStatus.Resolved => new("تمت المعالجة ويجري التحقق", "Dealt with, being checked"),
        ReportStatus.Closed => new("مغلق", "Closed"),
        ReportStatus.Rejected => new("أُغلق دون معالجة", "Closed without work"),
        _ => new("ضُمّ إلى بلاغ سابق", "Joined with an earlier report"),
    };

    private static string E(string text) => Encoder.Encode(text);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
