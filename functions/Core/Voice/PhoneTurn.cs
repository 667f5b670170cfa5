using System.Globalization;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;

namespace Serverless940.Core.Voice;

/// <summary>One step of a call while it is taken.</summary>
internal sealed partial class PhoneTurn(
    CallState state, CallInput input, string? phone, Report? report, IReadOnlyList<string> languages, Policy policy, DateTimeOffset now)
{
    private const string MainMenu = "*";

    private readonly List<Prompt> _prompts = [];
    private CallState _state = state;
    private CallSaid? _said;
    private CallWait? _wait;

    public CallTurn Begin(CallStep step)
    {
        if (step == CallStep.Menu)
        {
            Say("welcome");
        }

        Go(step);
        return Turn();
    }

    public CallTurn Take()
    {
        _state = _state with { Sequence = _state.Sequence + 1, Held = null, Tries = 0 };
        if (input.Keys == MainMenu && GoesToMenu(_state.Step))
        {
            Go(CallStep.Menu);
            return Turn();
        }

        switch (_state.Step)
        {
            case CallStep.Language:
                HearLanguage();
                break;
            case CallStep.Menu:
                HearMenu();
                break;
            case CallStep.Information:
                HearInformation();
                break;
            case CallStep.Transferred:
                HearTransferred();
                break;
            case CallStep.News:
                HearNews();
                break;
            case CallStep.Category or CallStep.Place or CallStep.NationalAddress or CallStep.Plate or CallStep.ConfirmPlace or CallStep.Description
                or CallStep.Submitted:
                HearReport();
                break;
            default:
                HearAboutReport();
                break;
        }

        return Turn();
    }

    private CallTurn Turn() => new(_state, _prompts, _wait ?? new CallWait.HangUp(), _said);

    private static bool GoesToMenu(CallStep step) =>
        step is not (CallStep.Language or CallStep.NationalAddress or CallStep.StatusNumber or CallStep.FollowUpNumber or CallStep.RateNumber
            or CallStep.Description or CallStep.Complaint or CallStep.Transferred);

    private void HearLanguage()
    {
        if (Key() is { } key && key >= 1 && key <= languages.Count)
        {
            _state = _state with { Language = languages[key - 1] };
            if (phone is not null)
            {
                Keep();
            }

            Say("welcome");
            Go(CallStep.Menu);
            return;
        }

        Again();
    }

    private void HearMenu()
    {
        switch (Key())
        {
            case 1:
                _state = _state with { Draft = null };
                Go(CallStep.Category);
                break;
            case 2:
                Go(CallStep.StatusNumber);
                break;
            case 3:
                Go(CallStep.FollowUpNumber);
                break;
            case 4:
                Go(CallStep.RateNumber);
                break;
            case 5 when policy.Information.Count > 0:
                Go(CallStep.Information);
                break;
            case 8 when phone is not null:
                _state = _state with { ByVoice = !_state.ByVoice };
                Keep();
                Say(_state.ByVoice ? "news.byVoice" : "news.byText");
                Go(CallStep.Menu);
                break;
            case 9 when languages.Count > 1:
                Go(CallStep.Language);
                break;
            case 0:
                ToAgent();
                break;
            default:
                Again();
                break;
        }
    }

    private void HearInformation()
    {
        if (Key() is { } key && policy.Information.FirstOrDefault(topic => topic.KeypadDigit == key) is { } topic)
        {
            _prompts.Add(new Prompt.Words("topic." + topic.Id, topic.Text.In(_state.Language)));
            Go(CallStep.Information);
            return;
        }

        Again();
    }

    private void HearTransferred()
    {
        if (input.Dialled is "completed" or "answered")
        {
            Keep(end: CallEnd.HandedOver);
            _wait = new CallWait.HangUp();
            return;
        }

        Say("agent.busy");
        Go(CallStep.Menu);
    }

    /// <summary>To an agent in working hours; outside of them says so and goes on with the menu.</summary>
    private void ToAgent()
    {
        if (AgentOnDuty() is { } agent)
        {
            Say("agent.wait");
            _state = _state with { Step = CallStep.Transferred, Failures = 0 };
            _wait = new CallWait.Agent(agent);
            return;
        }

        Say("agent.closed");
        Go(CallStep.Menu);
    }

    private string? AgentOnDuty() =>
        policy.Phone is { } rules && policy.Calendars[rules.AgentCalendar].IsOpen(now) ? rules.AgentPhone : null;

    /// <summary>Silence or a wrong key: the question again, and after some times the way out, with nothing lost.</summary>
    private void Again(string? word = null)
    {
        var failures = _state.Failures + 1;
        if (failures < PhoneTree.Patience)
        {
            Say(word ?? (input.IsSilence ? "again.silence" : "again.wrong"));
            Go(_state.Step);
            _state = _state with { Failures = failures };
            return;
        }

        if (_state.Draft is { } draft && Submit(draft))
        {
            Say("submitted.number");
            Spell(draft.Number);
            SayGoodbye();
        }
        else if (AgentOnDuty() is not null)
        {
            ToAgent();
        }
        else
        {
            SayGoodbye();
        }
    }

    private void SayGoodbye()
    {
        Say("goodbye");
        _wait = new CallWait.HangUp();
    }

    /// <summary>Asks the question of a step.</summary>
    private void Go(CallStep step)
    {
        _state = _state with { Step = step, Failures = 0 };
        Ask(step);
    }

    private void Keep(
        SubmitReport? submit = null, FollowUp? followUp = null, Rate? rate = null, FetchMedia? recording = null, CallEnd end = CallEnd.GoesOn) =>
        _said = new CallSaid(
            _state.Call, _state.Sequence, phone, _state.Language, _state.ByVoice, _state.Draft, submit, followUp, rate, recording, end, now);

    /// <summary>The one key that was pressed.</summary>
    private int? Key() => input.Keys is [var key] && char.IsAsciiDigit(key) ? key - '0' : null;

    private void Say(string clip) => _prompts.Add(new Prompt.Clip(clip));

    private void Spell(string text) => _prompts.Add(new Prompt.Spelled(text));

    /// <summary>«… press n».</summary>
    private void Offer(string clip, int key)
    {
        Say(clip);
        Press(key);
    }

    private void Press(int key, string? language = null) =>
        _prompts.Add(new Prompt.Clip("press." + key.ToString(CultureInfo.InvariantCulture), language));

    private void WaitForKey() => _wait = new CallWait.Keys(1);
}
