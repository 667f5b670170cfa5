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
    // A head that an operator purged must not hold its session for ever.
    private static readonly TimeSpan LostAfter = TimeSpan.FromMinutes(30);

    public static WaitingLine Empty { get; } = new([], DateTimeOffset.MinValue);

    public static WaitingLine Read(BinaryData? state) =>
        state is null || state.ToMemory().IsEmpty
            ? Empty
            : JsonSerializer.Deserialize(state.ToMemory().Span, WaitingLineJson.Default.WaitingLine) ?? Empty;

    /// <summary>The state to store; <see langword="null"/> clears it.</summary>
    public BinaryData? Write() =>
        Waiting.Count == 0 ? null : BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(this, WaitingLineJson.Default.WaitingLine));

    /// <summary>Whether this message must let others pass first.</summary>
    public bool MustWait(string inboxKey, DateTimeOffset now) =>
        Waiting.Count > 0 && Waiting[0] != inboxKey && now < HeadDue + LostAfter;

    /// <summary>The line with this message at its head, due again then.</summary>
    public WaitingLine AsHead(string inboxKey, DateTimeOffset due) =>
        new([inboxKey, .. Waiting.Where(other => other != inboxKey)], due);

    /// <summary>The line with this message in its place, or at the end when it is new.</summary>
    public WaitingLine Joined(string inboxKey) =>
        Waiting.Contains(inboxKey) ? this : this with { Waiting = [.. Waiting, inboxKey] };

    /// <summary>
    /// The line after this message is done with; the next one is expected at once. Whoever stood before it was lost.
    /// </summary>
    public WaitingLine Without(string inboxKey, DateTimeOffset now)
    {
        var place = Waiting.ToList().IndexOf(inboxKey);
        return place < 0 ? this with { HeadDue = now } : new([.. Waiting.Skip(place + 1)], now);
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WaitingLine))]
internal sealed partial class WaitingLineJson : JsonSerializerContext;
