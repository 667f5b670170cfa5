using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Serverless940.Functions.Tests.Fixtures;

namespace Serverless940.Functions.Tests.Channels;

/// <summary>A citizen on the telephone, by the handset; and the provider, by the front door.</summary>
public sealed class CallDriver(AppFixture app, string phone)
{
    public const string Base = "https://940.gov.example";

    public JsonElement Call { get; private set; }

    public string Sid => Call.GetProperty("sid").GetString()!;

    public string Status => Call.GetProperty("status").GetString()!;

    public string Waits => Call.GetProperty("waits").GetString()!;

    /// <summary>What was said last.</summary>
    public string Heard => string.Join(' ', Call.GetProperty("said").EnumerateArray().Select(line => line.GetProperty("text").GetString()));

    /// <summary>The fourteen digits that were read out last.</summary>
    public string Number => string.Concat(Heard.Where(char.IsAsciiDigit)) is var digits && digits.Length >= 14 ? digits[..14] : digits;

    public Task DialAsync() => PostAsync("", JsonContent.Create(new { from = phone }));

    public async Task PressAsync(params string[] keys)
    {
        foreach (var one in keys)
        {
            await ActAsync("keys", one);
        }
    }

    public Task SilenceAsync() => ActAsync("silence");

    public Task HangUpAsync() => ActAsync("hangup");

    public Task AnswerAsync() => ActAsync("answer");

    public Task DeclineAsync(string status) => PostAsync("/" + Sid, JsonContent.Create(new { act = "decline", status }));

    public Task AgentAsync(string status) => PostAsync("/" + Sid, JsonContent.Create(new { act = "agent", status }));

    public Task SpeakAsync(bool hangUp = false) => PostAsync($"/{Sid}/voice{(hangUp ? "?hangup=true" : "")}", new ByteArrayContent([]));

    /// <summary>Picks the newest call of the centre up.</summary>
    public async Task PickUpAsync()
    {
        var calls = (await app.Http.GetFromJsonAsync<List<JsonElement>>("/local/handset/calls?phone=" + Uri.EscapeDataString(phone)))!;
        Call = calls.Last(call => call.GetProperty("status").GetString() == "ringing");
    }

    /// <summary>Posts fields as the provider would, signed for the address unless another signature is given.</summary>
    public static async Task<HttpResponseMessage> PostAsync(
        AppFixture app, string path, IReadOnlyList<KeyValuePair<string, string>> fields, string? signature = null, string? signedBase = null, string token = TestSecrets.Voice)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        signature ??= Sign(token, (signedBase ?? Base) + path, fields);
        if (signature.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("X-Twilio-Signature", signature.Split(' '));
        }

        return await app.Http.SendAsync(request);
    }

    public static List<KeyValuePair<string, string>> Fields(string sid, string from, params (string Name, string Value)[] more) =>
    [
        new("CallSid", sid), new("AccountSid", TestSecrets.VoiceAccount), new("From", from), new("To", "+966920000940"), new("CallStatus", "in-progress"),
        new("Direction", "inbound"), new("CallerName", ""), .. more.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)),
    ];

    public static string Sign(string token, string address, IEnumerable<KeyValuePair<string, string>> fields) =>
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(
            address + string.Concat(fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => field.Key + field.Value)))));

    private Task ActAsync(string act, string? keys = null) => PostAsync("/" + Sid, JsonContent.Create(new { act, keys }));

    private async Task PostAsync(string path, HttpContent content)
    {
        using (content)
        {
            using var response = await app.Http.PostAsync("/local/handset/calls" + path, content);
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
            Call = await AppFixture.JsonAsync(response);
        }
    }
}
