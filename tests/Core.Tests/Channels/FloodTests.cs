using System.Globalization;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Core.Tests.Policies;

namespace Serverless940.Core.Tests.Channels;

public sealed class FloodTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_flood_is_answered_once_and_its_files_are_never_fetched()
    {
        var (state, _) = Write(null, 0, 40, s_start);

        var (after, results) = Write(state, 40, 60, s_start.AddSeconds(30));

        Assert.Equal("dialogue.flood", Assert.Single(results.SelectMany(result => result.Replies)).Template);
        Assert.All(results, result => Assert.Empty(result.Media));
        Assert.Equal(state.Draft, after.Draft);
    }

    [Fact]
    public void Danger_passes_through_a_flood()
    {
        var (state, _) = Write(null, 0, 60, s_start);
        var danger = Event("gas", s_start.AddSeconds(40)) with { Kind = InboundKind.Text, Media = null, Text = "يوجد تسرب للغاز في المبنى RAAA2919" };

        var result = Dialogue.Step(Channel.Messenger, state, danger, ExamplePolicy.Policy, s_start.AddMinutes(1));

        Assert.Single(result.Submissions);
    }

    [Fact]
    public void After_some_minutes_the_sender_is_heard_again()
    {
        var (state, _) = Write(null, 0, 60, s_start);

        var (_, results) = Write(state, 60, 1, s_start.AddMinutes(6));

        Assert.DoesNotContain(results.SelectMany(result => result.Replies), reply => reply.Template == "dialogue.flood");
    }

    [Fact]
    public void A_backlog_of_many_days_is_no_flood()
    {
        DialogueState? state = null;
        for (var day = 0; day < 60; day++)
        {
            var result = Dialogue.Step(Channel.Messenger, state, Event("late" + day, s_start.AddHours(day)), ExamplePolicy.Policy, s_start.AddDays(7));
            Assert.DoesNotContain(result.Replies, reply => reply.Template == "dialogue.flood");
            state = result.State;
        }
    }

    private static (DialogueState State, List<DialogueResult> Results) Write(DialogueState? state, int from, int count, DateTimeOffset at)
    {
        var results = new List<DialogueResult>();
        foreach (var number in Enumerable.Range(from, count))
        {
            var result = Dialogue.Step(Channel.Messenger, state, Event(number.ToString(CultureInfo.InvariantCulture), at), ExamplePolicy.Policy, at.AddMinutes(1));
            state = result.State;
            results.Add(result);
        }

        return (state!, results);
    }

    private static InboundEvent Event(string id, DateTimeOffset at) =>
        new("m-" + id, InboundKind.Media, at, at, Media: new InboundMedia("file-" + id, null, null, false));
}
