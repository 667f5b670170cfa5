using System.Collections.Frozen;

namespace Serverless940.Core.Text;

/// <summary>A refusal as its caller reads it (RFC 9457): a stable code, an HTTP status and words in two languages.</summary>
/// <param name="Code">Machine code; the last part of the problem's type.</param>
/// <param name="Status">HTTP status code.</param>
public sealed record Problem(string Code, int Status, LocalizedText Title);

/// <summary>Every problem that the centre answers with, by code.</summary>
public static class Problems
{
    private static readonly FrozenDictionary<string, Problem> ByCode = new[]
    {
        P("invalidJson", 400, "النص المرسل ليس JSON صحيحًا", "The body is not valid JSON"),
        P("invalidRequest", 400, "في الطلب ما يحتاج تصحيحًا", "Something in the request needs correcting"),
        P("invalidIdempotencyKey", 400, "مفتاح التكرار من 16 إلى 128 حرفًا", "The idempotency key has 16 to 128 characters"),
        P("tooSlow", 408, "لم يصل الطلب كاملًا في وقته", "The request did not come whole in time"),
        P("tooLarge", 413, "الطلب أكبر من المسموح", "The request is larger than allowed"),
        P("unsupportedMediaType", 415, "نوع المحتوى غير مدعوم", "This content type is not supported"),
        P("unauthorized", 401, "لم تثبت صلاحية الوصول", "No valid proof of access"),
        P("forbidden", 403, "لا تسمح صلاحيتكم بهذا", "Your role does not allow this"),
        P("notFound", 404, "لم نجد ما طلبتم", "Not found"),
        P("tooManyRequests", 429, "طلبات كثيرة، حاولوا بعد قليل", "Too many requests; try again shortly"),
        P("unavailable", 503, "الخدمة غير متاحة الآن، حاولوا بعد قليل", "The service is not available now; try again shortly"),
        P("photoUnrecognised", 422, "الملف ليس صورة ولا تسجيلًا صوتيًا نعرفه", "The file is no photo or recording that we know"),
        P("photoUnsupported", 422, "لا نقبل هذا النوع، أرسلوا الصورة بصيغة JPEG", "This kind is not accepted; please send a JPEG"),
        P("photoTooManyPixels", 422, "أبعاد الصورة أكبر من 50 ميغابكسل", "The picture has more than 50 megapixels"),
        P("photoDamaged", 422, "الملف ناقص أو تالف", "The file is cut off or damaged"),
        P("unknownReport", 404, "لا يوجد بلاغ بهذا الرقم", "There is no report of this number"),
        P("notAllowedInStatus", 409, "لا تسمح حالة البلاغ بهذا الإجراء", "The report's status does not allow this"),
        P("alreadyRated", 410, "قُيّم هذا الإغلاق من قبل", "This closing has been rated already"),
        P("ratingOver", 410, "انتهت مدة التقييم", "The time to rate is over"),
        P("enquiryNeedsAnswer", 409, "الاستفسار ينتهي بجواب", "An enquiry ends with an answer"),
        P("notAnEnquiry", 409, "الجواب للاستفسارات فقط", "Only an enquiry can be answered"),
        P("verifierIsFixer", 409, "يتحقق من الإغلاق غير من أصلح", "Someone other than the fixer verifies"),
        P("proofRequired", 409, "الإغلاق يحتاج صورة بعد الإصلاح", "Closing needs a photo of the repair"),
        P("noteOrProofRequired", 409, "الإغلاق يحتاج صورة أو ملاحظة", "Closing needs a photo or a note"),
        P("unknownCategory", 409, "لا يوجد تصنيف بهذا الرمز", "There is no category of this code"),
        P("unknownAgency", 409, "لا توجد جهة بهذا الرمز", "There is no agency of this code"),
        P("unknownDepartment", 409, "لا توجد إدارة بهذا الرمز", "There is no department of this code"),
        P("unknownMunicipality", 409, "لا توجد بلدية بهذا الرمز", "There is no municipality of this code"),
        P("unknownTeam", 409, "لا توجد فرقة بهذا الرمز في الإدارة", "The department has no team of this code"),
        P("unknownAttachment", 409, "لا يوجد مرفق بهذا الرمز في البلاغ", "The report has no attachment of this id"),
        P("tooManyAttachments", 409, "بلغ البلاغ أقصى عدد من المرفقات", "The report has as many attachments as it may"),
        P("tooManyFollowUps", 409, "تابعتم هذا البلاغ مرات كثيرة، وهو لدى إدارة رضا المستفيد", "This report has been followed up many times; the satisfaction department has it"),
        P("referralOver", 410, "أُجيب عن هذه الإحالة من قبل، أو لم تعد لدى جهتكم", "This referral was answered already, or is no longer with you"),
        P("referralLinkOver", 410, "انتهت مدة هذا الرابط، فاتصلوا على 940", "The time of this link is over; please call 940"),
        P("promiseTooLate", 409, "لا يقبل موعد آخر لهذا البلاغ، فقد انتهت المدة كلها", "No further date can be taken for this report: all of its time is over"),
        P("holdTooLong", 409, "أقصى انتظار 30 يومًا", "A hold lasts 30 days at most"),
        P("holdInThePast", 409, "موعد نهاية الانتظار مضى", "The hold would have ended already"),
        P("mergeIntoItself", 409, "لا يضم البلاغ إلى نفسه", "A report cannot be merged into itself"),
        P("mergeIntoMerged", 409, "ذلك البلاغ مضموم إلى غيره، فضموه إلى ذاك", "That report is itself joined with another; join with that one"),
        P("mergeIntoClosed", 409, "ذلك البلاغ مغلق", "That report is closed"),
        P("mergeOfMain", 409, "ضُمّت إلى هذا البلاغ بلاغات أخرى، فافصلوها أولًا", "Others are joined with this report; separate them first"),
        P("tooManyFollowers", 409, "بلغ عدد المتابعين أقصاه", "The report has as many followers as it may"),
        P("followOver", 410, "انتهى وقت هذا الاقتراح", "The time of this suggestion is over"),
        P("reasonRequired", 409, "السبب مطلوب", "A reason is needed"),
        P("notYours", 403, "البلاغ خارج نطاقكم", "The report is outside of your scope"),
    }.ToFrozenDictionary(problem => problem.Code);

    /// <exception cref="KeyNotFoundException">There is no problem of this code.</exception>
    public static Problem Of(string code) => ByCode[code];

    public static IEnumerable<Problem> All => ByCode.Values;

    private static Problem P(string code, int status, string arabic, string english) => new(code, status, new LocalizedText(arabic, english));
}

/// <summary>One field of a request that needs correcting.</summary>
/// <param name="Field">Path of the field, as the caller wrote it.</param>
public sealed record FieldError(string Field, LocalizedText Reason);
