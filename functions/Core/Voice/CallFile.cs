using Serverless940.Core.Messages;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Voice;

/// <summary>A call as it is kept: what is open in it. Stored as JSON; members may be added, not renamed.</summary>
/// <param name="Sequence">The newest step known.</param>
/// <param name="IsOver">Whether the call ended.</param>
public sealed record CallFile(int Sequence, CallDraft? Draft, bool IsOver, string Language, bool ByVoice)
{
    /// <summary>
    /// Takes one step in. When the call is over and something was left open, it becomes a report if there is enough of
    /// it, and is kept for the agents if not; a step that comes after the end is treated the same.
    /// </summary>
    public static (CallFile After, SubmitReport? Submit, KeptCall? Kept) Take(CallFile? before, CallSaid said)
    {
        ArgumentNullException.ThrowIfNull(said);
        before ??= new CallFile(-1, null, false, said.Language, false);
        var newer = said.Sequence > before.Sequence && said.End != CallEnd.Over;
        var after = before with
        {
            Sequence = newer ? said.Sequence : before.Sequence,
            Draft = newer ? said.Draft : before.Draft,
            Language = newer ? said.Language : before.Language,
            ByVoice = newer ? said.ByVoice ?? before.ByVoice : before.ByVoice,
            IsOver = before.IsOver || said.End != CallEnd.GoesOn,
        };
        if (after is not { IsOver: true, Draft: { } open })
        {
            return (after, null, null);
        }

        var submit = said.End == CallEnd.HandedOver ? null : ReportOf(open, said.Phone, after.Language, after.ByVoice, said.At);
        var kept = submit is null ? new KeptCall(open, said.Phone, after.Language, said.End == CallEnd.HandedOver, said.At) : null;
        return (after with { Draft = null }, submit, kept);
    }

    /// <summary>The report that an open draft makes, when it says what is wrong and where, or whom to ask.</summary>
    public static SubmitReport? ReportOf(CallDraft draft, string? phone, string language, bool byVoice, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (draft.Purpose != CallPurpose.NewReport || (draft.Category is null && draft.Recording is null) || (draft.Place is null && phone is null))
        {
            return null;
        }

        return new SubmitReport
        {
            Number = draft.Number,
            CommandId = "submit-" + draft.SourceHash,
            At = at,
            Actor = Actor.Citizen,
            SourceHash = draft.SourceHash,
            Channel = Channel.Phone,
            Kind = draft.Category?.StartsWith(EnquiryGroup, StringComparison.Ordinal) == true ? ReportKind.Enquiry : ReportKind.Report,
            Category = draft.Category,
            Place = draft.Place,
            // The call comes from it: the network vouches for the number.
            Reporter = new Reporter(phone, phone is not null, null, language, ByVoice: byVoice),
        };
    }

    private const string EnquiryGroup = "enquiry.";
}

/// <summary>What a caller left open and no report could be made of (مكالمة لم تكتمل): an agent calls back.</summary>
/// <param name="HandedOver">Whether an agent already had the caller on the line.</param>
public sealed record KeptCall(CallDraft Draft, string? Phone, string Language, bool HandedOver, DateTimeOffset At);
