using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Serverless940.Local.Functions;

/// <summary>Runs functions through the worker's pipeline, each invocation in its own scope.</summary>
internal sealed partial class FunctionRunner
{
    private static readonly ActivitySource Activities = new("Microsoft.Azure.Functions.Worker");

    private readonly ConcurrentDictionary<FunctionEntry, Method> _methods = new();
    private readonly IServiceScopeFactory _scopes;
    private readonly FunctionExecutionDelegate _pipeline;
    private readonly ObjectSerializer _serializer;
    private readonly LocalRuntime _runtime;
    private readonly ILogger _logger;

    public FunctionRunner(
        IServiceScopeFactory scopes, IOptions<WorkerOptions> options, LocalRuntime runtime, WorkerPipeline pipeline, ILogger<FunctionRunner> logger)
    {
        _scopes = scopes;
        _serializer = options.Value.Serializer!;
        _runtime = runtime;
        _logger = logger;
        _pipeline = pipeline.Build(ExecuteAsync);
    }

    /// <summary>Runs a function; its exception is logged and thrown.</summary>
    public async Task RunAsync(FunctionEntry function, InvocationInput input, CancellationToken cancellationToken)
    {
        if (input.Http is { } http)
        {
            await RunAsync(new LocalFunctionContext(function, input, http.RequestServices, cancellationToken));
            return;
        }

        await using var scope = _scopes.CreateAsyncScope();
        await RunAsync(new LocalFunctionContext(function, input, scope.ServiceProvider, cancellationToken));
    }

    private async Task RunAsync(LocalFunctionContext context)
    {
        await _runtime.StayDeadAsync();
        using var running = _runtime.Running(context.Function.Name);
        using var activity = Activities.StartActivity("Invoke");
        activity?.SetTag("faas.name", context.Function.Name);
        activity?.SetTag("faas.invocation_id", context.InvocationId);
        try
        {
            await _pipeline(context);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
            if (!_runtime.Killed && !(exception is OperationCanceledException && context.CancellationToken.IsCancellationRequested))
            {
                LogFailed(context.Function.Name, context.InvocationId, exception);
            }

            throw;
        }
    }

    private async Task ExecuteAsync(FunctionContext context)
    {
        var local = (LocalFunctionContext)context;
        var method = _methods.GetOrAdd(local.Function, static function => new Method(function.Method));
        var instance = method.Create(context.InstanceServices);
        var arguments = await ParameterBinder.BindAsync(local, _serializer);
        local.Result = await method.InvokeAsync(instance, arguments);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Function '{function}', Invocation id '{invocation}': An exception was thrown by the invocation.")]
    private partial void LogFailed(string function, string invocation, Exception exception);

    /// <summary>A method, ready to be called often.</summary>
    private sealed class Method
    {
        private readonly ObjectFactory? _factory;
        private readonly MethodInvoker _invoker;
        private readonly Func<object, object?>? _result;

        public Method(MethodInfo method)
        {
            _factory = method.IsStatic ? null : ActivatorUtilities.CreateFactory(method.DeclaringType!, Type.EmptyTypes);
            _invoker = MethodInvoker.Create(method);
            var type = method.ReturnType;
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
            {
                _result = typeof(Method).GetMethod(nameof(ResultOf), BindingFlags.NonPublic | BindingFlags.Static)!
                    .MakeGenericMethod(type.GetGenericArguments()[0]).CreateDelegate<Func<object, object?>>();
            }
        }

        public object? Create(IServiceProvider services) => _factory?.Invoke(services, null);

        public async ValueTask<object?> InvokeAsync(object? instance, object?[] arguments)
        {
            object? returned;
            try
            {
                returned = _invoker.Invoke(instance, arguments.AsSpan());
            }
            catch (TargetInvocationException exception) when (exception.InnerException is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception.InnerException);
                throw;
            }

            if (returned is not Task task)
            {
                return returned;
            }

            await task;
            return _result?.Invoke(task);
        }

        private static object? ResultOf<T>(object task) => ((Task<T>)task).Result;
    }
}

/// <summary>The worker's middleware, in the order in which it was added.</summary>
internal sealed class WorkerPipeline
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _steps = [];

    public void Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> step) => _steps.Add(step);

    public FunctionExecutionDelegate Build(FunctionExecutionDelegate last)
    {
        var pipeline = last;
        for (var i = _steps.Count - 1; i >= 0; i--)
        {
            pipeline = _steps[i](pipeline);
        }

        return pipeline;
    }
}
