using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Outbound;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.X;

/// <summary>
/// Sends as our account: a direct message to who wrote to us, a reply to who mentioned us, which everybody reads. X has
/// no buttons for this; the words alone say all that buttons would.
/// </summary>
public sealed class XClient(IHttpClientFactory http, XSettings settings) : IOutboundSender, IReplySender
{
    /// <summary>Name of the HTTP client: 10 s, no redirects, for its requests are signed as us.</summary>
    public const string HttpName = "x";

    /// <summary>Longest post, in X's own count, in which letters of Arabic and Latin are one each.</summary>
    public const int LongestPost = 280;

    public Medium Medium => Medium.X;

    public Channel Channel => Channel.X;

    public Task<SendOutcome> SendAsync(string to, string text, string tag, CancellationToken cancellationToken) =>
        SendAsync(new ReplyText(to, text, false, [], tag), cancellationToken);

    public async Task<SendOutcome> SendAsync(ReplyText reply, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var id = ChannelAddress.IdOf(reply.To);
        var isPublic = ChannelAddress.IsPublic(reply.To);
        var address = new Uri(settings.ApiBaseUri, isPublic ? "2/tweets" : $"2/dm_conversations/with/{Uri.EscapeDataString(id)}/messages");
        using var request = Signed(HttpMethod.Post, address);
        request.Content = new ByteArrayContent(isPublic ? Post(reply.Text, id) : Message(reply.Text));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var client = http.CreateClient(HttpName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return Outcome(response.StatusCode);
        }
        catch (HttpRequestException exception) when (HttpFailures.NothingWasSent(exception))
        {
            return new SendOutcome.TryLater(exception.HttpRequestError.ToString());
        }
    }

    /// <summary>A request signed as our account.</summary>
    internal HttpRequestMessage Signed(HttpMethod method, Uri address)
    {
        var request = new HttpRequestMessage(method, address);
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        // Real time, as the provider checks it; business time may stand elsewhere on one machine.
        request.Headers.TryAddWithoutValidation(
            "Authorization", OAuth1.Authorization(method.Method, address, settings.Keys, nonce, TimeProvider.System.GetUtcNow()));
        return request;
    }

    // X keeps no reference of ours and sends no receipts: taken is all that is ever known.
    private static SendOutcome Outcome(HttpStatusCode status)
    {
        var reason = string.Create(CultureInfo.InvariantCulture, $"http {(int)status}");
        return (int)status switch
        {
            >= 200 and < 300 => new SendOutcome.Accepted(string.Empty),
            // 403 is this person's: not written to us first, or does not take messages. 401 is ours to mend.
            401 or 408 or 429 or (>= 300 and < 400) or >= 500 => new SendOutcome.TryLater(reason),
            _ => new SendOutcome.Refused(reason),
        };
    }

    private static byte[] Message(string text) => JsonSerializer.SerializeToUtf8Bytes(new XMessage(text), XJson.Default.XMessage);

    private static byte[] Post(string text, string inReplyTo)
    {
        var clipped = text.Length <= LongestPost ? text : text[..(char.IsHighSurrogate(text[LongestPost - 1]) ? LongestPost - 1 : LongestPost)];
        return JsonSerializer.SerializeToUtf8Bytes(new XPost(clipped, new XReplyTo(inReplyTo)), XJson.Default.XPost);
    }
}

/// <summary>Body of a direct message.</summary>
internal sealed record XMessage([property: JsonPropertyName("text")] string Text);

/// <summary>Body of a post.</summary>
internal sealed record XPost(
    [property: JsonPropertyName("text")] string Text,
    [property: JsonPropertyName("reply")] XReplyTo Reply);

internal sealed record XReplyTo([property: JsonPropertyName("in_reply_to_tweet_id")] string InReplyToTweetId);

[JsonSerializable(typeof(XMessage))]
[JsonSerializable(typeof(XPost))]
internal sealed partial class XJson : JsonSerializerContext;
