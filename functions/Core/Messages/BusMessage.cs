using System.Text.Json.Serialization;

namespace Serverless940.Core.Messages;

/// <summary>
/// Everything that travels on the bus. This attribute list is the one registry of wire names: short, stable and versioned,
/// never a type's name. A name or version that is not listed fails to read, and the message goes to the dead letters.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "n", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(SubmitReport), "submitReport.1")]
[JsonDerivedType(typeof(AddAttachment), "addAttachment.1")]
[JsonDerivedType(typeof(FollowUp), "followUp.1")]
[JsonDerivedType(typeof(Rate), "rate.1")]
[JsonDerivedType(typeof(Tick), "tick.1")]
[JsonDerivedType(typeof(Assign), "assign.1")]
[JsonDerivedType(typeof(Start), "start.1")]
[JsonDerivedType(typeof(Comment), "comment.1")]
[JsonDerivedType(typeof(Hold), "hold.1")]
[JsonDerivedType(typeof(Refer), "refer.1")]
[JsonDerivedType(typeof(Answer), "answer.1")]
[JsonDerivedType(typeof(Resolve), "resolve.1")]
[JsonDerivedType(typeof(Verify), "verify.1")]
[JsonDerivedType(typeof(Reject), "reject.1")]
[JsonDerivedType(typeof(Merge), "merge.1")]
[JsonDerivedType(typeof(Unmerge), "unmerge.1")]
[JsonDerivedType(typeof(Reopen), "reopen.1")]
[JsonDerivedType(typeof(Reclassify), "reclassify.1")]
[JsonDerivedType(typeof(FlagMisuse), "flagMisuse.1")]
[JsonDerivedType(typeof(Follow), "follow.1")]
[JsonDerivedType(typeof(Unfollow), "unfollow.1")]
[JsonDerivedType(typeof(Join), "join.1")]
[JsonDerivedType(typeof(Leave), "leave.1")]
[JsonDerivedType(typeof(Differ), "differ.1")]
[JsonDerivedType(typeof(AnswerReferral), "answerReferral.1")]
[JsonDerivedType(typeof(ReportChanged), "reportChanged.1")]
[JsonDerivedType(typeof(SendNotification), "sendNotification.1")]
[JsonDerivedType(typeof(FetchMedia), "fetchMedia.1")]
[JsonDerivedType(typeof(InboundEvents), "inboundEvents.1")]
[JsonDerivedType(typeof(DeliveryReport), "deliveryReport.1")]
[JsonDerivedType(typeof(SendReply), "sendReply.1")]
[JsonDerivedType(typeof(CallSaid), "callSaid.1")]
public abstract record BusMessage;
