using System.Text.Json.Serialization;
using Serverless940.Core.Messages;
using Serverless940.Core.Text;

namespace Serverless940.Core.Reports;

/// <summary>What comes of a command: a closed set.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>These events happen, in this order.</summary>
    public sealed record Accepted(IReadOnlyList<ReportEvent> Events) : Decision;

    /// <summary>Nothing happens, and nobody needs to hear of it: done before, or no longer due.</summary>
    public sealed record Ignored(string Reason) : Decision;

    /// <summary>Nothing happens, and the sender is told why.</summary>
    public sealed record Refused(Refusal Reason) : Decision;

    /// <summary>The number belongs to a report of another source: the next of the series is to be tried.</summary>
    public sealed record NumberTaken : Decision;
}

/// <summary>Why a command was refused: the problem's machine code.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Refusal>))]
public enum Refusal
{
    UnknownReport,
    NotAllowedInStatus,
    AlreadyRated,
    RatingOver,
    EnquiryNeedsAnswer,
    NotAnEnquiry,
    VerifierIsFixer,
    ProofRequired,
    NoteOrProofRequired,
    UnknownCategory,
    UnknownAgency,
    UnknownDepartment,
    UnknownMunicipality,
    UnknownTeam,
    UnknownAttachment,
    TooManyAttachments,
    TooManyFollowUps,
    ReferralOver,
    PromiseTooLate,
    HoldTooLong,
    HoldInThePast,
    MergeIntoItself,
    MergeIntoMerged,
    MergeIntoClosed,
    MergeOfMain,
    TooManyFollowers,
    ReasonRequired,
    NotYours,
}
