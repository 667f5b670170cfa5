using Serverless940.Core.Messages;

namespace Serverless940.Functions.Platform.Outbound;

/// <summary>One way to reach somebody: the seam at which channels and gateways join.</summary>
public interface IOutboundSender
{
    Medium Medium { get; }

    /// <summary>Sends one text.</summary>
    /// <param name="tag">Our reference; the provider gives it back with its receipts where it can.</param>
    /// <returns>What the provider said. An exception means that nobody knows whether it was sent.</returns>
    Task<SendOutcome> SendAsync(string to, string text, string tag, CancellationToken cancellationToken);

    /// <summary>Sends a notification; only a medium that is no text needs to know more than the text.</summary>
    Task<SendOutcome> SendAsync(SendNotification notification, string text, string tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return SendAsync(notification.To, text, tag, cancellationToken);
    }
}

/// <summary>A provider's answer to a send: a closed set.</summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>What it is called where outcomes are counted.</summary>
    public string Name => this switch
    {
        Accepted => "accepted",
        Refused => "refused",
        _ => "later",
    };

    /// <summary>It has taken the text; whether it arrives, its receipts say.</summary>
    public sealed record Accepted(string ProviderId) : SendOutcome;

    /// <summary>It never will: the number does not exist, has opted out, the text is refused.</summary>
    public sealed record Refused(string Reason) : SendOutcome;

    /// <summary>It certainly did not take it now; later it may.</summary>
    /// <param name="At">Not before then, when it is known.</param>
    public sealed record TryLater(string Reason, DateTimeOffset? At = null) : SendOutcome;
}
