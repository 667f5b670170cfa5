using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Core.Messages;
using Serverless940.Functions.Platform.Outbound;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Functions.Tests.Faults;

/// <summary>A moment at which a process can die: before or after one call that it makes.</summary>
/// <param name="Call">The call by service, operation and table or queue.</param>
/// <param name="Occurrence">Which of the equal calls, from 1.</param>
internal readonly record struct CallPoint(string Call, bool After, int Occurrence)
{
    public override string ToString() => $"{(After ? "after" : "before")} {Call} #{Occurrence}";
}

/// <summary>
/// Sits in every storage, bus and provider call of one host: counts them while a step runs, and stops the host at one of
/// them. From there on no call of that host goes out or comes back, as in a process that is gone.
/// </summary>
/// <remarks>
/// A receive changes nothing that lasts: the lock it takes dies with the process. To die around one is to die before the
/// first call that its message causes, so receives, session accepts and renewals are no points of their own.
/// </remarks>
internal sealed partial class CallTap
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _never = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<(string Call, bool After), int> _counts = [];
    private CallPoint? _target;
    private bool _counting;
    private bool _dead;

    /// <summary>Completes when the point was reached.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Counts from zero on; at <paramref name="target"/> everything stops.</summary>
    public void Begin(CallPoint? target = null)
    {
        lock (_gate)
        {
            _counts.Clear();
            _counting = true;
            _target = target;
        }
    }

    /// <summary>Counts no more; every point that was passed since <see cref="Begin"/>.</summary>
    public IReadOnlyList<CallPoint> End()
    {
        lock (_gate)
        {
            _counting = false;
            _target = null;
            return [.. from count in _counts
                       from occurrence in Enumerable.Range(1, count.Value)
                       select new CallPoint(count.Key.Call, count.Key.After, occurrence)];
        }
    }

    /// <summary>Goes into the app's services.</summary>
    public void Configure(IServiceCollection services)
    {
        services.AddSingleton<HttpPipelinePolicy>(new PipelineCalls(this));
        var senders = services.Where(service => service.ServiceType == typeof(IOutboundSender)).ToList();
        foreach (var sender in senders)
        {
            services.Remove(sender);
            services.AddSingleton<IOutboundSender>(provider => new ProviderCalls(this, (IOutboundSender)(
                sender.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, sender.ImplementationType!))));
        }
    }

    /// <summary>The broker's interceptor.</summary>
    public ValueTask InterceptAsync(BrokerOperation operation, string entity, BrokerPhase phase, CancellationToken cancellationToken)
    {
        var isPoint = operation is not (BrokerOperation.Receive or BrokerOperation.AcceptSession or BrokerOperation.Renew or BrokerOperation.Peek);
        return new ValueTask(isPoint ? PassAsync($"bus {operation} {entity}", phase == BrokerPhase.After) : Task.CompletedTask);
    }

    private Task PassAsync(string call, bool after)
    {
        lock (_gate)
        {
            if (_dead)
            {
                return _never.Task;
            }

            if (!_counting)
            {
                return Task.CompletedTask;
            }

            var occurrence = _counts.GetValueOrDefault((call, after)) + 1;
            _counts[(call, after)] = occurrence;
            if (_target != new CallPoint(call, after, occurrence))
            {
                return Task.CompletedTask;
            }

            _dead = true;
        }

        _reached.SetResult();
        return _never.Task;
    }

    [GeneratedRegex(@"^/[^/]+/(?<what>[^(]*)(\(.*RowKey='(?<row>[a-z]+).*)?")]
    private static partial Regex Address();

    private static string NameOf(Request request)
    {
        var uri = request.Uri.ToUri();
        if (uri.AbsolutePath.EndsWith("/sms", StringComparison.Ordinal))
        {
            return "provider Sms";
        }

        var parts = Address().Match(uri.AbsolutePath);
        // A blob's name is a secret of its own each time.
        var what = parts.Groups["what"].Value.Split('/')[0];
        var block = uri.Query.Contains("comp=block", StringComparison.Ordinal) ? " block" : string.Empty;
        return $"storage {request.Method} {what} {parts.Groups["row"].Value}{block}".TrimEnd();
    }

    private sealed class PipelineCalls(CallTap tap) : HttpPipelinePolicy
    {
        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            var name = NameOf(message.Request);
            await tap.PassAsync(name, after: false);
            await ProcessNextAsync(message, pipeline);
            await tap.PassAsync(name, after: true);
        }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            throw new InvalidOperationException("The app makes no synchronous storage call.");
    }

    /// <summary>Providers other than that of SMS, whose client passes <see cref="PipelineCalls"/>.</summary>
    private sealed class ProviderCalls(CallTap tap, IOutboundSender inner) : IOutboundSender
    {
        public Medium Medium => inner.Medium;

        public async Task<SendOutcome> SendAsync(string to, string text, string tag, CancellationToken cancellationToken)
        {
            if (Medium == Medium.Sms)
            {
                return await inner.SendAsync(to, text, tag, cancellationToken);
            }

            await tap.PassAsync("provider " + Medium, after: false);
            var outcome = await inner.SendAsync(to, text, tag, cancellationToken);
            await tap.PassAsync("provider " + Medium, after: true);
            return outcome;
        }
    }
}
