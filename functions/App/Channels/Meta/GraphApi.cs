using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Serverless940.Functions.Platform.Outbound;

namespace Serverless940.Functions.Channels.Meta;

/// <summary>An answer of the Graph interface.</summary>
/// <param name="Error">Its error code, when it names one.</param>
/// <param name="Subcode">The finer code of some errors.</param>
/// <param name="MessageId">Id of the message that it took.</param>
public sealed record GraphAnswer(HttpStatusCode Status, int? Error, int? Subcode, string? MessageId)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The reason of a failure, as logs and rows have it.</summary>
    public string Reason => Error is { } code
        ? string.Create(CultureInfo.InvariantCulture, $"graph {code}")
        : string.Create(CultureInfo.InvariantCulture, $"http {(int)Status}");

    /// <summary>
    /// Whether the same call may succeed later: the service is busy or down, the pace was too fast, or the token ran out,
    /// which is ours to mend and not the citizen's loss.
    /// </summary>
    public bool MayPass => Error is 1 or 2 or 4 or 32 or 190 or 613 or 1200 or 80007
        || (Error is null && (int)Status is 401 or 408 or 429 or (>= 300 and < 400) or >= 500)
        || (int)Status is 401 or 429 or >= 500;
}

/// <summary>Calls to Meta's Graph interface, with the token in a header and never in an address.</summary>
public sealed class GraphApi(IHttpClientFactory http)
{
    /// <summary>Name of the HTTP client: 10 s, no redirects, for its requests carry a token.</summary>
    public const string HttpName = "meta";

    /// <summary>Version of the Graph interface, as it stands in addresses.</summary>
    public const string Version = "v23.0/";

    /// <summary>The reason of a refusal because the citizen last wrote more than a day ago.</summary>
    public const string OutsideWindow = "outside-window";

    private const int LongestAnswer = 64 * 1024;

    /// <summary>Posts JSON.</summary>
    /// <returns>The answer, or why nothing was sent. An exception means that nobody knows.</returns>
    public async Task<(GraphAnswer? Answer, SendOutcome? NotSent)> PostAsync(
        Uri address, string token, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = Content(write) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var client = http.CreateClient(HttpName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (await ReadAsync(response, cancellationToken), null);
        }
        catch (HttpRequestException exception) when (HttpFailures.NothingWasSent(exception))
        {
            return (null, new SendOutcome.TryLater(exception.HttpRequestError.ToString()));
        }
    }

    public async Task<HttpResponseMessage> GetAsync(Uri address, string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var client = http.CreateClient(HttpName);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Codes and message id of an answer, whatever it is.</summary>
    public static async Task<GraphAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(response);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[LongestAnswer];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(buffer.AsMemory(0, length));
            var root = document.RootElement;
            var error = At(root, "error");
            var messages = At(root, "messages");
            var id = messages is { ValueKind: JsonValueKind.Array } && messages.GetArrayLength() > 0 ? At(messages[0], "id") : At(root, "message_id");
            return new GraphAnswer(
                response.StatusCode, Number(At(error, "code")), Number(At(error, "error_subcode")), id.ValueKind == JsonValueKind.String ? id.GetString() : null);
        }
        catch (JsonException)
        {
            // A page of something in between; the status has to do.
            return new GraphAnswer(response.StatusCode, null, null, null);
        }
    }

    private static JsonElement At(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static int? Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? number : null;

    private static ByteArrayContent Content(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        var content = new ByteArrayContent(buffer.WrittenSpan.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
