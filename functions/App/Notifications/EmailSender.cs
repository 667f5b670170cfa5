using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Outbound;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Notifications;

/// <summary>E-mail through Postmark's send interface.</summary>
public sealed class EmailSender(HttpClient client, EmailSettings settings) : IOutboundSender
{
    private const int LongestSubject = 78;

    public Medium Medium => Medium.Email;

    public async Task<SendOutcome> SendAsync(string to, string text, string tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        var line = text.Split('\n')[0];
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(settings.ApiBaseUri, "email"));
        request.Headers.Add("X-Postmark-Server-Token", settings.ServerToken);
        request.Content = JsonContent.Create(
            new PostmarkEmail(settings.From, to, line.Length <= LongestSubject ? line : line[..LongestSubject], text, new Dictionary<string, string> { ["tag"] = tag }),
            PostmarkJson.Default.PostmarkEmail);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                var answer = await response.Content.ReadFromJsonAsync(PostmarkJson.Default.PostmarkAnswer, cancellationToken);
                return new SendOutcome.Accepted(answer?.MessageID ?? string.Empty);
            }

            var code = ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
            // 422 is about this message; a wrong token, a limit or an outage is ours to wait for.
            return response.StatusCode == HttpStatusCode.UnprocessableEntity ? new SendOutcome.Refused("http " + code) : new SendOutcome.TryLater("http " + code);
        }
        catch (HttpRequestException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return new SendOutcome.TryLater("connection refused");
        }
    }
}

/// <summary>Body of a send.</summary>
internal sealed record PostmarkEmail(string From, string To, string Subject, string TextBody, IReadOnlyDictionary<string, string> Metadata);

/// <summary>Answer to a send.</summary>
internal sealed record PostmarkAnswer(string? MessageID);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.Unspecified)]
[JsonSerializable(typeof(PostmarkEmail))]
[JsonSerializable(typeof(PostmarkAnswer))]
internal sealed partial class PostmarkJson : JsonSerializerContext;
