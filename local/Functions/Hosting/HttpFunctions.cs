using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Serverless940.Local.Functions;

/// <summary>
/// Routes requests to HTTP functions as the host does: routes are tried in the order of the functions' names and the
/// first that matches path, constraints and method wins; nothing matched is 404.
/// </summary>
internal sealed partial class HttpFunctions
{
    private readonly List<(FunctionEntry Function, Route Route, Endpoint Endpoint, PathString Literal)> _routes = [];
    private readonly FunctionRunner _runner;
    private readonly LocalRuntime _runtime;
    private readonly HostKeys _keys;
    private readonly HttpThrottle _throttle;

    public HttpFunctions(
        IEnumerable<FunctionEntry> functions, HostJson hostJson, FunctionRunner runner, LocalRuntime runtime, HostKeys keys, IInlineConstraintResolver constraints)
    {
        _runner = runner;
        _runtime = runtime;
        _keys = keys;
        _throttle = new HttpThrottle(
            hostJson.Int("extensions:http:maxConcurrentRequests", -1), hostJson.Int("extensions:http:maxOutstandingRequests", -1));
        foreach (var function in functions)
        {
            if (function.Trigger is HttpTriggerAttribute trigger)
            {
                _routes.Add(Map(function, trigger, hostJson.RoutePrefix, constraints));
            }
        }

        RefuseConflicts();
    }

    public int Count => _routes.Count;

    /// <summary>The worker's step around HTTP invocations: it brings the request's context and carries out the result.</summary>
    public static async Task InvokeAsync(FunctionContext context, FunctionExecutionDelegate next)
    {
        var local = (LocalFunctionContext)context;
        if (local.Input.Http is not { } http)
        {
            await next(context);
            return;
        }

        context.Items.Add(FunctionContextExtensions.HttpContextKey, http);
        await next(context);
        switch (local.Result)
        {
            case IActionResult result:
                await result.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
                break;
            case IResult result:
                await result.ExecuteAsync(http);
                break;
            default:
                LogNoResponse((ILogger)http.RequestServices.GetService(typeof(ILogger<HttpFunctions>))!, local.Function.Name);
                break;
        }
    }

    public async Task DispatchAsync(HttpContext http)
    {
        var match = await MatchAsync(http);
        if (match is not { } found)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var (function, _, endpoint, _) = found;
        http.SetEndpoint(endpoint);
        var needed = ((HttpTriggerAttribute)function.Trigger).AuthLevel;
        var held = _keys.LevelOf(http.Request);
        if (!HostKeys.Opens(held, needed))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (function.Disabled && held != AuthorizationLevel.Admin)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!await _throttle.EnterAsync(http.RequestAborted))
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }

        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _runtime.Expired.Token);
            await _runner.RunAsync(function, new InvocationInput(http.Request, Metadata(http)) { Http = http }, either.Token);
        }
        finally
        {
            _throttle.Leave();
        }
    }

    private async ValueTask<(FunctionEntry Function, Route Route, Endpoint Endpoint, PathString Literal)?> MatchAsync(HttpContext http)
    {
        foreach (var candidate in _routes)
        {
            if (!http.Request.Path.StartsWithSegments(candidate.Literal, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var context = new RouteContext(http);
            await candidate.Route.RouteAsync(context);
            if (context.Handler is not null)
            {
                http.Request.RouteValues = context.RouteData.Values;
                return candidate;
            }
        }

        return null;
    }

    private static Dictionary<string, object?> Metadata(HttpContext http)
    {
        var metadata = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in http.Request.Query)
        {
            if (!string.Equals(name, "code", StringComparison.OrdinalIgnoreCase))
            {
                metadata[name] = values.ToString();
            }
        }

        foreach (var (name, value) in http.Request.RouteValues)
        {
            metadata[name] = value;
        }

        return metadata;
    }

    private static (FunctionEntry Function, Route Route, Endpoint Endpoint, PathString Literal) Map(
        FunctionEntry function, HttpTriggerAttribute trigger, string prefix, IInlineConstraintResolver resolver)
    {
        if (function.TriggerParameter.ParameterType != typeof(HttpRequest))
        {
            throw new LocalHostException($"Function {function.Name}: this host binds [HttpTrigger] to HttpRequest only.");
        }

        var suffix = string.IsNullOrWhiteSpace(trigger.Route) ? function.Name : trigger.Route;
        var bare = suffix.Trim('/');
        if (bare.StartsWith("admin", StringComparison.OrdinalIgnoreCase) || bare.StartsWith("runtime", StringComparison.OrdinalIgnoreCase))
        {
            throw new LocalHostException($"Function {function.Name}: the route '{suffix}' conflicts with one or more built in routes.");
        }

        var template = prefix.Length == 0 ? suffix : $"{prefix}/{suffix}";
        var constraints = new Dictionary<string, object>();
        if (trigger.Methods is not null)
        {
            constraints["httpMethod"] = new HttpMethodRouteConstraint(trigger.Methods);
        }

        try
        {
            // The worker routes again by its own pattern; what it cannot parse fails there.
            var pattern = RoutePatternFactory.Parse($"{prefix}/{suffix}");
            var endpoint = new RouteEndpoint(static _ => Task.CompletedTask, pattern, 0, new EndpointMetadataCollection(new HttpMethodMetadata(trigger.Methods ?? [])), function.Name);
            var target = new RouteHandler(static _ => Task.CompletedTask);
            return (function, new Route(target, function.Name, template, null, constraints, null, resolver), endpoint, Literal(pattern));
        }
        catch (Exception exception) when (exception is RoutePatternException or RouteCreationException or ArgumentException or InvalidOperationException or RegexParseException)
        {
            throw new LocalHostException($"Function {function.Name}: the route '{suffix}' is not a route: {OneLine(exception.GetBaseException().Message)}", exception);
        }
    }

    /// <summary>The segments before the first parameter: a path without them needs no closer look.</summary>
    private static PathString Literal(RoutePattern pattern)
    {
        var literals = pattern.PathSegments
            .TakeWhile(segment => segment.IsSimple && segment.Parts[0] is RoutePatternLiteralPart)
            .Select(segment => "/" + ((RoutePatternLiteralPart)segment.Parts[0]).Content);
        return new PathString(string.Concat(literals) is { Length: > 0 } prefix ? prefix : null);
    }

    private void RefuseConflicts()
    {
        for (var i = 0; i < _routes.Count; i++)
        {
            for (var j = i + 1; j < _routes.Count; j++)
            {
                var (one, other) = (_routes[i].Function, _routes[j].Function);
                var (left, right) = ((HttpTriggerAttribute)one.Trigger, (HttpTriggerAttribute)other.Trigger);
                var same = string.Equals((left.Route ?? one.Name).Trim('/'), (right.Route ?? other.Name).Trim('/'), StringComparison.OrdinalIgnoreCase);
                if (same && (left.Methods is null or [] || right.Methods is null or [] || left.Methods.Intersect(right.Methods, StringComparer.OrdinalIgnoreCase).Any()))
                {
                    throw new LocalHostException($"Function {other.Name}: its route conflicts with the route of function {one.Name}.");
                }
            }
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Function '{function}' returned no HTTP result; the answer is empty.")]
    private static partial void LogNoResponse(ILogger logger, string function);
}

/// <summary><c>maxConcurrentRequests</c> and <c>maxOutstandingRequests</c> of <c>host.json</c>; -1 is without limit.</summary>
internal sealed class HttpThrottle(int concurrent, int outstanding)
{
    private readonly SemaphoreSlim? _slots = concurrent > 0 ? new SemaphoreSlim(concurrent) : null;
    private int _inside;

    /// <returns>Whether the request may run; <see langword="false"/> when too many wait already.</returns>
    public async ValueTask<bool> EnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _inside) > outstanding && outstanding > 0)
        {
            Interlocked.Decrement(ref _inside);
            return false;
        }

        if (_slots is null)
        {
            return true;
        }

        try
        {
            await _slots.WaitAsync(cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            Interlocked.Decrement(ref _inside);
            throw;
        }
    }

    public void Leave()
    {
        _slots?.Release();
        Interlocked.Decrement(ref _inside);
    }
}
