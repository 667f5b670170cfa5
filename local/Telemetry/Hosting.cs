using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

// The namespaces are those of the package that this stands in for.
namespace OpenTelemetry
{
    /// <summary>Stands in for the builder of OpenTelemetry's hosting package.</summary>
    public sealed class OpenTelemetryBuilder : IOpenTelemetryBuilder
    {
        internal OpenTelemetryBuilder(IServiceCollection services) => Services = services;

        public IServiceCollection Services { get; }

        public OpenTelemetryBuilder ConfigureResource(Action<ResourceBuilder> configure)
        {
            OpenTelemetryBuilderSdkExtensions.ConfigureResource(this, configure);
            return this;
        }

        public OpenTelemetryBuilder WithTracing(Action<TracerProviderBuilder> configure)
        {
            OpenTelemetryBuilderSdkExtensions.WithTracing(this, configure);
            return this;
        }

        public OpenTelemetryBuilder WithMetrics(Action<MeterProviderBuilder> configure)
        {
            OpenTelemetryBuilderSdkExtensions.WithMetrics(this, configure);
            return this;
        }

        public OpenTelemetryBuilder WithLogging(Action<LoggerProviderBuilder> configure)
        {
            OpenTelemetryBuilderSdkExtensions.WithLogging(this, configure);
            return this;
        }
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Stands in for OpenTelemetry's hosting package.</summary>
    public static class OpenTelemetryServicesExtensions
    {
        public static OpenTelemetry.OpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
        {
            ArgumentNullException.ThrowIfNull(services);
            return new OpenTelemetry.OpenTelemetryBuilder(services);
        }
    }
}

namespace Microsoft.Azure.Functions.Worker.OpenTelemetry
{
    /// <summary>Stands in for the worker's package: its source is listened to.</summary>
    public static class ConfigureFunctionsOpenTelemetry
    {
        public static global::OpenTelemetry.IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this global::OpenTelemetry.IOpenTelemetryBuilder builder) =>
            global::OpenTelemetry.OpenTelemetryBuilderSdkExtensions.WithTracing(builder, tracing => tracing.AddSource("Microsoft.Azure.Functions.Worker"));
    }
}
