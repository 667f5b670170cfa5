using System.Text.Json;
using Serverless940.Core.Messages;
using Serverless940.Functions.Channels.Meta;
using Serverless940.Functions.Platform.Outbound;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.WhatsApp;

/// <summary>Sends by the WhatsApp Cloud API: texts, buttons, the question for a position. Accepted is not delivered.</summary>
public sealed class WhatsAppClient(GraphApi graph, WhatsAppSettings settings) : IOutboundSender, IReplySender
{
    private readonly Uri _address = new(settings.GraphBaseUri, $"{GraphApi.Version}{settings.PhoneNumberId}/messages");

    public Medium Medium => Medium.WhatsApp;

    public Channel Channel => Channel.WhatsApp;

    public Task<SendOutcome> SendAsync(string to, string text, string tag, CancellationToken cancellationToken) =>
        SendAsync(new ReplyText(to, text, false, [], tag), cancellationToken);

    public async Task<SendOutcome> SendAsync(ReplyText reply, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var (answer, notSent) = await graph.PostAsync(_address, settings.AccessToken, json => Write(json, reply), cancellationToken);
        return notSent ?? Outcome(answer!);
    }

    private static SendOutcome Outcome(GraphAnswer answer) =>
        answer.IsSuccess ? new SendOutcome.Accepted(answer.MessageId ?? string.Empty)
        : answer.Error == 131047 ? new SendOutcome.Refused(GraphApi.OutsideWindow)
        // Too fast, for all or for this one person; or the service says of itself that it will be back.
        : answer.Error is 130429 or 131000 or 131016 or 131056 || answer.MayPass ? new SendOutcome.TryLater(answer.Reason)
        : new SendOutcome.Refused(answer.Reason);

    private static void Write(Utf8JsonWriter json, ReplyText reply)
    {
        json.WriteString("messaging_product", "whatsapp");
        json.WriteString("recipient_type", "individual");
        // People who hide their phone are known by an id of their own.
        json.WriteString(IsPhone(reply.To) ? "to" : "recipient", reply.To);
        json.WriteString("biz_opaque_callback_data", reply.Tag);
        if (reply.Buttons.Count > 0)
        {
            WriteInteractive(json, reply.Text, "button", () => WriteButtons(json, reply.Buttons));
        }
        else if (reply.AskLocation)
        {
            WriteInteractive(json, reply.Text, "location_request_message", () => json.WriteString("name", "send_location"));
        }
        else
        {
            json.WriteString("type", "text");
            json.WriteStartObject("text");
            json.WriteBoolean("preview_url", false);
            json.WriteString("body", reply.Text);
            json.WriteEndObject();
        }
    }

    private static bool IsPhone(string to) => to.TrimStart('+').All(char.IsAsciiDigit);

    private static void WriteInteractive(Utf8JsonWriter json, string text, string type, Action writeAction)
    {
        json.WriteString("type", "interactive");
        json.WriteStartObject("interactive");
        json.WriteString("type", type);
        json.WriteStartObject("body");
        json.WriteString("text", text);
        json.WriteEndObject();
        json.WriteStartObject("action");
        writeAction();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteButtons(Utf8JsonWriter json, IReadOnlyList<ReplyChoice> buttons)
    {
        json.WriteStartArray("buttons");
        foreach (var button in buttons)
        {
            json.WriteStartObject();
            json.WriteString("type", "reply");
            json.WriteStartObject("reply");
            json.WriteString("id", button.Id);
            json.WriteString("title", button.Title);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
