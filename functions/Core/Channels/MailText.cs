using System.Text.RegularExpressions;

namespace Serverless940.Core.Channels;

/// <summary>
/// What a person wrote in an e-mail: without what the mail program quoted below it, without signature and the program's
/// own advertisement, in the manner of Arabic and English mail programs. Plain text only; HTML is read as text.
/// </summary>
public static partial class MailText
{
    // Beyond it nobody reads on, and a mail is a stranger's.
    private const int LongestText = 200_000;
    private const int LongestClosing = 80;
    private const int LinesAfterClosing = 6;

    /// <summary>The person's own words; <see langword="null"/> when there are none.</summary>
    /// <param name="plain">The plain part, if the mail has one.</param>
    /// <param name="html">The HTML part, which counts only without the other.</param>
    public static string? Read(string? plain, string? html)
    {
        var whole = Words.Clip(string.IsNullOrWhiteSpace(plain) ? html is null ? string.Empty : MailHtml.Read(html) : plain, LongestText);
        List<string> lines = [.. whole.ReplaceLineEndings("\n").Split('\n').Select(line => Marks().Replace(line, string.Empty).TrimEnd())];
        var own = Own(lines);
        if (!own.Exists(HasWords) && lines.FindIndex(line => Forwarded().IsMatch(line)) is >= 0 and var forward)
        {
            // Nothing of his own above it: what was passed on is what he wants to say.
            own = Own([.. lines.Skip(forward + 1).SkipWhile(line => !HasWords(line) || HeaderLine().IsMatch(line))]);
        }

        // Never more than one empty line between two others.
        return Words.Clean(string.Join('\n', own.Where((line, index) => HasWords(line) || (index > 0 && HasWords(own[index - 1])))));
    }

    private static bool HasWords(string line) => !string.IsNullOrWhiteSpace(line);

    private static List<string> Own(List<string> lines)
    {
        var end = lines.Count;
        for (var index = 0; index < end; index++)
        {
            if (EndsHere(lines, index))
            {
                end = index;
            }
        }

        var kept = lines.Take(end).Where(line => !Quoted().IsMatch(line)).ToList();
        if (Closing(kept) is { } closing)
        {
            kept.RemoveRange(closing, kept.Count - closing);
        }

        return kept;
    }

    private static bool EndsHere(List<string> lines, int index)
    {
        var line = lines[index];
        return Signature().IsMatch(line) || Advertisement().IsMatch(line) || Disclaimer().IsMatch(line) || Original().IsMatch(line) || Forwarded().IsMatch(line)
            || Introduces(lines, index)
            || IsHeaderBlock(lines, index);
    }

    // The introduction of a quote, which mail programs break over up to three lines. A person's own line right above it may
    // begin with the same word.
    private static bool Introduces(List<string> lines, int index) =>
        IsIntroduction(lines, index) && !IsIntroduction(lines, index + 1) && !IsIntroduction(lines, index + 2);

    private static bool IsIntroduction(List<string> lines, int index) =>
        index < lines.Count && QuoteStart().IsMatch(lines[index])
        && QuoteIntroduction().IsMatch(string.Join(' ', lines.Skip(index).Take(3).TakeWhile(HasWords).Select(part => part.Trim())));

    // From, sent, to and subject one under the other: an Outlook quote. One of them alone may be a person's words.
    private static bool IsHeaderBlock(List<string> lines, int index) =>
        FromLine().IsMatch(lines[index]) && lines.Skip(index + 1).Take(4).Count(line => HeaderLine().IsMatch(line)) >= 2;

    // «مع خالص التحية» and a few lines of name and telephone after it.
    private static int? Closing(List<string> lines)
    {
        var last = lines.FindLastIndex(HasWords);
        for (var index = last; index >= Math.Max(1, last - LinesAfterClosing); index--)
        {
            if (lines[index].Length <= LongestClosing && ClosingPhrase().IsMatch(lines[index]))
            {
                return index;
            }
        }

        return null;
    }

    [GeneratedRegex(@"[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")]
    private static partial Regex Marks();

    [GeneratedRegex(@"^\s*>")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\s*(?:--|—|__+)\s*$")]
    private static partial Regex Signature();

    [GeneratedRegex(@"^\s*(?:sent (?:from|via) (?:my|outlook|mail|yahoo|samsung|gmail|proton)\b|get outlook for\b|أُ?رسلت? من (?:ال|جهاز|هاتف|جوال|تطبيق|بريد|my\b)|مرسل(?:ة)? من |تم (?:ال)?إرسال\p{Mn}*\S* من (?:ال|جهاز|هاتف|جوال|تطبيق|بريد)|الحصول على outlook|احصل على outlook)", RegexOptions.IgnoreCase)]
    private static partial Regex Advertisement();

    [GeneratedRegex(@"^\s*(?:\*?\s*disclaimer\b|confidentiality notice\b|this (?:e-?mail|message)(?: and any)?.{0,60}(?:confidential|intended)|إخلاء (?:ال)?مسؤولية|تنويه\s*[:：]|هذه الرسالة.{0,60}(?:سرية|خاصة|موجهة))", RegexOptions.IgnoreCase)]
    private static partial Regex Disclaimer();

    [GeneratedRegex(@"^\s*[-_]{2,}\s*(?:original message|original appointment|الرسالة الأصلية|رسالة أصلية|الرسالة الاصلية)\s*[-_]{2,}", RegexOptions.IgnoreCase)]
    private static partial Regex Original();

    [GeneratedRegex(@"^\s*(?:[-_]{2,}\s*(?:forwarded message|رسالة معاد توجيهها|الرسالة المعاد توجيهها|رسالة محولة)|begin forwarded message\s*:|بدء الرسالة المحولة)", RegexOptions.IgnoreCase)]
    private static partial Regex Forwarded();

    [GeneratedRegex(@"^\s*(?:on|في|بتاريخ|يوم)\s", RegexOptions.IgnoreCase)]
    private static partial Regex QuoteStart();

    // With a number in it, as every date has, and the verb with a colon at the end of a line.
    [GeneratedRegex(@"^\s*(?:on\s.{0,200}\d.{0,200}\b(?:wrote|sent)\s*:|(?:في|بتاريخ|يوم)\s.{0,200}\d.{0,200}(?:كتبت?|كَتب|تمت كتابة ما يلي بواسطة|أرسلت?)\b.{0,200}:(?:\s|$))", RegexOptions.IgnoreCase)]
    private static partial Regex QuoteIntroduction();

    [GeneratedRegex(@"^\s*\*?(?:from|من)\s*\*?\s*[:：]", RegexOptions.IgnoreCase)]
    private static partial Regex FromLine();

    [GeneratedRegex(@"^\s*\*?(?:from|sent|date|to|cc|subject|reply-to|من|إلى|الى|نسخة|التاريخ|تاريخ|تاريخ الإرسال|تم الإرسال|الإرسال|إرسال|مرسل|الموضوع|موضوع|أرسلت)\s*\*?\s*[:：]", RegexOptions.IgnoreCase)]
    private static partial Regex HeaderLine();

    [GeneratedRegex(@"^\s*(?:(?:with )?(?:best|kind|warm)?\s*(?:regards|wishes)|yours (?:sincerely|faithfully|truly)|sincerely|cheers|(?:و?تقبلوا\s+)?(?:مع\s+)?(?:خالص\s+|فائق\s+|أطيب\s+|وافر\s+)?(?:ال)?(?:تحية|تحيات|تحياتي|تحياتنا|شكر والتقدير|احترام والتقدير|تقدير والاحترام)(?:\s+(?:والتقدير|والاحترام|الطيبة))*)\s*[,،.!]*\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex ClosingPhrase();
}
