using System.Text.Json.Serialization;

namespace Serverless940.Local.Simulators.Voice;

/// <summary>Something that was said into the line.</summary>
/// <param name="Language">The voice's language; empty for a recording, whose address is the text.</param>
internal sealed record SpokenLine(string Text, string Language);

/// <summary>A call, as far as it got.</summary>
internal sealed class SimulatedCall(string sid, string citizen, bool outbound, DateTimeOffset at)
{
    public string Sid { get; } = sid;

    public string Citizen { get; } = citizen;

    public bool Outbound { get; } = outbound;

    public DateTimeOffset At { get; } = at;

    /// <summary><c>ringing</c>, <c>in-progress</c>, <c>completed</c>, or how else it ended.</summary>
    public string Status { get; set; } = "ringing";

    /// <summary>What the line waits for: <c>keys</c>, <c>voice</c>, <c>agent</c> or <c>nothing</c>.</summary>
    public string Waits { get; set; } = "nothing";

    /// <summary>So many keys end the wait by themselves.</summary>
    public int? Keys { get; set; }

    /// <summary>What was said since the last thing that the citizen did.</summary>
    public IReadOnlyList<SpokenLine> Said { get; set; } = [];

    /// <summary>Where the next step is.</summary>
    [JsonIgnore]
    public string? Next { get; set; }

    /// <summary>What follows when nothing comes.</summary>
    [JsonIgnore]
    public string? Fallback { get; set; }

    /// <summary>Who is told how a call of the app ended.</summary>
    [JsonIgnore]
    public string? StatusCallback { get; set; }

    [JsonIgnore]
    public SemaphoreSlim Gate { get; } = new(1);
}
