using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless940.Functions.Platform.Bus;

/// <summary>
/// Who waits in a session, in order, kept as the session's state on the broker. While a message waits for its
/// dependency, later ones of the session line up behind it as scheduled copies; only the head may pass.
/// </summary>
/// <param name="Waiting">Inbox keys, the head first.</param>
/// <param name="HeadDue">When the head's copy comes back.</param>
public sealed record WaitingLine(IReadOnlyList<string> Waiting, DateTimeOffset HeadDue)
{
    // Far longer than clocks differ and than two schedules of one copy lie apart.
    private static readonly TimeSpan LostAfter = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    public static WaitingLine Empty { get; } = new([], DateTimeOffset.MinValue);

    public static WaitingLine Read(BinaryData? state) =>
        state is null || state.ToMemory().IsEmpty
            ? Empty
            : JsonSerializer.Deserialize(state.ToMemory().Span, WaitingLineJson.Default.WaitingLine) ?? Empty;

    /// <summary>The state to store; <see langword="null"/> clears it.</summary>
    public BinaryData? Write() =>
        Waiting.Count == 0 ? null : BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(this, WaitingLineJson.Default.WaitingLine));

    /// <summary>
    /// The line without a head that is gone: an operator purged it, and it must not hold its session for ever. A queue is
    /// in order, so a message that was enqueued long after the head was due, and comes first all the same, proves it.
    /// </summary>
    /// <param name="enqueued">When the broker made this message available; how long it lay there after that says nothing.</param>
    public WaitingLine WithoutLostHead(string inboxKey, DateTimeOffset enqueued, DateTimeOffset now) =>
        MustWait(inboxKey) && enqueued >= HeadDue + LostAfter ? new([.. Waiting.Skip(1)], now) : this;

    /// <summary>Whether this message must let others pass first.</summary>
    public bool MustWait(string inboxKey) => Waiting.Count > 0 && Waiting[0] != inboxKey;

    /// <summary>
    /// When the copy of a message that must wait comes back: a second a place behind the head, so that copies keep their
    /// order; more and more seldom when the head is late.
    /// </summary>
    public DateTimeOffset DueBehindHead(string inboxKey, int attempt, DateTimeOffset now)
    {
        var place = TimeSpan.FromSeconds(Math.Max(1, PlaceOf(inboxKey)));
        if (HeadDue > now)
        {
            return HeadDue + place;
        }

        var patience = TimeSpan.FromSeconds(Math.Pow(2, Math.Clamp(attempt, 0, 10)));
        return now + place + (patience < LongestWait ? patience : LongestWait);
    }

    /// <summary>The line with this message at its head, due again then.</summary>
    public WaitingLine AsHead(string inboxKey, DateTimeOffset due) =>
        new([inboxKey, .. Waiting.Where(other => other != inboxKey)], due);

    /// <summary>The line with this message in its place, or at the end when it is new.</summary>
    public WaitingLine Joined(string inboxKey) =>
        PlaceOf(inboxKey) >= 0 ? this : this with { Waiting = [.. Waiting, inboxKey] };

    /// <summary>
    /// The line after this message is done with; the next one is expected at once. Whoever stood before it was lost.
    /// </summary>
    public WaitingLine Without(string inboxKey, DateTimeOffset now)
    {
        var place = PlaceOf(inboxKey);
        return place < 0 ? this : new([.. Waiting.Skip(place + 1)], now);
    }

    private int PlaceOf(string inboxKey)
    {
        for (var place = 0; place < Waiting.Count; place++)
        {
            if (Waiting[place] == inboxKey)
            {
                return place;
            }
        }

        return -1;
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WaitingLine))]
internal sealed partial class WaitingLineJson : JsonSerializerContext;
