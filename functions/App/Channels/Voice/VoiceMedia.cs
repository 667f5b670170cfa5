using System.Net;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.Voice;

/// <summary>
/// Voice notes that callers left with the provider. The address is made from the configured interface and the recording's
/// id; the one that a post names is never followed, so the token goes nowhere else.
/// </summary>
public sealed class VoiceMedia(IHttpClientFactory http, VoiceSettings settings) : IMediaSource
{
    public Channel Channel => Channel.Phone;

    /// <summary>The provider announces a recording before it has finished writing it.</summary>
    public TimeSpan Settles => TimeSpan.FromMinutes(30);

    public async Task<MediaContent?> OpenAsync(string mediaId, CancellationToken cancellationToken)
    {
        var address = new Uri(settings.ApiBaseUri, $"2010-04-01/Accounts/{settings.AccountSid}/Recordings/{Uri.EscapeDataString(mediaId)}.mp3");
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = VoiceClient.Authorization(settings);
        using var client = http.CreateClient(VoiceClient.HttpName);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return await HttpFailures.ContentAsync(response, status => status == HttpStatusCode.NotFound, cancellationToken);
    }
}
