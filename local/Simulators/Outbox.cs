using System.Text.Json.Nodes;

namespace Serverless940.Local.Simulators;

/// <summary>Something the app sent through a provider.</summary>
/// <param name="Id">The provider's id of it.</param>
/// <param name="To">Who it went to, as the app wrote it.</param>
/// <param name="Kind">The provider's word for its form: text, interactive, template, call, …</param>
/// <param name="Text">What a person would read of it.</param>
/// <param name="At">When, in business time.</param>
/// <param name="Body">The whole request.</param>
internal sealed record OutboxItem(string Id, string To, string Kind, string? Text, DateTimeOffset At, JsonNode Body);

/// <summary>What was sent on each channel but SMS, kept in the data folder.</summary>
internal sealed class Outbox(string folder, TimeProvider clock)
{
    internal static readonly IReadOnlyList<string> Channels = ["whatsapp", "messenger", "x", "email", "voice"];

    private readonly Dictionary<string, Journal<OutboxItem>> _journals = Channels.ToDictionary(
        channel => channel, channel => new Journal<OutboxItem>(Path.Combine(folder, $"outbox-{channel}.jsonl")), StringComparer.Ordinal);

    internal OutboxItem Add(string channel, string id, string to, string kind, string? text, JsonNode body)
    {
        var item = new OutboxItem(id, to, kind, text, clock.GetUtcNow(), body);
        _journals[channel].Append(item);
        return item;
    }

    /// <summary>In order; everything without <paramref name="to"/>. Phones are compared by digits, other addresses as they are.</summary>
    internal IEnumerable<OutboxItem> List(string channel, string? to)
    {
        var all = _journals[channel].All();
        return string.IsNullOrWhiteSpace(to) ? all : all.Where(item => Same(channel, item.To, to));
    }

    private static bool Same(string channel, string one, string other)
    {
        var digits = Wire.Digits(other);
        return string.Equals(one, other.Trim(), StringComparison.OrdinalIgnoreCase)
            || (channel is "whatsapp" or "voice" && digits.Length > 0 && Wire.Digits(one) == digits);
    }
}
