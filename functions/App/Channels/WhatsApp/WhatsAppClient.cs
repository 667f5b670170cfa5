using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Outbound;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.WhatsApp;

/// <summary>Sends by the WhatsApp Cloud API: texts, buttons, the question for a position. Accepted is not delivered.</summary>
public sealed class WhatsAppClient(IHttpClientFactory http, WhatsAppSettings settings) : IOutboundSender, IReplySender
{
    /// <summary>Name of the HTTP client: 10 s, no redirects, for its requests carry the token.</summary>
    public const string HttpName = "whatsapp";

    /// <summary>Version of the Graph interface, as it stands in addresses.</summary>
    public const string Version = "v23.0/";

    /// <summary>The reason of a refusal because the citizen last wrote more than a day ago.</summary>
    public const string OutsideWindow = "outside-window";

    private const int LongestAnswer = 64 * 1024;

    private readonly Uri _address = new(settings.GraphBaseUri, $"{Version}{settings.PhoneNumberId}/messages");

    public Medium Medium => Medium.WhatsApp;

    public Channel Channel => Channel.WhatsApp;

    public Task<SendOutcome> SendAsync(string to, string text, string tag, CancellationToken cancellationToken) =>
        SendAsync(new ReplyText(to, text, false, [], tag), cancellationToken);

    public async Task<SendOutcome> SendAsync(ReplyText reply, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reply);
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = Content(reply) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.AccessToken);
        try
        {
            using var client = http.CreateClient(HttpName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return Outcome(response.StatusCode, await ReadAsync(response, cancellationToken));
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is HttpRequestError.ConnectionError
            or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            // Nothing was sent yet.
            return new SendOutcome.TryLater(exception.HttpRequestError.ToString());
        }
    }

    /// <summary>Code and message id of an answer of the Graph interface, whatever it is.</summary>
    internal static async Task<(int? Error, string? MessageId)> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[LongestAnswer];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(buffer.AsMemory(0, length));
            var root = document.RootElement;
            int? error = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out var said) && said.ValueKind == JsonValueKind.Object
                && said.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) ? number : null;
            var id = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("messages", out var messages)
                && messages is { ValueKind: JsonValueKind.Array } && messages.GetArrayLength() > 0
                && messages[0].ValueKind == JsonValueKind.Object && messages[0].TryGetProperty("id", out var text) && text.ValueKind == JsonValueKind.String
                    ? text.GetString() : null;
            return (error, id);
        }
        catch (JsonException)
        {
            // A page of something in between; the status has to do.
            return (null, null);
        }
    }

    private static SendOutcome Outcome(HttpStatusCode status, (int? Error, string? MessageId) answer)
    {
        if ((int)status is >= 200 and < 300)
        {
            return new SendOutcome.Accepted(answer.MessageId ?? string.Empty);
        }

        var reason = answer.Error is { } code
            ? string.Create(CultureInfo.InvariantCulture, $"whatsapp {code}")
            : string.Create(CultureInfo.InvariantCulture, $"http {(int)status}");
        return answer.Error switch
        {
            131047 => new SendOutcome.Refused(OutsideWindow),
            // Too fast, for all or for this one person; or the service says of itself that it will be back.
            1 or 2 or 4 or 80007 or 130429 or 131000 or 131016 or 131056 => new SendOutcome.TryLater(reason),
            // A token that ran out is ours to mend, not the citizen's loss.
            190 => new SendOutcome.TryLater(reason),
            _ => (int)status is 401 or 408 or 429 or (>= 300 and < 400) or >= 500 ? new SendOutcome.TryLater(reason) : new SendOutcome.Refused(reason),
        };
    }

    private static ByteArrayContent Content(ReplyText reply)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
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

            json.WriteEndObject();
        }

        var content = new ByteArrayContent(buffer.WrittenSpan.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
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
