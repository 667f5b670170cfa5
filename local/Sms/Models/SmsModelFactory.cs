#nullable disable // the official package is not annotated; callers must see the same
namespace Azure.Communication.Sms.Models;

/// <summary>Builds results for tests.</summary>
public static class SmsModelFactory
{
    public static SmsSendResult SmsSendResult(string to, string messageId, int httpStatusCode, bool successful, string errorMessage) =>
        new(to, messageId, httpStatusCode, successful, errorMessage);
}
