using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Serverless940.Local.Functions;

/// <summary>
/// Breaks calls to tables and blobs as <see cref="LocalFaults"/> says, and lets a killed host make no call at all. It goes
/// into the pipeline of every client by the container.
/// </summary>
internal sealed class FaultPolicy(LocalFaults faults, LocalRuntime runtime, Func<string, string?> setting) : HttpPipelinePolicy
{
    private static readonly TimeSpan Slowness = TimeSpan.FromSeconds(2);

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await runtime.StayDeadAsync();
        switch (Fault(message))
        {
            case FaultMode.Down:
                throw Refused();
            case FaultMode.Error:
                message.Response = new Unavailable(message.Request.ClientRequestId);
                return;
            case FaultMode.Slow:
                await Task.Delay(Slowness, message.CancellationToken);
                break;
        }

        await ProcessNextAsync(message, pipeline);
        await runtime.StayDeadAsync();
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (runtime.Killed)
        {
            throw Refused();
        }

        switch (Fault(message))
        {
            case FaultMode.Down:
                throw Refused();
            case FaultMode.Error:
                message.Response = new Unavailable(message.Request.ClientRequestId);
                return;
            case FaultMode.Slow:
                message.CancellationToken.WaitHandle.WaitOne(Slowness);
                break;
        }

        ProcessNext(message, pipeline);
    }

    private FaultMode? Fault(HttpMessage message)
    {
        // The common case costs two look-ups and no look at the address.
        var (tables, blobs) = (faults.Current(FaultTarget.Tables), faults.Current(FaultTarget.Blobs));
        if (tables is null && blobs is null)
        {
            return null;
        }

        var uri = message.Request.Uri.ToUri();
        return Is(uri, "table", 10002) ? tables : Is(uri, "blob", 10000) ? blobs : null;
    }

    // What is neither (a text that is sent) is broken elsewhere.
    private bool Is(Uri uri, string service, int emulatorPort)
    {
        if (uri.Host.Contains($".{service}.", StringComparison.Ordinal))
        {
            return true;
        }

        var prefix = service + "Endpoint=";
        foreach (var part in (setting("Storage") ?? setting("AzureWebJobsStorage") ?? string.Empty).Split(';'))
        {
            if (part.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(part[prefix.Length..], UriKind.Absolute, out var endpoint))
            {
                return endpoint.Authority == uri.Authority;
            }
        }

        return Uri.TryCreate(setting($"Storage:{service}ServiceUri"), UriKind.Absolute, out var address)
            ? address.Authority == uri.Authority
            : uri.Port == emulatorPort;
    }

    private static RequestFailedException Refused() =>
        new(0, "Connection refused", new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));

    private sealed class Unavailable(string clientRequestId) : Response
    {
        private static readonly byte[] NoBody = [];

        public override int Status => 503;

        public override string ReasonPhrase => "Server Busy";

        public override Stream? ContentStream { get; set; } = new MemoryStream(NoBody);

        public override string ClientRequestId { get; set; } = clientRequestId;

        public override void Dispose() => ContentStream?.Dispose();

        protected override bool ContainsHeader(string name) => false;

        protected override IEnumerable<HttpHeader> EnumerateHeaders() => [];

        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
        {
            value = null;
            return false;
        }

        protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
        {
            values = null;
            return false;
        }
    }
}
