using System.Text.Json.Serialization;
using Serverless940.Core.Text;

namespace Serverless940.Core.Messages;

/// <summary>What a caller is about.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CallPurpose>))]
public enum CallPurpose
{
    NewReport,
    FollowUp,
    Rating,
}

/// <summary>What was said so far and is not sent yet: a hang-up must not lose it.</summary>
/// <param name="SourceHash">Source identity of what it becomes.</param>
/// <param name="Number">The report's number: computed for a new one, keyed in for the others.</param>
/// <param name="StartedAt">When it was begun.</param>
/// <param name="Recording">The provider's id of the voice note.</param>
public sealed record CallDraft(
    CallPurpose Purpose,
    string SourceHash,
    string Number,
    DateTimeOffset StartedAt,
    string? Category = null,
    ReportPlace? Place = null,
    string? Recording = null,
    Solved? Solved = null,
    int? Quality = null,
    int? Speed = null);

/// <summary>How a call goes on.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CallEnd>))]
public enum CallEnd
{
    GoesOn,

    /// <summary>The provider says that it is over.</summary>
    Over,

    /// <summary>An agent talks with the caller and takes what was said from here.</summary>
    HandedOver,
}

/// <summary>One step of a call (مكالمة) that is to be kept: what is still open, and what it orders.</summary>
/// <param name="Call">The provider's id of the call.</param>
/// <param name="Sequence">Rises within the call; an older one never goes back over a newer one.</param>
/// <param name="Phone">E.164, when the caller shows one.</param>
/// <param name="ByVoice">Whether the caller wants news by telephone; <see langword="null"/> when not said in this call.</param>
/// <param name="Draft">What is open after this step.</param>
public sealed record CallSaid(
    string Call,
    int Sequence,
    string? Phone,
    string Language,
    bool? ByVoice,
    CallDraft? Draft,
    SubmitReport? Submit,
    FollowUp? FollowUp,
    Rate? Rate,
    FetchMedia? Recording,
    CallEnd End,
    DateTimeOffset At) : BusMessage;
