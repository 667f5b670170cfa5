using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Outbound;

namespace Serverless940.Functions.Notifications;

/// <summary>News by e-mail, to staff and to citizens who wrote by it.</summary>
public sealed class EmailSender(PostmarkClient postmark) : IOutboundSender
{
    public Medium Medium => Medium.Email;

    public Task<SendOutcome> SendAsync(string to, string text, string tag, CancellationToken cancellationToken) =>
        postmark.SendAsync(to, text, tag, "auto-generated", cancellationToken);
}
