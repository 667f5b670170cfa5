namespace Serverless940.Core.Channels;

/// <summary>What one post of a provider held, in the form that all channels share.</summary>
/// <param name="Malformed">Events that lack what nothing can do without; they are left out, the rest is taken.</param>
/// <param name="Delivered">Messages of ours that the provider says have arrived, where it does not say which.</param>
public sealed record ChannelUpdates(
    IReadOnlyList<SenderEvent> Events, IReadOnlyList<EventReceipt> Receipts, int Malformed, int Delivered = 0)
{
    /// <summary>Longest text of one event: longer than a person can send, and short enough for the bus.</summary>
    internal const int LongestText = 10_000;

    internal static string? Clip(string? text) => text is null ? null : Words.Clip(text, LongestText);
}
