using Azure;
using Azure.Communication.Sms;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Outbound;
using Serverless940.Functions.Platform.Security;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Notifications;

/// <summary>Texts by Azure Communication Services.</summary>
public sealed class SmsSender(SmsClient client, SmsSettings settings, RefusedPermissions refused) : IOutboundSender
{
    private const string Service = "sms";

    public Medium Medium => Medium.Sms;

    public async Task<SendOutcome> SendAsync(string to, string text, string tag, CancellationToken cancellationToken)
    {
        try
        {
            // 202 may still hold a refused recipient: his own code counts.
            var options = new SmsSendOptions(enableDeliveryReport: true) { Tag = tag };
            var result = (await client.SendAsync(settings.From, to, text, options, cancellationToken)).Value;
            refused.Accepted(Service);
            return result.Successful ? new SendOutcome.Accepted(result.MessageId)
                : result.HttpStatusCode is 429 or >= 500 ? new SendOutcome.TryLater(Code(result.HttpStatusCode))
                : new SendOutcome.Refused(Code(result.HttpStatusCode));
        }
        catch (RequestFailedException exception) when (exception.Status is 429 or 503)
        {
            return new SendOutcome.TryLater(Code(exception.Status));
        }
        catch (RequestFailedException exception) when (exception.Status is 401 or 403)
        {
            // Ours to mend, not the citizen's loss: a wrong key or a missing role. Health names it.
            refused.Refused(Service, Names.Roles.Sms);
            return new SendOutcome.TryLater(Code(exception.Status));
        }
        catch (RequestFailedException exception) when (exception.Status is >= 400 and < 500)
        {
            return new SendOutcome.Refused(Code(exception.Status));
        }
        catch (RequestFailedException exception) when (ConnectionRefused(exception))
        {
            return new SendOutcome.TryLater("connection refused");
        }
    }

    private static bool ConnectionRefused(Exception exception) =>
        exception is System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.ConnectionRefused }
        || (exception.InnerException is { } inner && ConnectionRefused(inner));

    private static string Code(int status) => "http " + status.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
