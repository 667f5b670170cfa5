#nullable disable // the official package is not annotated; callers must see the same
namespace Azure.Communication.Sms;

/// <summary>What a sender may ask for beside the text.</summary>
public class SmsSendOptions
{
    public SmsSendOptions(bool enableDeliveryReport) => EnableDeliveryReport = enableDeliveryReport;

    /// <summary>Whether the service reports, by an event, what became of the message.</summary>
    public bool EnableDeliveryReport { get; }

    /// <summary>Free text that comes back in the delivery report.</summary>
    public string Tag { get; set; }
}
