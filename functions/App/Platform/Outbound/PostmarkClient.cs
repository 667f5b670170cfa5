using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Serverless940.Core.Channels;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Platform.Outbound;

/// <summary>
/// Postmark's send interface: one e-mail, under what it answers when its address has a thread. Every mail says that a
/// machine wrote it, so that no other machine answers.
/// </summary>
public sealed class PostmarkClient(HttpClient client, EmailSettings settings)
{
    private const int LongestSubject = 78;

    /// <param name="address">A mailbox, or a <see cref="MailThread"/> as it is written.</param>
    /// <param name="autoSubmitted">RFC 3834: <c>auto-replied</c> or <c>auto-generated</c>.</param>
    public async Task<SendOutcome> SendAsync(string address, string text, string tag, string autoSubmitted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        var thread = MailThread.Read(address);
        var subject = thread.Subject is { } answered ? MailThread.ReplySubject(answered) : text.Split('\n')[0];
        List<PostmarkHeader> headers = [new("Auto-Submitted", autoSubmitted)];
        if (thread.References.Count > 0)
        {
            headers.Add(new("In-Reply-To", thread.References[^1]));
            headers.Add(new("References", string.Join(' ', thread.References)));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(settings.ApiBaseUri, "email"));
        request.Headers.Add("X-Postmark-Server-Token", settings.ServerToken);
        request.Content = JsonContent.Create(
            new PostmarkEmail(settings.From, thread.To, Clip(subject), text, new Dictionary<string, string> { ["tag"] = tag }, headers),
            PostmarkJson.Default.PostmarkEmail);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                var answer = await response.Content.ReadFromJsonAsync(PostmarkJson.Default.PostmarkAnswer, cancellationToken);
                return new SendOutcome.Accepted(answer?.MessageID ?? string.Empty);
            }

            var code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            // 422 is about this message; a wrong token, a limit or an outage is ours to wait for.
            return response.StatusCode == HttpStatusCode.UnprocessableEntity ? new SendOutcome.Refused("http " + code) : new SendOutcome.TryLater("http " + code);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError
            is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            // Nothing was sent yet.
            return new SendOutcome.TryLater(exception.HttpRequestError.ToString());
        }
    }

    private static string Clip(string subject) =>
        subject.Length <= LongestSubject ? subject : subject[..(char.IsHighSurrogate(subject[LongestSubject - 1]) ? LongestSubject - 1 : LongestSubject)];
}

/// <summary>Body of a send.</summary>
internal sealed record PostmarkEmail(
    string From, string To, string Subject, string TextBody, IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<PostmarkHeader> Headers);

/// <summary>A header of the mail itself.</summary>
internal sealed record PostmarkHeader(string Name, string Value);

/// <summary>Answer to a send.</summary>
internal sealed record PostmarkAnswer(string? MessageID);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.Unspecified)]
[JsonSerializable(typeof(PostmarkEmail))]
[JsonSerializable(typeof(PostmarkAnswer))]
internal sealed partial class PostmarkJson : JsonSerializerContext;
