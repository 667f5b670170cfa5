using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;

namespace Serverless940.Core.Voice;

/// <summary>What the telephone does after a step.</summary>
/// <param name="Said">What is to be kept or ordered before the answer goes out; <see langword="null"/> when nothing is.</param>
public sealed record CallTurn(CallState State, IReadOnlyList<Prompt> Prompts, CallWait Wait, CallSaid? Said);

/// <summary>
/// The phone tree (الرد الآلي): what a caller hears and what a key means, day and night, by keys and voice alone. Calls
/// that come in and calls that the centre makes walk the same steps. Pure: the same keys make the same report.
/// </summary>
public static class PhoneTree
{
    /// <summary>Silences or wrong keys in a row, after which the telephone lets go.</summary>
    public const int Patience = 3;

    /// <summary>Longest voice note, seconds.</summary>
    public const int LongestVoice = 120;

    /// <summary>The first words to somebody who calls.</summary>
    /// <param name="languages">Languages that can be said, in the order of their keys.</param>
    public static CallTurn Answer(string call, string? phone, CallerProfile? caller, IReadOnlyList<string> languages, Policy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(languages);
        var known = caller?.Language is { } language && languages.Contains(language) ? language : null;
        var state = new CallState
        {
            Call = call,
            Language = known ?? languages[0],
            ByVoice = caller?.ByVoice ?? false,
            LastPlace = caller?.LastPlace,
            LastNumber = caller?.LastNumber,
        };
        return new PhoneTurn(state, new CallInput(), phone, null, languages, policy, now).Begin(known is null ? CallStep.Language : CallStep.Menu);
    }

    /// <summary>The first words of a call that the centre makes.</summary>
    /// <param name="report">The report, when the news is its closing: then the survey follows.</param>
    public static CallTurn Tell(
        string call, string? phone, CallNews news, Report? report, IReadOnlyList<string> languages, Policy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(news);
        ArgumentNullException.ThrowIfNull(languages);
        var state = new CallState { Call = call, Language = languages.Contains(news.Language) ? news.Language : languages[0], News = news };
        return new PhoneTurn(state, new CallInput(), phone, report, languages, policy, now).BeginNews();
    }

    /// <summary>The number of a report that has to be known before the step can be taken.</summary>
    public static string? NumberNeeded(CallState state, CallInput input)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(input);
        if (state.Step is not (CallStep.StatusNumber or CallStep.FollowUpNumber or CallStep.RateNumber))
        {
            return null;
        }

        var keyed = input.Keys == "*" ? state.LastNumber : input.Keys;
        return ReportNumber.IsValid(keyed) ? keyed : null;
    }

    /// <summary>One step.</summary>
    /// <param name="phone">The caller's number in E.164, when shown.</param>
    /// <param name="report">The report of <see cref="NumberNeeded"/>, when there is one.</param>
    public static CallTurn Step(
        CallState state, CallInput input, string? phone, Report? report, IReadOnlyList<string> languages, Policy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(input);
        return new PhoneTurn(state, input, phone, report, languages, policy, now).Take();
    }
}
