using Azure.Core;

namespace Azure.Communication.Sms;

/// <summary>How an <see cref="SmsClient"/> talks: service version, retries, transport, diagnostics.</summary>
public class SmsClientOptions : ClientOptions
{
    /// <exception cref="ArgumentOutOfRangeException">No such version.</exception>
    public SmsClientOptions(ServiceVersion version = ServiceVersion.V2021_03_07) => ApiVersion = version switch
    {
        ServiceVersion.V2021_03_07 => "2021-03-07",
        _ => throw new ArgumentOutOfRangeException(nameof(version)),
    };

    internal string ApiVersion { get; }

    /// <summary>The versions of the service's interface.</summary>
    public enum ServiceVersion
    {
        V2021_03_07 = 1,
    }
}
