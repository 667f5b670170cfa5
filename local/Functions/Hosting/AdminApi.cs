using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Serverless940.Local.Functions;

/// <summary>The part of the host's <c>/admin</c> that operators use: run a function now, and the host's state. Master key only.</summary>
internal sealed class AdminApi(IReadOnlyList<FunctionEntry> functions, HostKeys keys)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>How each kind of trigger runs a function on demand; the value is the operator's input.</summary>
    public Dictionary<string, Func<string?, Task>> Runners { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Task HandleAsync(HttpContext http, PathString path)
    {
        if (keys.LevelOf(http.Request) != AuthorizationLevel.Admin)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        if (path.Equals("/host/status", StringComparison.OrdinalIgnoreCase) && HttpMethods.IsGet(http.Request.Method))
        {
            return StatusAsync(http);
        }

        if (path.StartsWithSegments("/functions", StringComparison.OrdinalIgnoreCase, out var name) && HttpMethods.IsPost(http.Request.Method))
        {
            return RunAsync(http, name.Value!.Trim('/'));
        }

        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Task StatusAsync(HttpContext http)
    {
        using var process = Process.GetCurrentProcess();
        return http.Response.WriteAsJsonAsync(
            new
            {
                id = "serverless940-local",
                state = "Running",
                version = Assembly.GetExecutingAssembly().GetName().Version!.ToString(),
                processUptime = (long)(DateTime.Now - process.StartTime).TotalMilliseconds,
            },
            http.RequestAborted);
    }

    private async Task RunAsync(HttpContext http, string name)
    {
        if (!http.Request.HasJsonContentType())
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        Invocation? invocation;
        try
        {
            invocation = await JsonSerializer.DeserializeAsync<Invocation>(http.Request.Body, Web, http.RequestAborted);
        }
        catch (JsonException)
        {
            invocation = null;
        }

        if (invocation is null)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var function = functions.FirstOrDefault(function => string.Equals(function.Name, name, StringComparison.OrdinalIgnoreCase));
        if (function is null || !Runners.TryGetValue(function.Name, out var run))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // The answer does not wait: the host accepts, and the function's own log tells how it went.
        var input = invocation.Input is { ValueKind: not JsonValueKind.Null } given
            ? given.ValueKind == JsonValueKind.String ? given.GetString() : given.GetRawText()
            : null;
        _ = Task.Run(() => run(input), CancellationToken.None);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private sealed record Invocation(JsonElement? Input);
}
