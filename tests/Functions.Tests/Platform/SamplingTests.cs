using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Serverless940.Functions.Platform.Telemetry;

namespace Serverless940.Functions.Tests.Platform;

/// <summary>What is sent, by OpenTelemetry's own pipeline.</summary>
public sealed class SamplingTests
{
    [Fact]
    public void Failures_are_sent_whatever_is_sampled()
    {
        Assert.Equal(["failed"], Sent(0));
        Assert.Equal(["failed", "went well"], Sent(1));
    }

    [Fact]
    public void Spans_of_one_trace_are_kept_or_left_together()
    {
        var sampler = new SparingSampler(0.5);
        var kept = 0;
        for (var index = 0; index < 1000; index++)
        {
            var trace = ActivityTraceId.CreateRandom();
            var decisions = Enumerable.Range(0, 3).Select(_ => sampler.ShouldSample(new SamplingParameters(default, trace, "span", ActivityKind.Internal)).Decision).Distinct().ToList();
            Assert.NotEqual(SamplingDecision.Drop, Assert.Single(decisions));
            kept += decisions[0] == SamplingDecision.RecordAndSample ? 1 : 0;
        }

        Assert.InRange(kept, 350, 650);
    }

    [Fact]
    public void Without_Application_Insights_nothing_is_wired_and_a_local_run_with_it_is_told_so()
    {
        var services = new ServiceCollection();
        services.AddTelemetryExport(new ConfigurationBuilder().Build());
        Assert.Empty(services);

        var settings = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=x")]).Build();
        Assert.Contains("APPLICATIONINSIGHTS_CONNECTION_STRING", Assert.Throws<NotSupportedException>(() => services.AddTelemetryExport(settings)).Message, StringComparison.Ordinal);
    }

    private static List<string> Sent(double ratio)
    {
        var name = "sampling-" + Guid.NewGuid();
        using var source = new ActivitySource(name);
        var exporter = new Collector();
        using (Sdk.CreateTracerProviderBuilder().AddSource(name).SetSampler(new SparingSampler(ratio))
            .AddProcessor(new FailureKeeper()).AddProcessor(new SimpleActivityExportProcessor(exporter)).Build())
        {
            source.StartActivity("went well")!.Dispose();
            using var failed = source.StartActivity("failed")!;
            failed.SetStatus(ActivityStatusCode.Error);
        }

        return [.. exporter.Names.Order(StringComparer.Ordinal)];
    }

    private sealed class Collector : BaseExporter<Activity>
    {
        public List<string> Names { get; } = [];

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var activity in batch)
            {
                Names.Add(activity.DisplayName);
            }

            return ExportResult.Success;
        }
    }
}
