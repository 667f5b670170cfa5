#nullable disable // the official package is not annotated; callers must see the same
namespace Azure.Communication.Sms;

/// <summary>What the service did with the message to one recipient: taken (queued), or refused with a reason.</summary>
public class SmsSendResult
{
    internal SmsSendResult(string to, string messageId, int httpStatusCode, bool successful, string errorMessage)
    {
        To = to;
        MessageId = messageId;
        HttpStatusCode = httpStatusCode;
        Successful = successful;
        ErrorMessage = errorMessage;
    }

    /// <summary>The recipient's number, E.164.</summary>
    public string To { get; }

    /// <summary>The service's id of the message; only when it was taken.</summary>
    public string MessageId { get; }

    /// <summary>The status for this recipient, 202 when taken.</summary>
    public int HttpStatusCode { get; }

    public bool Successful { get; }

    public string ErrorMessage { get; }
}
