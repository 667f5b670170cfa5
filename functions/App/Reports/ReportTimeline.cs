using System.Globalization;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Text;
using Serverless940.Functions.Platform.Reports;

namespace Serverless940.Functions.Reports;

/// <summary>A report's steps in words that its reporter understands.</summary>
public static class ReportTimeline
{
    private const int MostTerms = 3;

    /// <summary>One step, or <see langword="null"/> when it is not for the citizen.</summary>
    public static TimelineEntry? Entry(RecordedEvent recorded, Policy policy, string language)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        ArgumentNullException.ThrowIfNull(policy);
        return Words(recorded.Body, policy) is var (name, words) && words is not null
            ? new TimelineEntry(recorded.At, name, words.In(language))
            : null;
    }

    /// <summary>The first step as who follows another's report reads it.</summary>
    public static string ReceivedByOthers(string language) => T("استلمنا البلاغ", "The report came in").In(language);

    private static (string Name, LocalizedText? Words) Words(ReportEvent body, Policy policy) => body switch
    {
        Received received => ("received", Reception(received, policy)),
        Placed => ("placed", T("عرفنا الموقع من الصورة", "We read the place from the photo")),
        Assigned assigned => ("assigned", Assignment(assigned, policy)),
        AttachmentAdded { Attachment.Purpose: AttachmentPurpose.Proof } => ("attachmentAdded", T("أُرفقت صورة بعد المعالجة", "A photo of the repair was added")),
        AttachmentAdded { Attachment.Purpose: AttachmentPurpose.Report } => ("attachmentAdded", T("أُضيف مرفق", "A file was added")),
        Escalated escalated => ("escalated", T($"تأخر البلاغ فرُفع إلى المستوى {escalated.Level}", $"It was late, so it was raised to level {escalated.Level}")),
        Started => ("started", T("بدأت الفرقة العمل", "A team started work")),
        Commented { IsPublic: true } comment => ("commented", T(comment.Text, comment.Text)),
        Held held => ("held", T($"بالانتظار: {held.Reason}", $"Waiting: {held.Reason}")),
        Resumed { FromHold: true } => ("resumed", T("استؤنف العمل", "Work goes on")),
        Referred referred => ("referred", policy.Agencies.TryGetValue(referred.Agency, out var agency)
            ? T($"أُحيل إلى {agency.Name.In("ar")}، هاتف {agency.Phone ?? "-"}", $"Passed on to {agency.Name.In("en")}, phone {agency.Phone ?? "-"}")
            : T("أُحيل إلى جهة أخرى", "Passed on to another body")),
        AgencyAnswered { Outcome: AgencyOutcome.Done } done => ("agencyAnswered", Said(done, policy, "ذكرت {0} أنها عالجته", "{0} says that it dealt with it")),
        AgencyAnswered { Outcome: AgencyOutcome.WillDo, By: { } by } promised => ("agencyAnswered", Said(
            promised, policy, "تعالجه {0} قبل {1}", "{0} will deal with it by {1}", policy.Calendars[policy.City.Calendar].ToLocal(by))),
        Answered answered => ("answered", T(answered.Text, answered.Text)),
        Resolved => ("resolved", T("تمت المعالجة ويجري التحقق منها", "Dealt with; being checked")),
        SentBack => ("sentBack", T("لم يثبت الإصلاح فأُعيد إلى الفرقة", "Not found mended; sent back to the team")),
        Closed => ("closed", T("أُغلق البلاغ بعد التحقق", "Checked and closed")),
        Rejected rejected => ("rejected", T($"أُغلق دون معالجة: {rejected.Reason}", $"Closed without work: {rejected.Reason}")),
        Merged => ("merged", T("ضُم إلى بلاغ سابق", "Joined with an earlier report")),
        Unmerged => ("unmerged", T("فُصل عن البلاغ السابق", "Separated from the earlier report")),
        Reopened => ("reopened", T("أُعيد فتح البلاغ", "Opened again")),
        Reclassified reclassified => ("reclassified", policy.Categories.TryGetValue(reclassified.Category, out var category)
            ? T($"التصنيف: {category.Name.In("ar")}", $"Category: {category.Name.In("en")}")
            : T("تغير التصنيف", "The category changed")),
        Rated => ("rated", T("وصل تقييمكم", "Your rating arrived")),
        Raised => ("raised", T("زادت أولويته لكثرة متابعيه", "Many follow it, so it became more urgent")),
        Joined => ("joined", T("ضُمّ إليه بلاغ آخر عن الشيء نفسه", "Another report on the same thing was joined with it")),
        Differed => ("differed", T("ذكرتم أنه غير البلاغ المشابه", "You said that it is another thing than the similar report")),
        FollowedUp followUp => ("followedUp", T($"متابعة برقم {followUp.CaseNumber}", $"Follow-up {followUp.CaseNumber}")),
        _ => (string.Empty, null),
    };

    // What was read from his words is told to the citizen, who knows best whether it is so.
    private static LocalizedText Reception(Received received, Policy policy)
    {
        var (arabic, english) = ("استلمنا بلاغكم", "We received your report");
        if (received.Reading is not { } reading)
        {
            return T(arabic, english);
        }

        if (reading.Certain && reading.Category == received.Category && policy.Categories.TryGetValue(reading.Category, out var category))
        {
            var terms = string.Join("، ", reading.Terms.Take(MostTerms));
            arabic += $"، وفهمنا من وصفكم ({terms}) أنه: {category.Name.In("ar")}";
            english += $" and read from your words ({terms}) that it is: {category.Name.In("en")}";
        }

        return reading.Hazards.Count == 0 ? T(arabic, english)
            : T($"{arabic}. نعامله حالة طارئة: {reading.Hazards[0]}", $"{english}. We treat it as an emergency: {reading.Hazards[0]}");
    }

    private static LocalizedText Said(AgencyAnswered answered, Policy policy, string arabic, string english, DateTime? by = null)
    {
        var name = policy.Agencies.TryGetValue(answered.Agency, out var agency) ? agency.Name : T("الجهة", "The agency");
        var date = by?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return T(string.Format(CultureInfo.InvariantCulture, arabic, name.In("ar"), date), string.Format(CultureInfo.InvariantCulture, english, name.In("en"), date));
    }

    private static LocalizedText Assignment(Assigned assigned, Policy policy) =>
        assigned.Municipality is { } id && policy.Municipalities.TryGetValue(id, out var municipality)
            ? T($"أُحيل إلى {municipality.Name.In("ar")}", $"Sent to {municipality.Name.In("en")}")
            : T("يوجهه موظف إلى المختص", "A person is routing it");

    private static LocalizedText T(string arabic, string english) => new(arabic, english);
}
