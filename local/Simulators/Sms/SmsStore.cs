namespace Serverless940.Local.Simulators.Sms;

/// <summary>A text message the provider took.</summary>
/// <param name="At">When, in business time.</param>
/// <param name="Tag">What the sender wants to see again in the delivery report.</param>
/// <param name="Repeatability">The request's repeatability pair, by which a repeated request is known.</param>
/// <param name="Report">Whether a delivery report was asked for.</param>
/// <param name="TakenAt">When, in real time: reports are given up a day later.</param>
internal sealed record StoredSms(
    string To, string From, string Text, int Segments, DateTimeOffset At, string MessageId, string? Tag,
    string? Repeatability, bool Report, DateTimeOffset TakenAt);

/// <summary>A message whose delivery report the app has answered for good.</summary>
internal sealed record SettledReport(string MessageId, int Status);

/// <summary>The messages sent so far and which of them were reported, kept in the data folder.</summary>
internal sealed class SmsStore(string folder, TimeProvider clock)
{
    private readonly Journal<StoredSms> _messages = new(
        Path.Combine(folder, "sms.jsonl"), static message => message.Repeatability is { } pair ? $"{pair};{message.To}" : null);
    private readonly Journal<SettledReport> _reports = new(Path.Combine(folder, "sms-reports.jsonl"));

    /// <summary>Keeps a message once, however often the same repeatability pair comes.</summary>
    internal (StoredSms Message, bool Added) Take(string from, string to, string text, string? tag, string? repeatability, bool report)
    {
        var now = clock.GetUtcNow();
        var id = $"Outgoing_{now.UtcDateTime:yyyyMMddHHmmss}{Guid.NewGuid():n}";
        return _messages.GetOrAdd(
            new(to, from, text, SmsSegments.Count(text), now, id, tag, repeatability, report, DateTimeOffset.UtcNow));
    }

    /// <summary>In the order they were sent; everything when <paramref name="to"/> is empty.</summary>
    internal IEnumerable<StoredSms> List(string? to)
    {
        var digits = Wire.Digits(to);
        return _messages.All().Where(message => digits.Length == 0 || Wire.Digits(message.To) == digits);
    }

    internal void Settle(string messageId, int status) => _reports.Append(new(messageId, status));

    /// <summary>What an earlier run took and could not report.</summary>
    internal IEnumerable<StoredSms> Unreported()
    {
        var settled = _reports.All().Select(report => report.MessageId).ToHashSet(StringComparer.Ordinal);
        return _messages.All().Where(message =>
            message.Report && !settled.Contains(message.MessageId) && DateTimeOffset.UtcNow - message.TakenAt < TimeSpan.FromDays(1));
    }
}
