using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Serverless940.Local.Simulators.Control;

/// <summary>Business time: reads it, and moves it forward until all is quiet.</summary>
internal sealed class ClockEndpoints(LocalHostContext context, AppCallbacks callbacks)
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(400);
    private readonly SemaphoreSlim _oneAtATime = new(1);

    private sealed record AdvanceRequest(string? Advance);

    /// <summary>How long a move may take before it answers with what is left; shorter in tests.</summary>
    internal TimeSpan Limit { get; set; } = TimeSpan.FromSeconds(120);

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/local/clock", () => Wire.Ok(new { now = context.Clock.GetUtcNow() }));
        routes.MapPost("/local/clock", (Delegate)AdvanceAsync);
    }

    private async Task<IResult> AdvanceAsync(HttpContext http)
    {
        var request = await ControlBody.ReadAsync<AdvanceRequest>(http);
        if (ControlBody.Duration(request?.Advance, _longest) is not { } advance)
        {
            return Problems.Of(
                http, StatusCodes.Status400BadRequest,
                "الحقل advance مدة بصيغة ISO 8601 لا تتجاوز 400 يوم، مثل PT26H.",
                "advance is an ISO 8601 duration of at most 400 days, such as PT26H.");
        }

        await _oneAtATime.WaitAsync(http.RequestAborted);
        try
        {
            var left = await MoveAsync(context.Clock.GetUtcNow() + advance, http.RequestAborted);
            var now = context.Clock.GetUtcNow();
            return left.Count == 0
                ? Wire.Ok(new { now })
                : Problems.Of(
                    http, StatusCodes.Status504GatewayTimeout,
                    string.Create(CultureInfo.InvariantCulture, $"لم يهدأ النظام في الوقت المحدد. بلغت الساعة {now:yyyy-MM-dd HH:mm}Z، وطلب آخر يكمل منها."),
                    string.Create(CultureInfo.InvariantCulture, $"Not all was quiet in time. The clock stands at {now:yyyy-MM-dd HH:mm}Z; another request goes on from there."), left);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>
    /// The app is quiet only when what the providers tell it about its sends has arrived too, so the bus is drained
    /// again after them.
    /// </summary>
    private async Task<IReadOnlyList<string>> MoveAsync(DateTimeOffset target, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        TimeSpan Remaining() => Limit - Stopwatch.GetElapsedTime(started) is var rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
        while (true)
        {
            var taken = callbacks.State.Taken;
            if (context.AdvanceAsync is { } advance)
            {
                if (await advance(target, Remaining(), cancellationToken) is { Count: > 0 } left)
                {
                    return left;
                }
            }
            else
            {
                context.Clock.AdvanceTo(target);
            }

            while (callbacks.State.Fresh > 0 && Remaining() > TimeSpan.Zero)
            {
                await Task.Delay(10, cancellationToken);
            }

            if (callbacks.State is (0, var now) && now == taken)
            {
                return [];
            }

            if (Remaining() == TimeSpan.Zero)
            {
                return ["provider callbacks"];
            }
        }
    }
}
