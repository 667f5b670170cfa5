using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Serverless940.Functions.Platform.Telemetry;

/// <summary>The app's own meter and activity source; who listens is the host's affair.</summary>
public static class AppTelemetry
{
    public const string Name = "Serverless940";

    public static Meter Meter { get; } = new(Name);

    public static ActivitySource Activities { get; } = new(Name);
}
