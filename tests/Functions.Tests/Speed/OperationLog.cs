using System.Diagnostics;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Serverless940.Functions.Tests.Fixtures;
using Serverless940.Local.ServiceBus;

namespace Serverless940.Functions.Tests.Speed;

/// <summary>One call at the seam of an SDK: each try of a storage or SMS request, each operation of a bus client.</summary>
/// <param name="Function">The function that made it, or <see cref="OperationLog.Host"/> for what triggers do around it.</param>
/// <param name="Name">Service, verb and entity: <c>tables query Reports</c>, <c>bus send commands</c>, <c>sms send</c>.</param>
public sealed record Operation(string Function, string Name);

/// <summary>
/// Counts what an app asks of its dependencies, in order, by the function that asks. It sits in the pipeline of every
/// client and around every bus operation, where the faults sit too.
/// </summary>
public sealed class OperationLog : HttpPipelinePolicy, IDisposable
{
    public const string Host = "host";

    private readonly Lock _gate = new();
    private readonly List<Operation> _operations = [];
    private readonly ActivityListener _listener;
    private string _tables = "";
    private string _blobs = "";

    public OperationLog()
    {
        // The activity of an invocation says whose call it is; without a listener there is none.
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.Azure.Functions.Worker",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Everything so far, in order.</summary>
    public IReadOnlyList<Operation> Operations
    {
        get
        {
            lock (_gate)
            {
                return [.. _operations];
            }
        }
    }

    /// <summary>Starts an app whose operations are counted.</summary>
    /// <param name="disabled">Functions that do not run.</param>
    public static async Task<(AppFixture App, OperationLog Log)> StartAsync(params string[] disabled)
    {
        var log = new OperationLog();
        var settings = disabled.ToDictionary(name => $"AzureWebJobs.{name}.Disabled", string? (_) => "true");
        var app = await AppFixture.StartAsync(configure: services => services.AddSingleton<HttpPipelinePolicy>(log), settings: settings);
        log._tables = Endpoint(app.Data.Storage, "TableEndpoint=");
        log._blobs = Endpoint(app.Data.Storage, "BlobEndpoint=");
        app.Broker.Interceptor = (operation, entity, phase, _) =>
        {
            if (phase == BrokerPhase.Before)
            {
                log.Add($"bus {Verb(operation)} {entity}");
            }

            return ValueTask.CompletedTask;
        };
        await app.QuietAsync();
        log.Clear();
        return (app, log);
    }

    public void Clear()
    {
        lock (_gate)
        {
            _operations.Clear();
        }
    }

    /// <summary>What a function asked for, in order.</summary>
    public IReadOnlyList<string> Of(string function) => [.. Operations.Where(operation => operation.Function == function).Select(operation => operation.Name)];

    /// <summary>What was asked for in order, without the triggers' own waiting for messages.</summary>
    public IReadOnlyList<Operation> Calls() => [.. Operations.Where(operation => operation.Function != Host)];

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Add(Name(message));
        ProcessNext(message, pipeline);
    }

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Add(Name(message));
        return ProcessNextAsync(message, pipeline);
    }

    public void Dispose() => _listener.Dispose();

    private static string Endpoint(string connection, string name) =>
        connection.Split(';').First(part => part.StartsWith(name, StringComparison.Ordinal))[name.Length..].TrimEnd('/');

    private static string Verb(BrokerOperation operation) => operation switch
    {
        BrokerOperation.AcceptSession => "accept session",
        BrokerOperation.GetState => "read session state",
        BrokerOperation.SetState => "write session state",
        BrokerOperation.DeadLetter => "dead-letter",
        _ => operation.ToString().ToLowerInvariant(),
    };

    private void Add(string name)
    {
        var operation = new Operation(Function(), name);
        lock (_gate)
        {
            _operations.Add(operation);
        }
    }

    private static string Function()
    {
        for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
        {
            if (activity.GetTagItem("faas.name") is string name)
            {
                return name;
            }
        }

        return Host;
    }

    private string Name(HttpMessage message)
    {
        var address = message.Request.Uri.ToString();
        return address.StartsWith(_tables, StringComparison.Ordinal) ? Table(message, address[_tables.Length..])
            : address.StartsWith(_blobs, StringComparison.Ordinal) ? Blob(message, address[_blobs.Length..])
            : address.Contains("/sms?", StringComparison.Ordinal) ? "sms send"
            : "other " + message.Request.Method;
    }

    private string Table(HttpMessage message, string path)
    {
        if (path.StartsWith("/$batch", StringComparison.Ordinal))
        {
            return "tables transaction " + TableOfBatch(message);
        }

        var name = path.TrimStart('/').Split('(', '?', '/')[0];
        var whole = path.Contains("()", StringComparison.Ordinal) || !path.Contains('(', StringComparison.Ordinal);
        var verb = message.Request.Method.Method switch
        {
            "GET" => whole ? "query" : "read",
            "POST" => "add",
            "DELETE" => "delete",
            _ => message.Request.Headers.Contains("If-Match") ? "update" : "upsert",
        };
        return $"tables {verb} {name}";
    }

    private string TableOfBatch(HttpMessage message)
    {
        using var body = new MemoryStream();
        message.Request.Content!.WriteTo(body, CancellationToken.None);
        var text = Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
        var at = text.IndexOf(_tables + "/", StringComparison.Ordinal) + _tables.Length + 1;
        return text[at..].Split('(', '?', ' ')[0];
    }

    private static string Blob(HttpMessage message, string path)
    {
        var kind = path.Contains("comp=blocklist", StringComparison.Ordinal) ? "commit"
            : path.Contains("comp=block", StringComparison.Ordinal) ? "block"
            : message.Request.Method.Method.ToLowerInvariant();
        return $"blobs {kind} {path.TrimStart('/').Split('/', '?')[0]}";
    }
}
