using System.Collections;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Serverless940.Local.Functions;

/// <summary>What a trigger hands to an invocation.</summary>
/// <param name="Value">The trigger parameter's source.</param>
/// <param name="Metadata">What other parameters are bound from, by name.</param>
internal sealed record InvocationInput(object? Value, IReadOnlyDictionary<string, object?> Metadata)
{
    public static readonly IReadOnlyDictionary<string, object?> NoMetadata = new Dictionary<string, object?>();

    public HttpContext? Http { get; init; }

    /// <summary>Objects handed to parameters of exactly their type: message actions.</summary>
    public IReadOnlyList<object> Helpers { get; init; } = [];

    public int RetryCount { get; init; }

    public int MaxRetryCount { get; init; }
}

internal sealed class LocalFunctionContext(FunctionEntry function, InvocationInput input, IServiceProvider services, CancellationToken cancellationToken)
    : FunctionContext
{
    private TraceContext? _trace;
    private BindingContext? _binding;
    private RetryContext? _retry;
    private IInvocationFeatures? _features;

    public FunctionEntry Function { get; } = function;

    public InvocationInput Input { get; } = input;

    public object? Result { get; set; }

    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => Function.Definition.Id;

    public override TraceContext TraceContext => _trace ??= new LocalTrace();

    public override BindingContext BindingContext => _binding ??= new LocalBinding(Input.Metadata);

    public override RetryContext RetryContext => _retry ??= new LocalRetry(Input.RetryCount, Input.MaxRetryCount);

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override FunctionDefinition FunctionDefinition => Function.Definition;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features => _features ??= new LocalFeatures();

    public override CancellationToken CancellationToken { get; } = cancellationToken;

    private sealed class LocalTrace : TraceContext
    {
        public override string TraceParent { get; } = Activity.Current?.Id ?? string.Empty;

        public override string TraceState { get; } = Activity.Current?.TraceStateString ?? string.Empty;
    }

    private sealed class LocalBinding(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => data;
    }

    private sealed class LocalRetry(int count, int most) : RetryContext
    {
        public override int RetryCount => count;

        public override int MaxRetryCount => most;
    }

    private sealed class LocalFeatures : IInvocationFeatures
    {
        private readonly Dictionary<Type, object> _features = [];

        public void Set<T>(T instance)
        {
            ArgumentNullException.ThrowIfNull(instance);
            _features[typeof(T)] = instance;
        }

        public T? Get<T>() => _features.TryGetValue(typeof(T), out var feature) ? (T)feature : default;

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
