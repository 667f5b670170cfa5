using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using Serverless940.Core.Text;

namespace Serverless940.Core.Channels;

/// <summary>What a whole message is for, when it is no content.</summary>
internal enum Intent
{
    None,
    Greeting,
    Thanks,
    Help,
    Person,
    Arabic,
    English,
    Restart,
    Status,
    DoNotKnow,
}

/// <summary>
/// Recognises the few messages that steer the dialogue. Only a message that says nothing else counts: «مرحبا، عمود مكسور»
/// is a report.
/// </summary>
internal static partial class Intents
{
    private static readonly FrozenSet<string> s_greetings = Set(
        "السلام", "عليكم", "سلام", "ورحمه", "الله", "وبركاته", "وعليكم", "مرحبا", "مرحبتين", "اهلا", "اهلين", "وسهلا", "هلا", "يا", "صباح", "مساء",
        "الخير", "النور", "حياكم", "تحيه", "طيبه", "اخي", "اختي", "hi", "hello", "hey", "good", "morning", "evening", "afternoon", "salam",
        "salaam", "alaikum", "assalamu", "there", "dear", "sir", "madam");

    private static readonly FrozenSet<string> s_thanks = Set(
        "شكرا", "شكر", "جزيلا", "لكم", "مشكور", "مشكورين", "يعطيكم", "يعطيك", "العافيه", "جزاك", "جزاكم", "خيرا", "خير", "الله", "تسلم", "تسلمون",
        "تمام", "تم", "طيب", "حسنا", "اوكي", "ok", "okay", "thanks", "thank", "you", "very", "much", "great", "thx");

    private static readonly FrozenDictionary<string, Intent> s_phrases = Phrases(
        (Intent.Help, ["مساعده", "المساعده", "ساعدوني", "help", "menu", "القائمه", "كيف ابلغ", "كيف اقدم بلاغ", "how", "how do i report"]),
        (Intent.Person, ["موظف", "مامور", "كلموني", "اريد موظف", "ابغي موظف", "ابي موظف", "agent", "human", "person", "call me", "operator"]),
        (Intent.Arabic, ["عربي", "العربيه", "بالعربي", "عربى", "arabic"]),
        (Intent.English, ["english", "انجليزي", "انقليزي", "الانجليزيه", "بالانجليزي", "in english"]),
        (Intent.Restart, ["جديد", "بلاغ جديد", "من جديد", "ابدا من جديد", "الغاء", "الغ", "new", "new report", "restart", "start over", "start again", "cancel", "reset"]),
        (Intent.Status, ["وين بلاغي", "اين بلاغي", "وش صار على بلاغي", "ايش صار على بلاغي", "حاله البلاغ", "حاله بلاغي", "متابعه", "متابعه بلاغ", "status",
            "where is my report", "report status", "track", "track my report"]),
        (Intent.DoNotKnow, ["لا", "لا اعرف", "لا ادري", "ما ادري", "ما اعرف", "مدري", "لا يوجد", "تخط", "تخطي", "no", "skip", "none", "i dont know", "dont know",
            "not sure", "no idea", "لا استطيع", "ما اقدر"]));

    // «الشارع» is any street; «شارع الخليج» is one.
    private static readonly FrozenSet<string> s_whereabouts = Set(
        "حي", "شارع", "طريق", "دوار", "مخطط", "ضاحيه", "مقابل", "بجانب", "بجوار", "قرب", "street", "st", "road", "rd", "district", "avenue", "ave", "near",
        "opposite", "beside");

    private static readonly FrozenDictionary<string, ReportKind> s_kinds = new Dictionary<string, ReportKind>
    {
        ["بلاغ"] = ReportKind.Report,
        ["شكوي"] = ReportKind.Complaint,
        ["complaint"] = ReportKind.Complaint,
        ["استفسار"] = ReportKind.Enquiry,
        ["سوال"] = ReportKind.Enquiry,
        ["سؤال"] = ReportKind.Enquiry,
        ["enquiry"] = ReportKind.Enquiry,
        ["inquiry"] = ReportKind.Enquiry,
        ["question"] = ReportKind.Enquiry,
        ["ملاحظه"] = ReportKind.Observation,
        ["observation"] = ReportKind.Observation,
        ["اقتراح"] = ReportKind.Suggestion,
        ["suggestion"] = ReportKind.Suggestion,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Intent Of(string text)
    {
        var words = Words.Fold(text);
        if (words.Count is 0 or > 8)
        {
            return Intent.None;
        }

        return s_phrases.TryGetValue(string.Join(' ', words), out var intent) ? intent
            : words.All(s_greetings.Contains) ? Intent.Greeting
            : words.All(word => s_thanks.Contains(word) || s_greetings.Contains(word)) ? Intent.Thanks
            : Intent.None;
    }

    /// <summary>The kind that the first word names, as in «استفسار: متى يفتح السوق؟».</summary>
    public static ReportKind KindOf(string text) =>
        Words.Fold(text) is [var first, ..] && s_kinds.TryGetValue(first, out var kind) ? kind : ReportKind.Report;

    /// <summary>Fourteen digits in a short message, in groups or not, whether or not their check digit holds.</summary>
    public static string? NumberIn(string text) =>
        text.Length <= 80 && Number().Match(Digits.ToWestern(text)) is { Success: true } match && Words.Fold(text).Count(word => !char.IsDigit(word[0])) <= 4
            ? string.Concat(match.Value.Where(char.IsAsciiDigit))
            : null;

    /// <summary>Whether words say where something is: a street, a district, what it is beside of.</summary>
    public static bool PointsSomewhere(string text) => Words.Fold(text).Any(s_whereabouts.Contains);

    [GeneratedRegex(@"(?<![\d.,])\d(?:[ -]?\d){13}(?![\d.,])")]
    private static partial Regex Number();

    private static FrozenSet<string> Set(params string[] words) => words.ToFrozenSet(StringComparer.Ordinal);

    private static FrozenDictionary<string, Intent> Phrases(params (Intent Intent, string[] Texts)[] table) => table
        .SelectMany(row => row.Texts.Select(text => (Text: string.Join(' ', Words.Fold(text)), row.Intent)))
        .DistinctBy(pair => pair.Text, StringComparer.Ordinal)
        .ToFrozenDictionary(pair => pair.Text, pair => pair.Intent, StringComparer.Ordinal);
}
