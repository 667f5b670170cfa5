using System.Diagnostics.Metrics;
using Serverless940.Core.Messages;

namespace Serverless940.Functions.Platform.Telemetry;

/// <summary>
/// What goes in and out by each channel, as counts: nothing about who or what. Tags: <c>channel</c>, and <c>outcome</c>
/// or <c>reason</c>.
/// </summary>
public static class ChannelMetrics
{
    /// <summary>Name of the counter of events: accepted, duplicate, malformed.</summary>
    public const string EventsName = "serverless940.channel.events";

    /// <summary>Name of the counter of posts that were refused, with the reason.</summary>
    public const string RefusedName = "serverless940.channel.refused";

    /// <summary>Name of the counter of files: stored, refused, failed.</summary>
    public const string MediaName = "serverless940.channel.media";

    /// <summary>Name of the counter of what we send: accepted, later, refused by the provider; delivered, read, failed by its receipts.</summary>
    public const string SendsName = "serverless940.channel.sends";

    private static readonly Counter<long> Events = AppTelemetry.Meter.CreateCounter<long>(EventsName, "{event}", "Events of citizens by channel");

    private static readonly Counter<long> Refusals = AppTelemetry.Meter.CreateCounter<long>(RefusedName, "{request}", "Webhook posts that were refused");

    private static readonly Counter<long> Files = AppTelemetry.Meter.CreateCounter<long>(MediaName, "{file}", "Files fetched from channels");

    private static readonly Counter<long> Sends = AppTelemetry.Meter.CreateCounter<long>(SendsName, "{message}", "Messages to citizens by what became of them");

    public static void Received(Channel channel, string outcome, int count = 1) => Add(Events, channel.ToString(), "outcome", outcome, count);

    public static void Refused(Channel channel, string reason) => Add(Refusals, channel.ToString(), "reason", reason, 1);

    public static void File(Channel channel, string outcome) => Add(Files, channel.ToString(), "outcome", outcome, 1);

    public static void Sent(Channel channel, string outcome, int count = 1) => Add(Sends, channel.ToString(), "outcome", outcome, count);

    public static void Sent(Medium medium, string outcome) => Add(Sends, medium.ToString(), "outcome", outcome, 1);

    private static void Add(Counter<long> counter, string channel, string tag, string value, int count)
    {
        if (count > 0)
        {
            counter.Add(count, new KeyValuePair<string, object?>("channel", channel.ToLowerInvariant()), new KeyValuePair<string, object?>(tag, value));
        }
    }
}
