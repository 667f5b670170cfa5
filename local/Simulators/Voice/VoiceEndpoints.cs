using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless940.Local.Simulators.Control;

namespace Serverless940.Local.Simulators.Voice;

/// <summary>A citizen's telephone for the handset's page, and the provider's recordings for the app.</summary>
internal sealed class VoiceEndpoints(VoiceLine line, AppSettings settings)
{
    private const int LargestSound = 16 * 1024 * 1024;

    private sealed record DialRequest(string? From);

    private sealed record ActRequest(string? Act, string? Keys, string? Status);

    /// <summary>The provider's side, on its own port.</summary>
    internal void MapProvider(IEndpointRouteBuilder routes) =>
        routes.MapGet("/local/voice/2010-04-01/Accounts/{sid}/Recordings/{file}", (HttpContext http, string sid, string file) => Recording(http, sid, file));

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/local/handset/calls", (string? phone) => Wire.Ok(line.Of(phone)));
        routes.MapPost("/local/handset/calls", (Delegate)DialAsync);
        routes.MapPost("/local/handset/calls/{sid}", (Delegate)ActAsync);
        routes.MapPost("/local/handset/calls/{sid}/voice", (Delegate)SpeakAsync);
    }

    private async Task<IResult> DialAsync(HttpContext http)
    {
        var request = await ControlBody.ReadAsync<DialRequest>(http);
        var from = request?.From?.Trim() ?? "";
        // Whoever shows no number calls as the provider writes that.
        return from is not "anonymous" && Wire.Digits(from).Length is < 7 or > 15
            ? Problems.Of(http, StatusCodes.Status400BadRequest, "المطلوب رقم المتصل في from.", "A caller's number in from is needed.")
            : Wire.Ok(await line.DialAsync(from == "anonymous" ? from : "+" + Wire.Digits(from), http.RequestAborted), StatusCodes.Status201Created);
    }

    private async Task<IResult> ActAsync(HttpContext http, string sid)
    {
        var request = await ControlBody.ReadAsync<ActRequest>(http);
        if (line.Find(sid) is not { } call)
        {
            return NoCall(http);
        }

        var stop = http.RequestAborted;
        var act = (request?.Act, call.Status, call.Waits) switch
        {
            ("answer", "ringing", _) => line.AnswerAsync(call, stop),
            ("decline", "ringing", _) => line.EndAsync(call, request.Status ?? "busy", stop),
            ("keys", "in-progress", "keys") when request.Keys is { Length: > 0 and < 40 } keys => line.PressAsync(call, keys, stop),
            ("silence", "in-progress", "keys" or "voice") => line.StaySilentAsync(call, stop),
            ("agent", "in-progress", "agent") => line.AgentAsync(call, request.Status ?? "completed", stop),
            ("hangup", "in-progress", _) => line.EndAsync(call, "completed", stop),
            _ => null,
        };
        if (act is null)
        {
            return Problems.Of(http, StatusCodes.Status409Conflict, "لا تنتظر المكالمة هذا الآن.", "The call does not wait for this now.");
        }

        await act;
        return Wire.Ok(call);
    }

    /// <summary>The body is the sound; without one a tone speaks. <c>?hangup=true</c> hangs up while speaking.</summary>
    private async Task<IResult> SpeakAsync(HttpContext http, string sid)
    {
        if (line.Find(sid) is not { Status: "in-progress", Waits: "voice" } call)
        {
            return NoCall(http);
        }

        if (http.Request.ContentLength > LargestSound)
        {
            return Problems.Of(http, StatusCodes.Status413PayloadTooLarge, "الملف كبير.", "The file is too large.");
        }

        var sound = await Wire.ReadAsync(http.Request);
        await line.SpeakAsync(call, sound.Length > 0 ? sound : SampleSound.Wav(), http.Request.Query["hangup"] == "true", http.RequestAborted);
        return Wire.Ok(call);
    }

    private IResult Recording(HttpContext http, string sid, string file)
    {
        var expected = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings["Voice__AccountSid"]}:{settings["Voice__AuthToken"]}"));
        if (sid != settings["Voice__AccountSid"] || !Wire.SameSecret(expected, Wire.Authorization(http.Request, "Basic")))
        {
            return Wire.Ok(new { code = 20003, message = "Authenticate", status = 401 }, StatusCodes.Status401Unauthorized);
        }

        return line.RecordingPath(Path.GetFileNameWithoutExtension(file)) is { } path ? Results.File(path, "audio/mpeg") : Results.NotFound();
    }

    private static IResult NoCall(HttpContext http) =>
        Problems.Of(http, StatusCodes.Status404NotFound, "لا توجد مكالمة كهذه.", "There is no such call.");
}
