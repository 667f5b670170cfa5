using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Serverless940.Functions.Platform.Storage;

namespace Serverless940.Functions.Platform.Telemetry;

/// <summary>
/// Sends traces, metrics and logs to Application Insights, where its connection string is set: by the app's identity, in the
/// host's OpenTelemetry mode, so that the host does not send the worker's share as well.
/// </summary>
public static class TelemetryExport
{
    private const string ConnectionSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Part of the traces that is kept when nothing failed in them.</summary>
    private const double SampleRatio = 0.1;

    public static IServiceCollection AddTelemetryExport(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration[ConnectionSetting] is not { Length: > 0 } connection)
        {
            return services;
        }

        var credential = StorageClients.Identity(configuration);
        services.AddOpenTelemetry()
            // The exporter brings a sampler of its own, so ours is set after it; what keeps failures must come before it.
            .WithTracing(tracing => tracing
                .AddSource(AppTelemetry.Name)
                .AddProcessor(new FailureKeeper())
                .AddAzureMonitorTraceExporter(Configure)
                .SetSampler(new SparingSampler(SampleRatio)))
            .WithMetrics(metrics => metrics.AddMeter(AppTelemetry.Name).AddAzureMonitorMetricExporter(Configure))
            .WithLogging(logging => logging.AddAzureMonitorLogExporter(Configure))
            .UseFunctionsWorkerDefaults();
        return services;

        void Configure(AzureMonitorExporterOptions options)
        {
            options.ConnectionString = connection;
            options.Credential = credential;
        }
    }
}
