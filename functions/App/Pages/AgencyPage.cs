using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Core.Text;

namespace Serverless940.Functions.Pages;

/// <summary>The page on which an agency reads what was referred to it, and answers. Works without scripts.</summary>
internal static class AgencyPage
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All);

    /// <summary>The report as the agency needs it, and a form for each of its three answers.</summary>
    public static string Question(Report report, string token, Policy policy, DateTime today, string language)
    {
        var html = new StringBuilder(4096);
        html.Append(Invariant($"<section><p class=\"number\">{E(report.Number)}</p><dl>"));
        Row(Say("التصنيف", "Category"), policy.Categories.TryGetValue(report.Category, out var category) ? category.Name.In(language) : report.Category);
        Row(Say("البلدية", "Municipality"), report.Municipality is { } id && policy.Municipalities.TryGetValue(id, out var place) ? place.Name.In(language) : null);
        Row(Say("المكان", "Place"), report.Place?.InWords);
        if (report.Place?.MapLink is { } map)
        {
            html.Append(Invariant($"<dt>{E(Say("الخريطة", "Map"))}</dt><dd><a href=\"{E(map)}\" rel=\"noreferrer\">{report.Place.Lat}, {report.Place.Lon}</a></dd>"));
        }

        Row(Say("الوصف", "What"), report.Text);
        Row(Say("ملاحظة الموظف", "From our staff"), report.Referral?.Note);
        Row(Say("عدد الصور", "Photos"), report.Photos.ToString(CultureInfo.InvariantCulture));
        html.Append("</dl></section>");
        Form("done", Say("عالجناه", "We dealt with it"), Note(Say("ما الذي تم؟", "What was done?")), Say("أرسلوا: عولج", "Send: done"));
        Form(
            "willDo", Say("نعالجه قبل تاريخ", "We will do it by a date"),
            Invariant($"<label>{E(Say("التاريخ", "Date"))} <input type=\"date\" name=\"by\" min=\"{today:yyyy-MM-dd}\" required></label>"),
            Say("أرسلوا التاريخ", "Send the date"));
        Form("notOurs", Say("ليس من اختصاصنا", "Not ours"), Note(Say("لماذا، ولمن هو إن عرفتم؟", "Why, and whose is it if you know?")), Say("أعيدوه إلينا", "Give it back"));
        return Page(language, new LocalizedText("بلاغ أحيل إليكم", "A report passed on to you"), html.ToString(), withSwitch: true);

        string Say(string arabic, string english) => language == "ar" ? arabic : english;

        static string Note(string title) => Invariant($"<label>{E(title)}<textarea name=\"note\" maxlength=\"2000\" required></textarea></label>");

        void Row(string title, string? value)
        {
            if (value is not null)
            {
                html.Append(Invariant($"<dt>{E(title)}</dt><dd>{E(value)}</dd>"));
            }
        }

        void Form(string outcome, string title, string fields, string button) => html.Append(Invariant(
            $"<section><h2>{E(title)}</h2><form method=\"post\" action=\"/api/agencies/answers/{token}?lang={language}\"><input type=\"hidden\" name=\"outcome\" value=\"{outcome}\">{fields}<button>{E(button)}</button></form></section>"));
    }

    /// <summary>One sentence: thanks, or why not.</summary>
    public static string Word(string language, LocalizedText words, IEnumerable<string> more) => Page(
        language, new LocalizedText("رد الجهة", "The agency's answer"),
        Invariant($"<section><p>{E(words.In(language))}</p>{string.Concat(more.Select(line => $"<p>{E(line)}</p>"))}</section>"), withSwitch: false);

    private static string Page(string language, LocalizedText title, string body, bool withSwitch)
    {
        var (other, name) = language == "ar" ? ("en", "English") : ("ar", "العربية");
        var link = withSwitch ? $"<a href=\"?lang={other}\" lang=\"{other}\">{name}</a>" : string.Empty;
        return Invariant(
            $"<!doctype html><html lang=\"{language}\" dir=\"{(language == "ar" ? "rtl" : "ltr")}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>{E(title.In(language))}</title><link rel=\"stylesheet\" href=\"{Assets.Address("page.css")}\"></head><body><main><header><h1>{E(title.In(language))}</h1>{link}</header>{body}</main></body></html>");
    }

    private static string E(string text) => Encoder.Encode(text);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
