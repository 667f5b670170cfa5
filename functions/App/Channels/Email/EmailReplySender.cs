using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Outbound;

namespace Serverless940.Functions.Channels.Email;

/// <summary>Answers by e-mail, under the mail that they answer: the words alone, which say all that buttons would.</summary>
public sealed class EmailReplySender(PostmarkClient postmark) : IReplySender
{
    public Channel Channel => Channel.Email;

    public Task<SendOutcome> SendAsync(ReplyText reply, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return postmark.SendAsync(reply.To, reply.Text, reply.Tag, "auto-replied", cancellationToken);
    }
}
