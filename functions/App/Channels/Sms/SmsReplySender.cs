using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Outbound;

namespace Serverless940.Functions.Channels.Sms;

/// <summary>Answers by SMS: the words alone, which say all that buttons would.</summary>
public sealed class SmsReplySender(IEnumerable<IOutboundSender> senders) : IReplySender
{
    private readonly IOutboundSender _sender = senders.Single(sender => sender.Medium == Medium.Sms);

    public Channel Channel => Channel.Sms;

    public Task<SendOutcome> SendAsync(ReplyText reply, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return _sender.SendAsync(reply.To, reply.Text, reply.Tag, cancellationToken);
    }
}
