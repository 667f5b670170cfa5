using System.Collections.Concurrent;
using System.Globalization;
using System.Xml.Linq;

namespace Serverless940.Local.Simulators.Voice;

/// <summary>
/// A telephone line and the provider on it: asks the app for TwiML, speaks it, takes keys and voice, and says how the call
/// ended. Calls live in memory, as long as the process; recordings are files.
/// </summary>
internal sealed class VoiceLine(LocalHostContext context, AppSettings settings, string folder) : IDisposable
{
    /// <summary>Documents in a row that wait for nothing; a tree that goes round in circles ends here.</summary>
    private const int MostDocuments = 12;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(15) };
    private readonly ConcurrentDictionary<string, SimulatedCall> _calls = new(StringComparer.Ordinal);

    private string Base => (settings["Voice__PublicBaseUri"] ?? "http://localhost:7071/").TrimEnd('/');

    /// <summary>Calls of a phone, the newest last.</summary>
    internal IEnumerable<SimulatedCall> Of(string? phone) =>
        _calls.Values.Where(call => Wire.Digits(call.Citizen) == Wire.Digits(phone)).OrderBy(call => call.At);

    internal SimulatedCall? Find(string sid) => _calls.GetValueOrDefault(sid);

    /// <summary>A citizen dials 940.</summary>
    internal async Task<SimulatedCall> DialAsync(string citizen, CancellationToken cancellationToken)
    {
        var call = new SimulatedCall(NewId("CA"), citizen, outbound: false, context.Clock.GetUtcNow()) { Status = "in-progress" };
        _calls[call.Sid] = call;
        await WalkAsync(call, Base + "/api/channels/voice/answer", [], cancellationToken);
        return call;
    }

    /// <summary>The app calls a citizen: the phone rings until somebody picks up.</summary>
    internal void Ring(string sid, string citizen, string url, string? statusCallback) =>
        _calls[sid] = new SimulatedCall(sid, citizen, outbound: true, context.Clock.GetUtcNow()) { Next = url, StatusCallback = statusCallback };

    internal Task AnswerAsync(SimulatedCall call, CancellationToken cancellationToken)
    {
        call.Status = "in-progress";
        return WalkAsync(call, call.Next!, [], cancellationToken);
    }

    internal Task PressAsync(SimulatedCall call, string keys, CancellationToken cancellationToken) =>
        WalkAsync(call, call.Next!, [new("Digits", keys)], cancellationToken);

    internal Task StaySilentAsync(SimulatedCall call, CancellationToken cancellationToken) =>
        // A recording in which nobody speaks never calls its action.
        call.Waits == "voice" ? WalkAsync(call, call.Fallback!, [], cancellationToken) : WalkAsync(call, call.Next!, [new("Digits", "")], cancellationToken);

    internal async Task SpeakAsync(SimulatedCall call, byte[] sound, bool andHangUp, CancellationToken cancellationToken)
    {
        var id = NewId("RE");
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, id), sound, cancellationToken);
        var account = settings["Voice__AccountSid"];
        KeyValuePair<string, string>[] fields =
        [
            new("RecordingUrl", $"{settings["Voice__ApiBaseUri"]}2010-04-01/Accounts/{account}/Recordings/{id}"),
            new("RecordingSid", id), new("RecordingDuration", "4"), new("Digits", andHangUp ? "hangup" : "#"),
        ];
        if (andHangUp)
        {
            call.Status = "completed";
        }

        await WalkAsync(call, call.Next!, fields, cancellationToken);
        if (andHangUp)
        {
            await EndAsync(call, "completed", cancellationToken);
        }
    }

    /// <summary>The agent's phone: taken, or not.</summary>
    internal Task AgentAsync(SimulatedCall call, string became, CancellationToken cancellationToken) =>
        WalkAsync(call, call.Next!, [new("DialCallStatus", became)], cancellationToken);

    /// <summary>The call ends, and the app is told.</summary>
    internal async Task EndAsync(SimulatedCall call, string status, CancellationToken cancellationToken)
    {
        (call.Status, call.Waits) = (status, "nothing");
        using var response = await PostAsync(call, call.StatusCallback ?? Base + "/api/channels/voice/ended", [], cancellationToken);
    }

    internal string? RecordingPath(string id) =>
        id.Length < 60 && id.All(char.IsAsciiLetterOrDigit) && Path.Combine(folder, id) is var path && File.Exists(path) ? path : null;

    public void Dispose() => _http.Dispose();

    private async Task WalkAsync(SimulatedCall call, string address, IReadOnlyList<KeyValuePair<string, string>> fields, CancellationToken cancellationToken)
    {
        await call.Gate.WaitAsync(cancellationToken);
        try
        {
            var said = new List<SpokenLine>();
            (call.Said, call.Waits, call.Keys) = (said, "nothing", null);
            string? next = address;
            for (var document = 0; next is not null && document < MostDocuments; document++)
            {
                using var response = await PostAsync(call, next, fields, cancellationToken);
                fields = [];
                var body = await response.Content.ReadAsStringAsync(cancellationToken);
                if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType is not ("text/xml" or "application/xml"))
                {
                    said.Add(new SpokenLine(string.Create(CultureInfo.InvariantCulture, $"An application error has occurred ({(int)response.StatusCode})."), "en-US"));
                    next = null;
                    continue;
                }

                next = Speak(call, XDocument.Parse(body).Root!, said);
            }
        }
        finally
        {
            call.Gate.Release();
        }

        if (call is { Waits: "nothing", Status: "in-progress" })
        {
            await EndAsync(call, "completed", cancellationToken);
        }
    }

    /// <summary>Follows one document; the address of the next one when nothing is waited for.</summary>
    private string? Speak(SimulatedCall call, XElement response, List<SpokenLine> said)
    {
        foreach (var verb in response.Elements())
        {
            switch (verb.Name.LocalName)
            {
                case "Say" or "Play":
                    said.Add(Line(verb));
                    break;
                case "Gather":
                    said.AddRange(verb.Elements().Where(inner => inner.Name.LocalName is "Say" or "Play").Select(Line));
                    call.Keys = int.TryParse(verb.Attribute("numDigits")?.Value, CultureInfo.InvariantCulture, out var count) ? count : null;
                    return WaitFor(call, "keys", verb);
                case "Record":
                    return WaitFor(call, "voice", verb);
                case "Dial":
                    said.Add(new SpokenLine(verb.Value, ""));
                    return WaitFor(call, "agent", verb);
                case "Redirect":
                    return verb.Value;
                case "Hangup":
                    return null;
                default:
                    break;
            }
        }

        return null;
    }

    private static string? WaitFor(SimulatedCall call, string what, XElement verb)
    {
        (call.Waits, call.Next) = (what, verb.Attribute("action")!.Value);
        call.Fallback = verb.ElementsAfterSelf("Redirect").FirstOrDefault()?.Value ?? call.Next;
        return null;
    }

    private static SpokenLine Line(XElement verb) =>
        verb.Name.LocalName == "Play" ? new SpokenLine(verb.Value, "") : new SpokenLine(verb.Value, verb.Attribute("language")?.Value ?? "");

    private async Task<HttpResponseMessage> PostAsync(
        SimulatedCall call, string address, IReadOnlyList<KeyValuePair<string, string>> extra, CancellationToken cancellationToken)
    {
        var centre = settings["Voice__From"] ?? "940";
        List<KeyValuePair<string, string>> fields =
        [
            new("CallSid", call.Sid), new("AccountSid", settings["Voice__AccountSid"] ?? ""), new("ApiVersion", "2010-04-01"), new("CallerName", ""),
            new("From", call.Outbound ? centre : call.Citizen), new("To", call.Outbound ? call.Citizen : centre),
            new("CallStatus", call.Status), new("Direction", call.Outbound ? "outbound-api" : "inbound"), .. extra,
        ];
        // Reached from outside under its public name; on this machine under its own.
        var path = address.StartsWith(Base, StringComparison.Ordinal) ? address[Base.Length..] : new Uri(address).PathAndQuery;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(context.BaseAddress!, path)) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.TryAddWithoutValidation("X-Twilio-Signature", VoiceSigner.Sign(settings["Voice__AuthToken"] ?? "", Base + path, fields));
        return await _http.SendAsync(request, cancellationToken);
    }

    private static string NewId(string prefix) => prefix + Guid.NewGuid().ToString("n");
}
