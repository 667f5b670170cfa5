namespace Azure.Communication.Sms.Models;

/// <summary>A recipient on the wire, with the pair by which the service knows a repeated request.</summary>
internal sealed record SmsRecipient(string To, string RepeatabilityRequestId, string RepeatabilityFirstSent);
