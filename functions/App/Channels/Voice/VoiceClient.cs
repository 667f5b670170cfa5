using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Functions.Platform.Outbound;
using Serverless940.Functions.Platform.Settings;

namespace Serverless940.Functions.Channels.Voice;

/// <summary>
/// Calls citizens with the news of their reports. The provider's interface knows no idempotency; the notification's row
/// is what keeps a call from being made twice. Nobody's phone rings at night unless it is urgent.
/// </summary>
public sealed class VoiceClient(IHttpClientFactory http, VoiceSettings settings, VoiceAddresses addresses, Policy policy, TimeProvider time) : IOutboundSender
{
    /// <summary>Name of the HTTP client: 10 s, no redirects, for its requests carry the token.</summary>
    public const string HttpName = "voice";

    private const int RingSeconds = 40;
    private const int LongestAnswer = 64 * 1024;

    public Medium Medium => Medium.Voice;

    /// <summary>A call says more than a text; it is not made without its notification.</summary>
    public Task<SendOutcome> SendAsync(string to, string text, string tag, CancellationToken cancellationToken) =>
        Task.FromResult<SendOutcome>(new SendOutcome.Refused("a call needs its notification"));

    public async Task<SendOutcome> SendAsync(SendNotification notification, string text, string tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        if (!notification.Urgent && Morning() is { } morning)
        {
            return new SendOutcome.TryLater("night", morning);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(settings.ApiBaseUri, $"2010-04-01/Accounts/{settings.AccountSid}/Calls.json"));
        request.Headers.Authorization = Authorization(settings);
        request.Content = new FormUrlEncodedContent(Fields(notification, tag));
        try
        {
            using var client = http.CreateClient(HttpName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return new SendOutcome.Accepted(await ReadIdAsync(response, cancellationToken));
            }

            var reason = string.Create(CultureInfo.InvariantCulture, $"http {(int)response.StatusCode}");
            // A wrong token or an address that moved is ours to mend, not the citizen's loss.
            return (int)response.StatusCode is 401 or 403 or 408 or 429 or (>= 300 and < 400) or >= 500
                ? new SendOutcome.TryLater(reason)
                : new SendOutcome.Refused(reason);
        }
        catch (HttpRequestException exception) when (HttpFailures.NothingWasSent(exception))
        {
            return new SendOutcome.TryLater(exception.HttpRequestError.ToString());
        }
    }

    internal static AuthenticationHeaderValue Authorization(VoiceSettings settings) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.AccountSid}:{settings.AuthToken.Current}")));

    private Dictionary<string, string> Fields(SendNotification notification, string tag)
    {
        var values = notification.Values;
        var news = new Core.Voice.CallNews(
            notification.Number, notification.Template, notification.Language, values.GetValueOrDefault("reason") ?? values.GetValueOrDefault("agency"),
            values.GetValueOrDefault("case"));
        return new Dictionary<string, string>
        {
            ["To"] = notification.To,
            ["From"] = settings.From,
            ["Url"] = addresses.News(notification.To, news).OriginalString,
            ["Method"] = "POST",
            ["StatusCallback"] = addresses.Ended(notification.To, tag).OriginalString,
            ["StatusCallbackMethod"] = "POST",
            ["StatusCallbackEvent"] = "completed",
            ["Timeout"] = RingSeconds.ToString(CultureInfo.InvariantCulture),
        };
    }

    // When calls may be made again; null while they may.
    private DateTimeOffset? Morning()
    {
        if (policy.Phone is not { } rules)
        {
            return null;
        }

        var zone = policy.Calendars[policy.City.Calendar].Zone;
        var local = TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone);
        var clock = TimeOnly.FromTimeSpan(local.TimeOfDay);
        if (clock >= rules.CallsFrom && clock < rules.CallsUntil)
        {
            return null;
        }

        var day = DateOnly.FromDateTime(local.DateTime).AddDays(clock < rules.CallsFrom ? 0 : 1);
        return new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(day.ToDateTime(rules.CallsFrom), zone), TimeSpan.Zero);
    }

    private static async Task<string> ReadIdAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[LongestAnswer];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(buffer.AsMemory(0, length));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("sid", out var sid)
                && sid.ValueKind == JsonValueKind.String ? sid.GetString()! : string.Empty;
        }
        catch (JsonException)
        {
            // It was taken; only its name is not known.
            return string.Empty;
        }
    }
}
