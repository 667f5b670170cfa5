using Serverless940.Core.Messages;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Channels;

/// <summary>How much a sender has written lately.</summary>
/// <param name="Since">When the first message of this count was sent.</param>
/// <param name="Told">Whether the sender was told that it is too much.</param>
public sealed record FloodCount(DateTimeOffset Since, int Count, bool Told);

/// <summary>
/// Holds a flood (إغراق) back: beyond so many messages within minutes the rest of one sender is answered once and dropped,
/// before any file is fetched. A message that names a danger always passes.
/// </summary>
internal static class Flood
{
    /// <summary>
    /// Messages that one sender may write within so long: several reports with all their photos. Nobody has proven the
    /// sender of an e-mail, so the answers may flood somebody else.
    /// </summary>
    public static (int Most, TimeSpan Within) Limit(Channel channel) =>
        channel == Channel.Email ? (12, TimeSpan.FromHours(1)) : (40, TimeSpan.FromMinutes(5));

    /// <summary>Counts an event.</summary>
    /// <param name="at">When it was sent.</param>
    /// <returns>The count with it, and whether the event is dropped.</returns>
    public static (FloodCount Count, bool Dropped) Take(Channel channel, FloodCount? before, InboundEvent e, DateTimeOffset at, Policy policy)
    {
        var (most, within) = Limit(channel);
        // What arrives late, out of its order, still belongs to the same minutes.
        var count = before is null || at - before.Since > within ? new FloodCount(at, 1, false) : before with { Count = before.Count + 1 };
        return (count, count.Count > most && !Endangers(e.Text, policy));
    }

    private static bool Endangers(string? text, Policy policy)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        var said = Words.Fold(text).SelectMany(Forms).ToHashSet(StringComparer.Ordinal);
        return policy.Categories.Values.SelectMany(category => category.Terms)
            .Any(term => term.Hazard && Words.Fold(term.Text).All(said.Contains));
    }

    // With and without the article and the small words that Arabic writes onto a word.
    private static IEnumerable<string> Forms(string word)
    {
        yield return word;
        foreach (var prefix in (string[])["وال", "بال", "فال", "كال", "ال", "لل", "و", "ب", "ف", "ل"])
        {
            if (word.Length > prefix.Length + 1 && word.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return word[prefix.Length..];
            }
        }
    }
}
