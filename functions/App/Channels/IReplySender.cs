using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Outbound;

namespace Serverless940.Functions.Channels;

/// <summary>An answer as the citizen reads it.</summary>
/// <param name="To">E.164 number or the channel's own id.</param>
/// <param name="AskLocation">Offers to send a position, where the channel can.</param>
/// <param name="Buttons">Shown where the channel can.</param>
/// <param name="Tag">Our reference; comes back with receipts where the provider can.</param>
public sealed record ReplyText(string To, string Text, bool AskLocation, IReadOnlyList<ReplyChoice> Buttons, string Tag);

/// <param name="Title">At most 20 characters.</param>
public sealed record ReplyChoice(string Id, string Title);

/// <summary>How a channel answers: with <see cref="IMediaSource"/> and its webhook all that a new one brings.</summary>
public interface IReplySender
{
    Channel Channel { get; }

    /// <returns>What the provider said. An exception means that nobody knows whether it was sent.</returns>
    Task<SendOutcome> SendAsync(ReplyText reply, CancellationToken cancellationToken);
}
