using System.Text.Json;
using Serverless940.Core.Messages;
using Serverless940.Functions.Channels.Meta;
using Serverless940.Functions.Platform.Outbound;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.Messenger;

/// <summary>
/// Sends to people who wrote to our page. Meta takes free texts for a day after they last wrote; news that comes later goes
/// out under the message tag of the settings, if the page may use one, and is refused otherwise.
/// </summary>
public sealed class MessengerClient(GraphApi graph, MessengerSettings settings) : IOutboundSender, IReplySender
{
    private const int MostQuickReplies = 13;
    private const int LongestText = 1_999;

    private readonly Uri _address = new(settings.GraphBaseUri, $"{GraphApi.Version}{settings.PageId}/messages");

    public Medium Medium => Medium.Messenger;

    public Channel Channel => Channel.Messenger;

    public async Task<SendOutcome> SendAsync(string to, string text, string tag, CancellationToken cancellationToken)
    {
        var reply = new ReplyText(to, text, false, [], tag);
        var outcome = await SendAsync(reply, cancellationToken);
        return outcome is SendOutcome.Refused { Reason: GraphApi.OutsideWindow } && settings.MessageTag is { } messageTag && !ChannelAddress.TakesOne(to)
            ? await PostAsync(reply, messageTag, cancellationToken)
            : outcome;
    }

    public Task<SendOutcome> SendAsync(ReplyText reply, CancellationToken cancellationToken) => PostAsync(reply, null, cancellationToken);

    private async Task<SendOutcome> PostAsync(ReplyText reply, string? messageTag, CancellationToken cancellationToken)
    {
        var (answer, notSent) = await graph.PostAsync(_address, settings.PageAccessToken, json => Write(json, reply, messageTag), cancellationToken);
        return notSent ?? Outcome(answer!);
    }

    private static SendOutcome Outcome(GraphAnswer answer) =>
        answer.IsSuccess ? new SendOutcome.Accepted(answer.MessageId ?? string.Empty)
        : answer.Error == 10 ? new SendOutcome.Refused(GraphApi.OutsideWindow)
        : answer.MayPass ? new SendOutcome.TryLater(answer.Reason)
        : new SendOutcome.Refused(answer.Reason);

    private static void Write(Utf8JsonWriter json, ReplyText reply, string? messageTag)
    {
        json.WriteStartObject("recipient");
        // A comment or post is answered in private under its own id, with its name before a colon.
        var id = ChannelAddress.IdOf(reply.To);
        var colon = ChannelAddress.TakesOne(reply.To) ? id.IndexOf(':', StringComparison.Ordinal) : -1;
        json.WriteString(colon < 0 ? "id" : id[..colon], id[(colon + 1)..]);
        json.WriteEndObject();
        json.WriteString("messaging_type", messageTag is null ? "RESPONSE" : "MESSAGE_TAG");
        if (messageTag is not null)
        {
            json.WriteString("tag", messageTag);
        }

        json.WriteStartObject("message");
        json.WriteString("text", reply.Text.Length <= LongestText ? reply.Text : reply.Text[..(char.IsHighSurrogate(reply.Text[LongestText - 1]) ? LongestText - 1 : LongestText)]);
        json.WriteString("metadata", reply.Tag);
        if (reply.Buttons.Count > 0 && colon < 0)
        {
            WriteQuickReplies(json, reply.Buttons);
        }

        json.WriteEndObject();
    }

    private static void WriteQuickReplies(Utf8JsonWriter json, IReadOnlyList<ReplyChoice> buttons)
    {
        json.WriteStartArray("quick_replies");
        foreach (var button in buttons.Take(MostQuickReplies))
        {
            json.WriteStartObject();
            json.WriteString("content_type", "text");
            json.WriteString("title", button.Title);
            json.WriteString("payload", button.Id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
