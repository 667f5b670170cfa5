using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Core.Voice;
using Serverless940.Functions.Platform;
using Serverless940.Functions.Platform.Bus;
using Serverless940.Functions.Platform.Reports;
using Serverless940.Functions.Platform.Settings;
using Serverless940.Functions.Platform.Telemetry;

namespace Serverless940.Functions.Channels.Voice;

/// <summary>
/// Takes the steps of calls. Where a call is stands in the address of its next step; what was said is on the bus before the
/// caller hears the answer. When it cannot be kept, the caller is asked for a moment and the step is taken again with the
/// same keys. Operations: <c>answer</c> one read, <c>go</c> at most one read and one send, <c>news</c> one read at most,
/// <c>ended</c> one send, and one more for a call of ours.
/// </summary>
public sealed partial class VoiceCalls(
    CallStore store, VoiceAddresses addresses, Conversations conversations, BusSender bus, IReportFinder reports, VoiceSettings settings, Policy policy,
    TimeProvider time, ILogger<VoiceCalls> logger)
{
    private const int MostTries = 5;
    private const int SecondsBetweenTries = 3;

    private readonly IReadOnlyList<string> _languages = settings.Speech.Languages;

    public async Task<IResult> AnswerAsync(VoiceRequest call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Say(PhoneTree.Answer(call.Call, call.Phone, await RememberAsync(call.Phone, cancellationToken), _languages, policy, time.GetUtcNow()));
    }

    public async Task<IResult> GoAsync(VoiceRequest call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (addresses.ReadState(call.Call, call.Sealed) is not { } state)
        {
            // The key was exchanged during the call, or the address is another call's: from the beginning.
            return await AnswerAsync(call, cancellationToken);
        }

        var input = state.Held ?? call.Input;
        try
        {
            var number = PhoneTree.NumberNeeded(state, input);
            var report = number is null ? null : await reports.FindAsync(number, cancellationToken);
            var turn = PhoneTree.Step(state, input, call.Phone, report, _languages, policy, time.GetUtcNow());
            if (turn.Said is { } said)
            {
                await bus.SendAsync(Message(said), cancellationToken);
                ChannelMetrics.Received(Channel.Phone, "accepted");
            }

            return Say(turn);
        }
        catch (Exception exception) when (Failures.IsTransient(exception) && !cancellationToken.IsCancellationRequested)
        {
            LogCannotKeep(exception.GetType().Name);
            return Later(state with { Held = input, Tries = state.Tries + 1 });
        }
    }

    public async Task<IResult> NewsAsync(VoiceRequest call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (addresses.ReadNews(call.Citizen, call.Sealed) is not { } news)
        {
            return await AnswerAsync(call, cancellationToken);
        }

        // Only a closing is followed by questions.
        var report = news.Template == "closed" ? await FindAsync(news.Number, cancellationToken) : null;
        return Say(PhoneTree.Tell(call.Call, call.Phone, news, report, _languages, policy, time.GetUtcNow()));
    }

    public async Task<IResult> EndedAsync(VoiceRequest call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Status is not ("completed" or "busy" or "no-answer" or "failed" or "canceled"))
        {
            return Results.Ok();
        }

        var now = time.GetUtcNow();
        await bus.SendAsync(Message(Over(call.Call, call.Phone, now)), cancellationToken);
        if (addresses.ReadTag(call.Citizen, call.Sealed) is { } tag)
        {
            var state = call.Status == "completed" ? DeliveryState.Delivered : DeliveryState.Failed;
            await bus.SendAsync(Conversations.Receipt(new DeliveryReport(Medium.Voice, tag, call.Call, state, call.Status, now), call.Call), cancellationToken);
        }

        return Results.Ok();
    }

    /// <summary>The word that a call is over.</summary>
    internal static CallSaid Over(string call, string? phone, DateTimeOffset now) =>
        new(call, int.MaxValue, phone, "ar", null, null, null, null, null, null, CallEnd.Over, now);

    private OutgoingMessage Message(CallSaid said)
    {
        var session = conversations.Key(Channel.Phone, said.Call);
        var id = said.End == CallEnd.Over ? session + "-over" : FormattableString.Invariant($"{session}-{said.Sequence}");
        return new OutgoingMessage(Names.Queues.Inbound, id, session, said);
    }

    private IResult Say(CallTurn turn) =>
        Results.Text(Twiml.Write(turn.Prompts, turn.Wait, turn.State.Language, settings.Speech, addresses.Next(turn.State)), Twiml.ContentType);

    private IResult Later(CallState state) => Results.Text(
        state.Tries < MostTries
            ? Twiml.Wait([new Prompt.Clip("sorry.wait")], SecondsBetweenTries, state.Language, settings.Speech, addresses.Next(state))
            : Twiml.Write([new Prompt.Clip("sorry.later")], new CallWait.HangUp(), state.Language, settings.Speech, addresses.Next(state)),
        Twiml.ContentType);

    // A caller is served without his memory, too, and the survey waits for another day.
    private async Task<CallerProfile?> RememberAsync(string? phone, CancellationToken cancellationToken)
    {
        try
        {
            return phone is null ? null : await store.FindCallerAsync(phone, cancellationToken);
        }
        catch (Exception exception) when (Failures.IsTransient(exception) && !cancellationToken.IsCancellationRequested)
        {
            LogCannotKeep(exception.GetType().Name);
            return null;
        }
    }

    private async Task<Report?> FindAsync(string number, CancellationToken cancellationToken)
    {
        try
        {
            return await reports.FindAsync(number, cancellationToken);
        }
        catch (Exception exception) when (Failures.IsTransient(exception) && !cancellationToken.IsCancellationRequested)
        {
            LogCannotKeep(exception.GetType().Name);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A telephone step goes on without its storage after {Failure}")]
    private partial void LogCannotKeep(string failure);
}
