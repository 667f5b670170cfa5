using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Serverless940.Local.Simulators.Control;

/// <summary>Breaks a dependency for a while, in real time.</summary>
internal sealed class FaultEndpoints(LocalFaults faults)
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);

    private sealed record FaultRequest(string? Target, string? Mode, string? For);

    internal void Map(IEndpointRouteBuilder routes) => routes.MapPost("/local/faults", (Delegate)SetAsync);

    private async Task<IResult> SetAsync(HttpContext http)
    {
        var request = await ControlBody.ReadAsync<FaultRequest>(http);
        if (Name<FaultTarget>(request?.Target) is not { } target
            || Name<FaultMode>(request?.Mode) is not { } mode
            || ControlBody.Duration(request?.For, _longest) is not { } duration)
        {
            return Problems.Of(
                http, StatusCodes.Status400BadRequest,
                "المطلوب target من sms وtables وbus وblobs، وmode من down وslow وerror، وfor مدة بصيغة ISO 8601 لا تتجاوز يوماً.",
                "target is sms, tables, bus or blobs; mode is down, slow or error; for is an ISO 8601 duration of at most a day.");
        }

        if (duration == TimeSpan.Zero)
        {
            faults.Clear(target);
        }
        else
        {
            faults.Set(target, mode, duration);
        }

        return Results.NoContent();
    }

    /// <summary>By name only: a number is no name, although the parser would take it.</summary>
    private static T? Name<T>(string? text)
        where T : struct, Enum =>
        text is not null && text.All(char.IsAsciiLetter) && Enum.TryParse<T>(text, ignoreCase: true, out var value) ? value : null;
}
