using System.Globalization;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;

namespace Serverless940.Core.Channels;

/// <summary>
/// The conversation of every channel that writes (الحوار): takes text, files and places in any order, asks only for what
/// is missing, and hands over when it does not understand. Pure: the same events make the same report.
/// </summary>
public static class Dialogue
{
    /// <summary>An unfinished report older than this is not continued.</summary>
    public static TimeSpan DraftLife { get; } = TimeSpan.FromHours(24);

    /// <summary>How long after a report its sender's photos and voice notes still belong to it.</summary>
    public static TimeSpan AttachWithin { get; } = TimeSpan.FromHours(1);

    /// <summary>Messages in a row that lead nowhere, before a person is offered.</summary>
    public const int Patience = 2;

    /// <summary>Id of the choice that begins a conversation, where a channel has a button for it.</summary>
    public const string Start = "start";

    /// <summary>One event. A known event id changes nothing.</summary>
    /// <param name="channel">Part of the report's source identity.</param>
    /// <param name="state">The conversation so far, or <see langword="null"/>.</param>
    public static DialogueResult Step(Channel channel, DialogueState? state, InboundEvent e, Policy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(e);
        ArgumentNullException.ThrowIfNull(policy);
        state ??= new DialogueState();
        if (state.Seen.Contains(e.EventId))
        {
            return new DialogueResult(state, [], [], []);
        }

        return new Turn(channel, state, e, policy, now).Take();
    }

    /// <summary>
    /// Events in the order in which they were sent. Of the questions on the way only the last is asked, and none when the
    /// report was complete in the end.
    /// </summary>
    public static DialogueResult Run(Channel channel, DialogueState? state, IEnumerable<InboundEvent> events, Policy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(events);
        var current = state ?? new DialogueState();
        var replies = new List<Reply>();
        var submissions = new List<Submission>();
        var media = new List<MediaOfReport>();
        var words = new List<WordOnSimilar>();
        foreach (var e in events)
        {
            var step = Step(channel, current, e, policy, now);
            current = step.State;
            if (step.Submissions.Count > 0 || step.Replies.Any(reply => reply.IsQuestion))
            {
                replies.RemoveAll(reply => reply.IsQuestion);
            }

            replies.AddRange(step.Replies.Where(reply => !replies.Any(earlier => Says(earlier, reply))));
            submissions.AddRange(step.Submissions);
            media.AddRange(step.Media);
            words.AddRange(step.Words);
        }

        return new DialogueResult(current, replies, submissions, media) { Words = words };
    }

    /// <summary>Adds to what was said that a report like the one just sent on is known already, and asks whether it is the same thing.</summary>
    /// <param name="other">Its number; the citizen never sees it.</param>
    /// <param name="what">Its category, in the citizen's language.</param>
    public static DialogueResult WithSimilar(DialogueResult result, string other, string what, double metres)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.State.Last is not { } last || result.Submissions.Count == 0)
        {
            return result;
        }

        var similar = new SimilarReport(last.Number, last.SourceHash, other, last.At);
        var reply = new Reply(
            result.State.Seen[^1], "dialogue.similar",
            new Dictionary<string, string> { ["category"] = what, ["metres"] = Math.Round(metres).ToString(CultureInfo.InvariantCulture) },
            Buttons: [new ReplyButton(Turn.Same + Turn.Nonce(similar), "dialogue.button.same"), new ReplyButton(Turn.Different + Turn.Nonce(similar), "dialogue.button.different")]);
        return result with { State = result.State with { Similar = similar }, Replies = [.. result.Replies, reply] };
    }

    private static bool Says(Reply one, Reply other) =>
        one.Template == other.Template && one.Values.Count == other.Values.Count
        && one.Values.All(pair => other.Values.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
