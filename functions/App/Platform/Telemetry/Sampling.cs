using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Serverless940.Functions.Platform.Telemetry;

/// <summary>
/// Keeps a part of the traces, always the same by their id, and records the others all the same: whether something fails is
/// only known at the end, and then <see cref="FailureKeeper"/> keeps it.
/// </summary>
/// <param name="ratio">Part that is kept, from 0 to 1.</param>
public sealed class SparingSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler _byTrace = new(ratio);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        _byTrace.ShouldSample(samplingParameters).Decision == SamplingDecision.RecordAndSample
            ? new SamplingResult(SamplingDecision.RecordAndSample)
            : new SamplingResult(SamplingDecision.RecordOnly);
}

/// <summary>Marks what ended in failure as kept, whatever the sampler had said of its trace. Stands before the exporter.</summary>
public sealed class FailureKeeper : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Status == ActivityStatusCode.Error)
        {
            data.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        }
    }
}
