using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Security;

namespace Serverless940.Functions.Platform.Http;

/// <summary>
/// Around every HTTP function: the rate limit of routes that declare one, staff commands from our own pages only, and one
/// honest answer when something fails. A
/// dependency that is down is 503 with Retry-After; our own mistake is 500 and says nothing of its inside.
/// </summary>
public sealed partial class RequestMiddleware(RequestLimiter limiter, ReportAccess access, ILogger<RequestMiddleware> logger) : IFunctionsWorkerMiddleware
{
    private static readonly ConcurrentDictionary<string, Caller?> Callers = new(StringComparer.Ordinal);

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        var caller = CallerOf(context.FunctionDefinition.EntryPoint);
        if (caller == Caller.AnyoneLimited && !limiter.Allows(http.Request))
        {
            await http.Request.Problem("tooManyRequests").ExecuteAsync(http);
            return;
        }

        // Staff are known by a cookie that browsers send along from any page.
        if (caller == Caller.Staff && !HttpMethods.IsGet(http.Request.Method) && !access.IsOwnOrigin(http.Request))
        {
            await http.Request.Problem("forbidden").ExecuteAsync(http);
            return;
        }

        try
        {
            await next(context);
        }
        catch (BadHttpRequestException exception) when (!http.Response.HasStarted)
        {
            await http.Request.Problem(exception.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => "tooLarge",
                StatusCodes.Status408RequestTimeout => "tooSlow",
                _ => "invalidRequest",
            }).ExecuteAsync(http);
        }
        catch (Exception exception) when (IsBrokenForm(exception) && !http.Response.HasStarted)
        {
            await http.Request.Problem("invalidRequest").ExecuteAsync(http);
        }
        catch (Exception exception) when (Find(exception, Failures.IsTransient) is { } cause && !http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            LogUnavailable(context.FunctionDefinition.Name, cause.GetType().Name);
            await http.Request.Problem("unavailable").ExecuteAsync(http);
        }
    }

    /// <summary>Who may call the function at this entry point (<c>Namespace.Class.Method</c>).</summary>
    public static Caller? CallerOf(string entryPoint) => Callers.GetOrAdd(entryPoint, static name =>
    {
        var dot = name.LastIndexOf('.');
        return typeof(RequestMiddleware).Assembly.GetType(name[..dot])?.GetMethod(name[(dot + 1)..])?.GetCustomAttribute<AccessAttribute>()?.Caller;
    });

    /// <summary>A multipart form that exceeds its limits, or that breaks off: of that its reader says so as an IOException.</summary>
    private static bool IsBrokenForm(Exception exception) =>
        exception is InvalidDataException || (exception is IOException && exception.Source == typeof(MultipartReader).Assembly.GetName().Name);

    private static Exception? Find(Exception? exception, Func<Exception, bool> wanted)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (wanted(current))
            {
                return current;
            }
        }

        return null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Function} answers 503 after {Failure}")]
    private partial void LogUnavailable(string function, string failure);
}
