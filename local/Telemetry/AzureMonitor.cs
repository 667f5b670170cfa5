using System.Diagnostics.CodeAnalysis;
using Azure.Core;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Azure.Monitor.OpenTelemetry.Exporter;

/// <summary>Stands in for the exporter's options.</summary>
public class AzureMonitorExporterOptions : ClientOptions
{
    public string ConnectionString { get; set; } = null!;

    public TokenCredential Credential { get; set; } = null!;
}

/// <summary>
/// Stands in for the exporter of the Azure build. It sends nothing, so it does not let a start believe that it would.
/// </summary>
[SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "The signatures are the package's.")]
public static class AzureMonitorExporterExtensions
{
    public static TracerProviderBuilder AddAzureMonitorTraceExporter(
        this TracerProviderBuilder builder, Action<AzureMonitorExporterOptions>? configure = null, TokenCredential? credential = null, string? name = null) =>
        throw NotHere();

    public static MeterProviderBuilder AddAzureMonitorMetricExporter(
        this MeterProviderBuilder builder, Action<AzureMonitorExporterOptions>? configure = null, TokenCredential? credential = null, string? name = null) =>
        throw NotHere();

    public static LoggerProviderBuilder AddAzureMonitorLogExporter(
        this LoggerProviderBuilder builder, Action<AzureMonitorExporterOptions>? configure = null, TokenCredential? credential = null, string? name = null) =>
        throw NotHere();

    private static NotSupportedException NotHere() =>
        new("Only the Azure build sends telemetry: take APPLICATIONINSIGHTS_CONNECTION_STRING from the settings of a local run.");
}
